import { addJob, appendEvent, commitIfOk, inTransaction, reader, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { findItem, keysForPaper, versionIdOf, type AuthoredItem } from '~/itembank';
import { minutes } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import { effectOf, seenFigures, type Effect } from './correction';
import {
  correctionList, correctionsOfItem, decideCorrection, findCorrection, insertCorrection, markApplied, markedAttempts, markedOn, unapplied, type CorrectionState, type KeyCorrection,
} from './correction.repository';
import type { Correction, CorrectionKind } from './mark';
import { regradeAttempt } from './regrade.service';

export interface CorrectionDraft {
  /** Given by the page, so that a form sent twice asks once. */
  id: string;
  itemId: string;
  /** The version that was asked and marked. */
  version: number;
  kind: CorrectionKind;
  favourable: boolean;
  reason: string;
}

/** Everything that a draft would do, for whoever writes it. */
export async function previewCorrection(actor: Actor, draft: Omit<CorrectionDraft, 'id' | 'reason'>): Promise<Result<Effect>> {
  authorise(actor, 'write items');
  const drafted = await correctionFor(reader(), draft);
  return drafted.ok ? ok(await effect(reader(), drafted.value.itemVersionId, drafted.value)) : drafted;
}

/** Asks for a correction; nothing changes until somebody else approves it. */
export function askCorrection(actor: Actor, draft: CorrectionDraft): Promise<Result<string>> {
  authorise(actor, 'write items');
  return commitIfOk(async (tx): Promise<Result<string>> => {
    if (await findCorrection(tx, draft.id)) return ok(draft.id);
    const drafted = await correctionFor(tx, draft);
    if (!drafted.ok) return drafted;
    if (!await insertCorrection(tx, { ...drafted.value, id: draft.id, reason: draft.reason, askedBy: actor.by })) return err('correction.waiting');
    await tell(tx, actor, 'key-correction.asked', draft.id, { itemVersionId: drafted.value.itemVersionId, kind: draft.kind, favourable: draft.favourable });
    return ok(draft.id);
  });
}

/** For `key`, the item's current version says what is right; its options must be those that were asked. */
async function correctionFor(from: Reader, { itemId, version, kind, favourable }: Omit<CorrectionDraft, 'id' | 'reason'>): Promise<Result<Correction & { itemVersionId: string }>> {
  const asked = await findItem(from, itemId, version);
  const itemVersionId = await versionIdOf(from, itemId, version);
  if (!asked || itemVersionId === null) return err('not-found');
  if (kind !== 'key') return ok({ itemVersionId, kind, key: null, favourable: true });
  const current = await findItem(from, itemId);
  if (!current || current.version === asked.version || JSON.stringify(current.key) === JSON.stringify(asked.key)) return err('correction.same-key', undefined, 'kind');
  if (shape(current) !== shape(asked)) return err('correction.other-options', undefined, 'kind');
  return ok({ itemVersionId, kind, key: current.key, favourable });
}

/** Type and letters: a key of one version reads in another only when these agree. */
function shape({ body }: AuthoredItem): string {
  const letters = body.type === 'match' ? [Object.keys(body.left).sort(), Object.keys(body.right).sort()] : 'options' in body ? Object.keys(body.options).sort() : [];
  return JSON.stringify([body.type, letters]);
}

async function effect(from: Reader, itemVersionId: string, correction: Correction): Promise<Effect> {
  const keyed = (await keysForPaper(from, [itemVersionId])).get(itemVersionId);
  if (!keyed) throw new Error(`no key for item version ${itemVersionId}`);
  return effectOf(keyed, correction, await markedAttempts(from, itemVersionId));
}

/** The corrections of an item, for its author. */
export function correctionsFor(actor: Actor, itemId: string): Promise<KeyCorrection[]> {
  authorise(actor, 'see items');
  return correctionsOfItem(reader(), itemId);
}

export function correctionsToDecide(actor: Actor): Promise<KeyCorrection[]> {
  authorise(actor, 'decide on key corrections');
  return correctionList(reader());
}

export interface CorrectionPage {
  correction: KeyCorrection;
  item: AuthoredItem;
  /** What it would do to results as they are now; after it was applied, nothing is left to do. */
  effect: Effect;
  /** To be handed back with the decision. */
  seen: string;
  mayDecide: boolean;
}

/** A correction with all that it would change, for whoever decides. */
export async function openCorrection(actor: Actor, id: string): Promise<Result<CorrectionPage>> {
  authorise(actor, 'decide on key corrections');
  const correction = await findCorrection(reader(), id);
  const item = correction && await findItem(reader(), correction.itemId, correction.itemVersion);
  if (!correction || !item) return err('not-found');
  const found = await effect(reader(), correction.itemVersionId, correction);
  return ok({ correction, item, effect: found, seen: seenFigures(found), mayDecide: correction.state === 'asked' && correction.askedBy !== actor.by });
}

export interface CorrectionDecision {
  state: Exclude<CorrectionState, 'asked' | 'withdrawn'>;
  reason: string;
  version: number;
  seen: string;
}

/** Decides on what another person asked. Approved, every result is marked again by a job; new results are marked so from now on. */
export async function decideOnCorrection(actor: Actor, id: string, { state, reason, version, seen }: CorrectionDecision): Promise<Result<null>> {
  const page = await openCorrection(actor, id);
  if (!page.ok) return page;
  if (page.value.correction.askedBy === actor.by) return err('correction.own');
  if (state === 'approved' && page.value.seen !== seen) return err('correction.other-figures');
  return commitIfOk(async (tx): Promise<Result<null>> => {
    if (await decideCorrection(tx, id, version, { state, by: actor.by, reason }) === 0) return err('conflict.changed');
    await tell(tx, actor, `key-correction.${state}`, id, { itemVersionId: page.value.correction.itemVersionId, seen });
    if (state === 'approved') await runBothTimes(tx, id);
    return ok(null);
  });
}

/** Takes back what one asked oneself and nobody has decided. */
export function withdrawCorrection(actor: Actor, id: string, version: number): Promise<Result<null>> {
  authorise(actor, 'write items');
  return commitIfOk(async (tx): Promise<Result<null>> => {
    const correction = await findCorrection(tx, id);
    if (!correction || correction.askedBy !== actor.by) return err('not-found');
    if (await decideCorrection(tx, id, version, { state: 'withdrawn', by: actor.by, reason: '' }) === 0) return err('conflict.changed');
    await tell(tx, actor, 'key-correction.withdrawn', id, {});
    return ok(null);
  });
}

/** Once now, and once for what was being graded by the old key at this very moment. */
async function runBothTimes(tx: Tx, correctionId: string): Promise<void> {
  await addJob(tx, 'marking.correct', { correctionId });
  await addJob(tx, 'marking.correct', { correctionId }, tx.now + minutes(5));
}

const STEP = 200;

/**
 * Marks every result again that an approved correction touches. May be stopped anywhere and run again; one attempt
 * that cannot be marked stops no other.
 * @throws when some could not be marked, so that the job is tried again
 */
export async function applyCorrection(correctionId: string): Promise<void> {
  const correction = await findCorrection(reader(), correctionId);
  if (correction?.state !== 'approved') return;
  let failed = 0;
  for (let after = '', full = true; full;) {
    const step = await markedOn(reader(), correction.itemVersionId, after, STEP);
    for (const attemptId of step) if (!await corrected(attemptId, correctionId)) failed += 1;
    after = step.at(-1) ?? after;
    full = step.length === STEP;
  }
  if (failed > 0) throw new Error(`${failed} attempts could not be marked again for correction ${correctionId}`);
  await inTransaction((tx) => markApplied(tx, correctionId));
}

async function corrected(attemptId: string, correctionId: string): Promise<boolean> {
  try {
    await regradeAttempt(attemptId, correctionId);
    return true;
  } catch (error) {
    log().error({ attemptId, correctionId, err: error }, 'an attempt could not be marked again');
    return false;
  }
}

/** Finishes corrections whose jobs were lost. */
export async function sweepCorrections(): Promise<void> {
  for (const { id } of await unapplied(reader())) await applyCorrection(id);
}

const tell = (tx: Tx, actor: Actor, kind: string, id: string, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'key-correction', id }, by: actor.by, cause: 'marking', body });
