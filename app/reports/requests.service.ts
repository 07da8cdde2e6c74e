import type { Readable } from 'node:stream';
import { addJob, addJobs, appendEvent, commitIfOk, inTransaction, reader, type By, type Tx } from '~/db';
import { actorOfAccount, authorise, can, covers, outermost, type Actor } from '~/identity';
import { clock, days, minutes, seconds, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { removeFile, removeUnfinished, streamFile } from '~/kernel/files';
import { log } from '~/kernel/log';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { textFor, type Lang } from '~/text';
import { writeReport } from './files/write.service';
import { reportReach } from './reach';
import type { Format, ReportQuery } from './report';
import {
  claim, countDownload, expiredFiles, findRequest, forgetRequests, forgotten, insertRequest, markAgain, markCancelled, markDone, markFailed, markRemoved, markStumbled, nextWaiting,
  noteProgress, openRequests, type ReportRequest,
} from './requests.repository';
import { dayOf, prepare } from './rows/rows.service';

const JOB = 'reports.make';
const FOLDER = 'reports';
const BY: By = 'system:reports';

/** Reports made at once, by all processes together: exams and everything else need the database as well. */
const AT_ONCE = 2;
/** Whoever makes a report says so every two seconds; not heard of for so long, it is dead. */
const STALE = minutes(2);
const BEAT = seconds(2);
/** Tried so often; then its owner is told. */
const MOST_TRIES = 5;
/** Nobody needs more at a time. */
const MOST_OPEN = 20;

export interface Wish {
  name: string;
  query: ReportQuery;
  format: Format;
  lang: Lang;
  keepDays: number;
  savedReportId?: string | null;
}

/** Asks for a report; it is made in the background. @returns the request's id */
export async function askReport(actor: Actor, wish: Wish): Promise<Result<string>> {
  authorise(actor, 'see reports');
  const possible = await prepare(reader(), wish.query, reportReach(actor), clock.now());
  if (!possible.ok) return possible;
  return commitIfOk(async (tx) => {
    if (await openRequests(tx, actor.accountId) >= MOST_OPEN) return err('rate.limited');
    const id = await insertRequest(tx, { accountId: actor.accountId, ...wish });
    if (id === null) return err('conflict.changed');
    await tell(tx, 'report.asked', id, actor.by, { kind: wish.query.kind, layout: wish.query.layout, format: wish.format });
    await addJob(tx, JOB, { requestId: id });
    return ok(id);
  });
}

const tell = (tx: Tx, kind: string, id: string, by: By, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'report', id }, by, body });

/** Somebody's own report. @throws ProblemError `not-found` for everybody else */
export async function ownRequest(actor: Actor, id: string): Promise<ReportRequest> {
  authorise(actor, 'see reports');
  const found = await findRequest(reader(), id);
  if (found?.accountId !== actor.accountId) throw new ProblemError({ code: 'not-found' });
  return found;
}

/** Stops a report that waits or is being made; its maker notices within seconds. */
export const cancelReport = (actor: Actor, id: string): Promise<Result<null>> =>
  ownChange(actor, id, async (tx) => {
    if (await markCancelled(tx, id) === 0) return err('report.ended');
    await tell(tx, 'report.cancelled', id, actor.by, {});
    return ok(null);
  });

/** Makes a report that failed once more. */
export const retryReport = (actor: Actor, id: string): Promise<Result<null>> =>
  ownChange(actor, id, async (tx) => {
    if (await markAgain(tx, id) === 0) return err('report.ended');
    await tell(tx, 'report.asked', id, actor.by, { again: true });
    await addJob(tx, JOB, { requestId: id });
    return ok(null);
  });

async function ownChange(actor: Actor, id: string, change: (tx: Tx) => Promise<Result<null>>): Promise<Result<null>> {
  await ownRequest(actor, id);
  return commitIfOk(change);
}

/** Whoever made it has lost it: it was cancelled, or another maker has taken it over. */
class NotOursAnyMore extends Error {}

/**
 * Makes a report. May be called twice and at once: one makes it, and where so many are being made that it must wait, the
 * next one to end fetches it. Killed meanwhile, it is made from the beginning by whoever finds it.
 */
export async function makeReport(requestId: string, now: Instant): Promise<void> {
  const tries = await inTransaction((tx) => claim(tx, requestId, { stale: now - STALE, atOnce: AT_ONCE }));
  if (tries === null) return;
  const request = await findRequest(reader(), requestId);
  if (!request) return;
  const mine = { id: requestId, tries };
  try {
    await makeOwn(request, mine, now);
  } catch (error) {
    if (error instanceof NotOursAnyMore) return;
    await stumbled(mine, error);
  } finally {
    await fetchNext(requestId);
  }
}

