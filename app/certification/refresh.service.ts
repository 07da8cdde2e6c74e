import { addJobs, appendEvents, type By, type LedgerEvent, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { changeOf } from './changes/change';
import { insertChanges } from './changes/changes.repository';
import { clearancesOfPeople, saveClearances } from './clearances.repository';
import { rowsOf, type KeptClearance } from './known';
import { assignmentsKnown } from './known.repository';
import { differingFields } from './projection';
import { moveCredentialEnd } from './validity/credential-end.repository';

const BY: By = 'system:certification';

/** Judges everything assigned to a person anew. The person must be locked in this transaction. */
export const refreshPerson = (tx: Tx, personId: string): Promise<void> => refreshPeople(tx, [personId]);

/** Judges everything assigned to these people anew, with as many queries as for one. They must be locked in this transaction. */
export async function refreshPeople(tx: Tx, personIds: readonly string[]): Promise<void> {
  const zone = config().TIME_ZONE;
  const known = await assignmentsKnown(tx, personIds);
  const before = new Map((await clearancesOfPeople(tx, personIds)).map((row) => [row.assignmentId, row]));
  const today = dateAt(tx.now, zone);
  const changed = [...known.values()].flatMap((assignments) => rowsOf(assignments, today, zone)).filter((next) => {
    const row = before.get(next.assignmentId);
    return !row || row.leads !== next.leads || differingFields(row, next).length > 0;
  });
  await saveClearances(tx, changed);
  await settleLater(tx, changed.filter(({ assignmentId }) => before.has(assignmentId)));
  await insertChanges(tx, changed.flatMap((next) => changeOf(before.get(next.assignmentId) ?? null, next) ?? []));
  await tellChanges(tx, changed.map((next) => ({ before: before.get(next.assignmentId) ?? null, next })));
}

/** What rests on other credentials may have to rest with them: a job of its own looks, once everything about the person is written. */
async function settleLater(tx: Tx, changed: readonly KeptClearance[]): Promise<void> {
  const people = new Set(changed.filter(({ requirements }) => requirements.some(({ kind }) => kind === 'credential')).map(({ personId }) => personId));
  await addJobs(tx, [...people].map((personId) => ({ name: 'certification.grounds', payload: { personId } })));
}

interface Change {
  before: KeptClearance | null;
  next: KeptClearance;
}

/** The ledger says when somebody became cleared, lost that, or may start on another day. */
async function tellChanges(tx: Tx, changes: readonly Change[]): Promise<void> {
  const told = changes.filter(isToldOf);
  if (told.length > 0) await appendEvents(tx, told.map(eventOf));
  const cleared = told.filter(({ before, next }) => next.status === 'cleared' && before?.status !== 'cleared');
  // A credential that was issued before tells its present end on the check page.
  const moved = told.filter(({ before, next }) => before !== null && next.status === 'cleared' && before.until !== next.until);
  for (const { next } of moved) await moveCredentialEnd(tx, next.assignmentId, { until: next.until, byLaw: next.lawUntil !== null });
  const lost = told.filter(({ before, next }) => before !== null && before.status !== 'not-cleared' && next.status === 'not-cleared');
  await addJobs(tx, cleared.map(({ next }) => ({ name: 'certification.cleared', payload: { assignmentId: next.assignmentId } })));
  await addJobs(tx, lost.map(({ next }) => ({ name: 'certification.lost', payload: { assignmentId: next.assignmentId, at: String(tx.now) } })));
}

function isToldOf({ before, next }: Change): boolean {
  const permitted = next.status !== 'not-cleared';
  if (before === null) return permitted;
  return before.status !== next.status || (permitted && (before.mayStartOn !== next.mayStartOn || before.until !== next.until));
}

const EVENTS: Record<KeptClearance['status'], string> = { 'cleared': 'assignment.cleared', 'waived': 'assignment.waived', 'not-cleared': 'assignment.not-cleared' };

const eventOf = ({ next }: Change): LedgerEvent => ({
  kind: EVENTS[next.status], subject: { kind: 'assignment', id: next.assignmentId }, personId: next.personId, by: BY, cause: 'rule',
  body: {
    mayStartOn: next.mayStartOn, until: next.until, withdrawnOn: next.withdrawnOn,
    requirements: next.requirements.map(({ code, state, evidenceRef }) => ({ code, state, evidenceRef })),
  },
});
