import { addJob, appendEvent, commitIfOk, inTransaction, reader, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { fileExists, readFile } from '~/kernel/files';
import { err, ok, type Result } from '~/kernel/result';
import { MissingCharactersError } from '~/pdf';
import { ensurePdf, issueUnprinted } from '../credential.service';
import { isAsked } from '../gaps.repository';
import { findRun, insertRun, isRunning, listedItems, moveRun, retryFailed, settleItem, waitingItems, type RunFilter } from './runs.repository';
import type { FileToZip } from './zip';

const JOB = 'certification.credential-run';

/** So many at a time: a step is over in seconds, and others get their turn in between. */
const STEP = 20;

const goOn = async (tx: Tx, runId: string): Promise<void> => {
  if (!await isAsked(tx, JOB, { runId })) await addJob(tx, JOB, { runId });
};

/** Starts issuing and printing in the background for everybody whom the filter holds now. @returns the run's id */
export const startRun = (by: By, filter: RunFilter): Promise<Result<string>> =>
  commitIfOk(async (tx) => {
    const { id, total } = await insertRun(tx, { filter, by, today: dateAt(tx.now, config().TIME_ZONE) });
    if (total === 0) return err('credential.run-nothing');
    await tell(tx, 'credential.run-started', id, by, { total });
    await addJob(tx, JOB, { runId: id });
    return ok(id);
  });

/** Stops a run before its next credential; what is done stays. */
export const stopRun = (by: By, runId: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    if (await moveRun(tx, runId, 'running', 'stopped') === 0) return err('credential.run-ended');
    await tell(tx, 'credential.run-stopped', runId, by, {});
    return ok(null);
  });

/** Takes a stopped run up where it was. */
export const resumeRun = (by: By, runId: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    if (await moveRun(tx, runId, 'stopped', 'running') === 0) return err('credential.run-ended');
    await tell(tx, 'credential.run-resumed', runId, by, {});
    await goOn(tx, runId);
    return ok(null);
  });

/** Tries everything that failed once more. */
export const retryRun = (by: By, runId: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    if (await retryFailed(tx, runId) === 0) return err('credential.run-ended');
    await moveRun(tx, runId, 'done', 'running');
    await tell(tx, 'credential.run-resumed', runId, by, { retry: true });
    if (await isRunning(tx, runId)) await goOn(tx, runId);
    return ok(null);
  });

const tell = (tx: Tx, kind: string, runId: string, by: By, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'credential-run', id: runId }, by, body });

/**
 * The next step of a run, and then the next. Killed anywhere, it begins again with what waits: issuing is exactly once
 * whatever is retried. A credential that cannot be made is noted, and the others go on.
 */
export async function continueRun(runId: string): Promise<void> {
  for (const assignmentId of await waitingItems(reader(), runId, STEP)) {
    if (!await isRunning(reader(), runId)) return;
    const outcome = await issueAndPrint(assignmentId);
    await inTransaction((tx) => settleItem(tx, runId, assignmentId, outcome));
  }
  await inTransaction(async (tx) => {
    if ((await waitingItems(tx, runId, 1)).length === 0) await moveRun(tx, runId, 'running', 'done');
    // This job is under way still, so that one more is asked for without looking.
    else if (await isRunning(tx, runId)) await addJob(tx, JOB, { runId });
  });
}

type Outcome = Parameters<typeof settleItem>[3];

async function issueAndPrint(assignmentId: string): Promise<Outcome> {
  let credentialId: string | null = null;
  try {
    credentialId = await issueUnprinted(assignmentId);
    if (credentialId === null) return { state: 'failed', reason: 'not-cleared' };
    await ensurePdf(credentialId);
    return { state: 'done', credentialId };
  } catch (error) {
    const issued = credentialId !== null && { credentialId };
    if (error instanceof MissingCharactersError) return { state: 'failed', reason: 'missing-characters', detail: error.characters.join(' '), ...issued };
    return { state: 'failed', reason: 'failed', detail: error instanceof Error ? error.message.slice(0, 200) : '', ...issued };
  }
}

/** A run that lies in these subtrees; null when there is none, or it reaches further. */
export async function openRun(runId: string, paths: string[]) {
  const run = await findRun(reader(), runId);
  return run && run.filter.paths.every((path) => paths.some((own) => path.startsWith(own))) ? run : null;
}

/** The PDFs of a run's credentials, one after the other; a file that has gone is left out. */
export async function* pdfsOfRun(runId: string): AsyncGenerator<FileToZip> {
  for (const { number, pdf_file: key } of await listedItems(reader(), runId)) {
    if (number !== null && key !== null && await fileExists(key)) yield { name: `${number}.pdf`, content: await readFile(key) };
  }
}