async function makeOwn(request: ReportRequest, mine: { id: string; tries: number }, now: Instant): Promise<void> {
  const actor = await actorOfAccount(reader(), request.accountId, now);
  // Asked anew, by what its owner may see by now.
  if (!actor || !can(actor, 'see reports')) throw new ProblemError({ code: 'access.denied' });
  const prepared = await prepare(reader(), request.query, reportReach(actor), now);
  if (!prepared.ok) throw new ProblemError(prepared.error);
  const key = `${FOLDER}/${request.id}-${mine.tries}.${request.format}`;
  const text = textFor(request.lang, config().TIME_ZONE);
  const beat = beating(mine, prepared.value.posts);
  await beat(0);
  const written = await writeReport(reader(), { prepared: prepared.value, format: request.format, text, title: request.name, madeAt: now, key, onProgress: beat });
  // By the outermost organisations that it holds it is asked again who may take it.
  const { detail, units } = prepared.value;
  const kept = await inTransaction(async (tx) => {
    const done = await markDone(tx, mine, { madeOn: dayOf(request.query, now), detail, paths: outermost(units.map(({ pathNow }) => pathNow)), ...written, fileKey: key, expiresAt: tx.now + days(request.keepDays) });
    if (done === 0) return false;
    await tell(tx, 'report.made', request.id, BY, {
      kind: request.query.kind, layout: request.query.layout, format: request.format, on: dayOf(request.query, now), lines: written.lines, detail, accountId: request.accountId,
    });
    if (request.scheduleId !== null) await addJob(tx, 'reports.tell', { requestId: request.id });
    return true;
  });
  if (!kept) await removeFile(key);
}

/** Says every two seconds that the report is being made and how far it has come; stops where it is nobody's any more. */
function beating(mine: { id: string; tries: number }, total: number): (done: number) => Promise<void> {
  let last = 0;
  return async (done) => {
    const now = performance.now();
    if (done > 0 && now - last < BEAT) return;
    last = now;
    if (await inTransaction((tx) => noteProgress(tx, mine, done, total)) === 0) throw new NotOursAnyMore();
  };
}

async function stumbled(mine: { id: string; tries: number }, error: unknown): Promise<void> {
  const problem = error instanceof ProblemError ? error.problem.code : 'internal';
  // What is refused is refused the next time as well.
  if (error instanceof ProblemError || mine.tries >= MOST_TRIES) {
    log().error({ err: error, requestId: mine.id }, 'a report could not be made');
    await inTransaction(async (tx) => {
      if (await markFailed(tx, mine, problem) > 0) await tell(tx, 'report.failed', mine.id, BY, { problem });
    });
    return;
  }
  await inTransaction((tx) => markStumbled(tx, mine, problem));
  throw error;
}

/** There is room for another one now. */
const fetchNext = (requestId: string): Promise<void> =>
  inTransaction(async (tx) => {
    const waiting = (await nextWaiting(tx, AT_ONCE)).filter((id) => id !== requestId);
    await addJobs(tx, waiting.map((id) => ({ name: JOB, payload: { requestId: id } })));
  });

/** Takes up what nobody makes: its job got lost, or its maker was killed. */
export async function sweepReports(now: Instant): Promise<void> {
  const found = await forgotten(reader(), { waitingSince: now - minutes(2), stale: now - STALE }, AT_ONCE);
  if (found.length > 0) await inTransaction((tx) => addJobs(tx, found.map((id) => ({ name: JOB, payload: { requestId: id } }))));
}

const AT_A_TIME = 100;

/** Deletes files past their date, what was begun and never finished, and after a year what tells of them. */
export async function forgetReports(now: Instant): Promise<void> {
  for (const { id, fileKey } of await expiredFiles(reader(), now, AT_A_TIME)) {
    await removeFile(fileKey);
    await inTransaction((tx) => markRemoved(tx, id));
  }
  await removeUnfinished(FOLDER, now - days(1));
  await inTransaction((tx) => forgetRequests(tx, now - days(366)));
}

export interface Download {
  name: string;
  format: Format;
  bytes: number;
  content: Readable;
}

/**
 * The file of somebody's own report, while it is kept and while they may still see what is in it. Each time is counted and
 * told to the ledger.
 */
export async function takeReport(actor: Actor, id: string): Promise<Result<Download>> {
  const request = await ownRequest(actor, id);
  if (request.state === 'failed') return err('report.failed');
  if (request.state !== 'done' || request.fileKey === null) return err('report.not-ready');
  if (!maySee(actor, request)) throw new ProblemError({ code: 'access.denied' });
  const { fileKey, name, format, bytes, lines, detail, query } = request;
  const counted = await inTransaction(async (tx) => {
    if (await countDownload(tx, id) === 0) return false;
    await tell(tx, 'report.downloaded', id, actor.by, { kind: query.kind, layout: query.layout, format, lines, detail });
    return true;
  });
  return counted ? ok({ name, format, bytes: bytes ?? 0, content: streamFile(fileKey) }) : err('report.expired');
}

/** Roles may have ended since it was made. */
function maySee(actor: Actor, { detail, paths }: ReportRequest): boolean {
  const reach = reportReach(actor);
  const allowed = detail === true ? reach.people : reach.figures;
  return paths.every((path) => allowed.some((own) => covers(own, path)));
}
