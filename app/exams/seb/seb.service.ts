import { timingSafeEqual } from 'node:crypto';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, can, type Actor } from '~/identity';
import { config, publicUrl } from '~/kernel/config';
import { ProblemError, err, ok, type Result } from '~/kernel/result';
import { keyedHash } from '~/kernel/secrets';
import { findAttempt } from '../attempt.repository';
import { configKey } from './config-key';
import { plist, type SebDict } from './plist';
import { proves, readExamKeys, sebProofOf as proofOf, type SebProof } from './proof';
import { findSittingWithSeb, hasPlaceIn, runningAttemptIn, setExamKeys, type SittingWithSeb } from './seb.repository';
import { sebSettings, type SebSitting } from './settings';

/**
 * The password with which an invigilator quits the browser on a candidate's machine. Every sitting has its own; it is
 * long, because its unsalted hash stands in a file that every candidate gets.
 */
export const quitPassword = ({ id, sebSalt }: SebSitting): string =>
  [0, 5, 10].map((from) => keyedHash(`seb-quit ${id} ${sebSalt}`).slice(from, from + 5)).join('-');

/** With it the browser, which is not signed in yet, may fetch the sitting's file. */
const fileToken = ({ id, sebSalt }: SebSitting): string => keyedHash(`seb-file ${id} ${sebSalt}`).slice(0, 32);

const settingsOf = (sitting: SebSitting): SebDict => sebSettings(sitting, publicUrl(), quitPassword(sitting));

/** Few sittings are held at once; computing a key again costs a hash. */
const keys = new Map<string, string>();
const MOST_KEYS = 500;

/** The Config Key of a sitting's file: what the browser must prove to have. */
export function sebConfigKey(sitting: SebSitting): string {
  const name = [sitting.id, sitting.sebSalt, publicUrl()].join(' ');
  const known = keys.get(name);
  if (known !== undefined) return known;
  if (keys.size >= MOST_KEYS) keys.clear();
  const key = configKey(settingsOf(sitting));
  keys.set(name, key);
  return key;
}

/** What a request says about Safe Exam Browser, or null. `url` is the address asked for, as the server sees it. */
export const sebProofOf = (headers: { get(name: string): string | null | undefined }, url: string): SebProof | null =>
  proofOf(headers, url, publicUrl());

/** Whether the request came from the browser that the sitting asks for. A sitting that asks for none lets everybody pass. */
export const sebPasses = (sitting: SebSitting & { seb: 'off' | 'required'; sebKeys: string[] }, proof: SebProof | null): boolean =>
  sitting.seb === 'off' || proves(proof, sebConfigKey(sitting), sitting.sebKeys);

export interface SebLinks {
  /** Saves the file. */
  download: string;
  /** Opens the browser with it: `seb://` or, under HTTPS, `sebs://`. */
  open: string;
}

/** How a candidate gets the browser started with the sitting's file. */
export function sebLinks(sitting: SebSitting): SebLinks {
  const path = `/sittings/${sitting.id}/shanggang.seb?k=${fileToken(sitting)}`;
  return { download: path, open: `${publicUrl().replace(/^http/, 'seb')}${path}` };
}

/**
 * The `.seb` file of a sitting, for whoever has the link that candidates are given, and for those who have a place in
 * it or plan it.
 * @throws ProblemError for anybody else
 */
export async function sebFile(actor: Actor | null, sittingId: string, token: string): Promise<Result<string>> {
  const sitting = await findSittingWithSeb(reader(), sittingId);
  if (sitting && matches(token, fileToken(sitting))) authorise(actor, 'use public pages');
  else {
    authorise(actor, 'see own home');
    if (!sitting || !actor || !(await concerns(actor, sitting))) throw new ProblemError({ code: 'access.denied' });
  }
  return ok(plist(settingsOf(sitting)));
}

const matches = (given: string, wanted: string): boolean =>
  given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));

const concerns = async (actor: Actor, sitting: SittingWithSeb): Promise<boolean> =>
  can(actor, 'see sittings') || (actor.personId !== null && hasPlaceIn(reader(), sitting.id, actor.personId));

/** Where the browser begins, and gets back to: the attempt that runs, or else the exam's page. */
export async function sebStart(actor: Actor, sittingId: string): Promise<Result<string>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const sitting = await findSittingWithSeb(reader(), sittingId);
  if (!sitting) return err('not-found');
  const running = await runningAttemptIn(reader(), sittingId, actor.personId ?? '');
  return ok(running ? `/attempts/${running}` : `/exams/${sitting.examSlug}`);
}

/** What a candidate is told who needs the browser and does not come with it, and how to leave it after the exam. */
export async function sebHelp(actor: Actor, attemptId: string): Promise<Result<{ links: SebLinks | null; quit: string | null }>> {
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt) return err('not-found');
  authorise(actor, 'take an exam', { personId: attempt.personId });
  const sitting = attempt.sittingId === null ? null : await findSittingWithSeb(reader(), attempt.sittingId);
  // The link must be the very address in the file, or the browser does not know it.
  return ok(sitting?.seb === 'required' ? { links: sebLinks(sitting), quit: `${publicUrl()}/sittings/${sitting.id}/seb-end` } : { links: null, quit: null });
}

export interface SebPage {
  sitting: SittingWithSeb;
  configKey: string;
  quitPassword: string;
  links: SebLinks;
  /** The keys that count may be changed by this reader. */
  mayChange: boolean;
  /** Without it the addresses in the file are those of this machine. */
  publicUrlSet: boolean;
}

/** What invigilators and planners must know of a sitting's browser. `maySee` says whether the sitting is theirs. */
export async function sebPage(actor: Actor, sittingId: string, maySee: boolean): Promise<Result<SebPage>> {
  authorise(actor, 'see sittings');
  const sitting = await findSittingWithSeb(reader(), sittingId);
  if (!sitting || !maySee) return err('not-found');
  return ok({
    sitting, configKey: sebConfigKey(sitting), quitPassword: quitPassword(sitting), links: sebLinks(sitting),
    mayChange: can(actor, 'plan sittings', { organisationPath: sitting.organisationPath }), publicUrlSet: config().PUBLIC_URL !== undefined,
  });
}

/** Names the browser exam keys that count; none: the configuration alone suffices. `version` is that of the page shown. */
export async function changeExamKeys(actor: Actor, sittingId: string, version: number, text: string): Promise<Result<null>> {
  const sitting = await findSittingWithSeb(reader(), sittingId);
  if (!sitting) return err('not-found');
  authorise(actor, 'plan sittings', { organisationPath: sitting.organisationPath });
  const wanted = readExamKeys(text);
  if (!wanted) return err('seb.key-form', {}, 'keys');
  return inTransaction(async (tx) => {
    if ((await setExamKeys(tx, sittingId, version, wanted)) === 0) return err('conflict.changed');
    await appendEvent(tx, { kind: 'sitting.seb-keys-set', subject: { kind: 'sitting', id: sittingId }, by: actor.by, body: { count: wanted.length } });
    return ok(null);
  });
}
