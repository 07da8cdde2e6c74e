import { appendEvent, appendEvents, commitIfOk, reader, type Tx } from '~/db';
import type { Actor } from '~/identity';
import { hours, minutes, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { clampedUndo } from '../time/clamp.service';
import { recomputeDeadlines } from '../time/recompute.service';
import { settleSections } from '../time/sections.service';
import { insertTimes, lockAttempts, timedAttempts, undoTimes } from '../time/time.repository';
import { findRoom, findSitting } from '../sittings/sitting.repository';
import { incidentSeenBy, mayCredit } from './access.service';
import { computeCredits, movedBasis, type Computed } from './compute.service';
import {
  attemptsIn, findIncident, insertIncident, lockIncident, markApplied, markReopened, markUndone, setReceiptsAside, type CreditLine, type Incident, type NewIncident,
} from './incident.repository';
import { appliedIncidents } from './window.repository';

/** Longer ones are recorded in parts. */
const LONGEST = hours(12);
/** A little into the future: minutes are typed, and clocks on the wall differ. */
const AHEAD = minutes(1);
export const MOST_RECOVERY = 60;

export type TypedIncident = Omit<NewIncident, 'id'> & { id?: string };

/** Writes down what happened, and gives nobody anything yet. Sent twice it is written once. @returns its id */
export function recordIncident(actor: Actor, typed: TypedIncident): Promise<Result<string>> {
  const { from, to } = typed;
  return commitIfOk(async (tx): Promise<Result<string>> => {
    if (!(await mayCredit(tx, actor, typed))) return err('not-found');
    const sitting = await findSitting(tx, typed.sittingId);
    const room = typed.roomId === null ? null : await findRoom(tx, typed.roomId);
    if (!sitting || (typed.roomId !== null && room?.sittingId !== sitting.id)) return err('not-found');
    if (to <= from) return err('incident.order', {}, 'to');
    if (to > tx.now + AHEAD) return err('incident.future', {}, 'to');
    if (to - from > LONGEST) return err('incident.too-long', { hours: LONGEST / hours(1) }, 'to');
    if (to < sitting.startsAt) return err('incident.before', {}, 'to');
    const id = typed.id ?? newId();
    if (await insertIncident(tx, { ...typed, id }, actor.by) > 0) {
      await appendEvent(tx, {
        kind: 'incident.recorded', subject: { kind: 'incident', id }, by: actor.by, cause: 'invigilator',
        body: { sittingId: typed.sittingId, roomId: typed.roomId, from, to, basis: typed.basis, recoveryMinutes: typed.recoveryMinutes },
      });
    }
    return ok(id);
  });
}

/** Attempts that one transaction credits; saves wait meanwhile. */
const AT_ONCE = 500;

/**
 * Gives everybody back what the incident cost them. Up to 500 attempts it is one transaction; more are credited in
 * several, the last of which marks the incident as applied: interrupted before that, it is applied again, and nobody
 * is credited twice.
 * @param reopen those whom the deadline handed in meanwhile go on writing
 */
export async function applyIncident(actor: Actor, incidentId: string, { reopen }: { reopen: boolean }): Promise<Result<CreditLine[]>> {
  const incident = await incidentSeenBy(reader(), actor, incidentId);
  if (!incident || !(await mayCredit(reader(), actor, incident))) return err('not-found');
  const attempts = await attemptsIn(reader(), incident);
  const lines: CreditLine[] = [];
  for (let from = 0; from === 0 || from < attempts.length; from += AT_ONCE) {
    const chunk = attempts.slice(from, from + AT_ONCE);
    const last = from + AT_ONCE >= attempts.length;
    const done = await commitIfOk(async (tx): Promise<Result<CreditLine[]>> => {
      if (!(await lockIncident(tx, incident.id, 'recorded'))) return err('incident.settled');
      const credited = await credit(tx, incident, chunk, { reopen, actor });
      if (last) await finish(tx, actor, incident, [...lines, ...credited]);
      return ok(credited);
    });
    if (!done.ok) return done;
    lines.push(...done.value);
  }
  return ok(lines);
}

async function credit(tx: Tx, incident: Incident, attemptIds: string[], { reopen, actor }: { reopen: boolean; actor: Actor }): Promise<CreditLine[]> {
  const running = await lockAttempts(tx, attemptIds);
  await settleSections(tx, [...running]);
  const computed = await computeCredits(tx, incident, attemptIds, tx.now);
  const wanted = reopen ? computed.filter(({ line }) => line.effect === 'reopen').map(({ hit }) => hit.id) : [];
  const reopened = new Set(await markReopened(tx, wanted));
  await setReceiptsAside(tx, [...reopened]);
  const credited = computed.filter(({ hit, times, basis }) => (running.has(hit.id) || reopened.has(hit.id)) && (times.length > 0 || basis !== null));
  await insertTimes(tx, credited.flatMap(({ hit, times }) => times.map((time) => ({ ...time, attemptId: hit.id }))));
  const bases = new Map(credited.flatMap(({ hit, basis }) => (basis ? [[hit.id, basis] as const] : [])));
  const moved = new Map((await recomputeDeadlines(tx, credited.map(({ hit }) => hit.id), bases)).map(({ attempt, at }) => [attempt.id, at]));
  await tell(tx, incident, actor, credited, reopened);
  return computed.map(({ hit, line }) => lineAfter(line, moved.get(hit.id), reopened.has(hit.id)));
}

/** What was really done: an attempt that could have been reopened and was not keeps what it had. */
function lineAfter(line: CreditLine, deadlineAt: Instant | undefined, reopened: boolean): CreditLine {
  if (line.effect === 'reopen' && !reopened) return { ...line, effect: 'left-closed', deadlineAt: line.deadlineBefore, credit: 0 };
  return deadlineAt === undefined ? line : { ...line, deadlineAt, credit: deadlineAt - line.deadlineBefore };
}

async function tell(tx: Tx, incident: Incident, actor: Actor, credited: readonly Computed[], reopened: ReadonlySet<string>): Promise<void> {
  await appendEvents(tx, credited.flatMap(({ hit, attempt, line }) => {
    const about = { subject: { kind: 'attempt', id: hit.id }, personId: attempt.personId, by: actor.by, cause: 'incident' };
    const body = { incidentId: incident.id, lost: line.lost, deadlineBefore: line.deadlineBefore, deadlineAt: line.deadlineAt };
    return [...(reopened.has(hit.id) ? [{ kind: 'attempt.reopened', ...about, body: { incidentId: incident.id } }] : []), { kind: 'attempt.credited', ...about, body }];
  }));
}

async function finish(tx: Tx, actor: Actor, incident: Incident, lines: CreditLine[]): Promise<void> {
  await markApplied(tx, incident.id, actor.by, lines);
  await appendEvent(tx, {
    kind: 'incident.applied', subject: { kind: 'incident', id: incident.id }, by: actor.by, cause: 'invigilator',
    body: { sittingId: incident.sittingId, roomId: incident.roomId, credited: lines.filter((line) => line.credit > 0).length, attempts: lines.length },
  });
}

/**
 * Takes an incident back: one that was only written down is withdrawn; of one that was applied everybody who is still
 * writing loses the credit, and keeps at least a minute. Who has handed in since keeps the time that they had.
 */
export async function undoIncident(actor: Actor, incidentId: string, reason: string): Promise<Result<null>> {
  return commitIfOk(async (tx): Promise<Result<null>> => {
    const incident = await findIncident(tx, incidentId);
    if (!incident || !(await mayCredit(tx, actor, incident))) return err('not-found');
    if (incident.state === 'undone' || !(await lockIncident(tx, incident.id, incident.state))) return err('incident.settled');
    const locked = [...await lockAttempts(tx, incident.credits.filter(({ credit }) => credit > 0).map(({ attemptId }) => attemptId))];
    await settleSections(tx, locked);
    await undoTimes(tx, incident.id, locked);
    await markUndone(tx, incident.id, actor.by, reason);
    const moved = await clampedUndo(tx, locked, incident.id, await basesWithout(tx, incident, locked));
    await appendEvents(tx, [
      { kind: 'incident.undone', subject: { kind: 'incident', id: incident.id }, by: actor.by, cause: 'invigilator' },
      ...moved.map(({ attempt, before, at }) => ({
        kind: 'attempt.credit-taken-back', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, by: actor.by, cause: 'incident',
        body: { incidentId: incident.id, deadlineBefore: before, deadlineAt: at },
      })),
    ]);
    return ok(null);
  });
}

/** Bases of attempts whose window the incident, no longer applied, had moved. */
async function basesWithout(tx: Tx, incident: Incident, attemptIds: readonly string[]): Promise<Map<string, Computed['attempt']['basis']>> {
  const bases = new Map<string, Computed['attempt']['basis']>();
  for (const attempt of await timedAttempts(tx, attemptIds)) {
    const others = await appliedIncidents(tx, incident.sittingId, attempt.roomId);
    const basis = movedBasis(attempt.basis, others, [...others, incident]);
    if (basis) bases.set(attempt.id, basis);
  }
  return bases;
}
