import { addJob, appendEvent, commitIfOk, inTransaction, reader, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { endAssigned, makeAssignment, replanAssignment, type Plan } from '../assignment.service';
import { assignmentsOfAppointment, findAssignment, lockPerson, type Assignment } from '../assignments.repository';
import { clearance, type Clearance } from '../clearance';
import { findClearance } from '../clearances.repository';
import { dueOn } from '../due-date';
import { isAsked } from '../gaps.repository';
import type { KnownAssignment } from '../known';
import { assignmentsKnown } from '../known.repository';
import { refreshPerson } from '../refresh.service';
import { findWritten, versionsOf, type WrittenVersion } from './authoring.repository';
import { freshCalendar } from './calendar.service';
import { knowing, type Known } from './known.service';
import {
  countHeld, countMovable, endRunning, findMove, insertMove, markReversing, movable, rowsIn, settleRow, unfinishedMoves, type Move, type MoveRow, type MoveWho,
} from './move.repository';

/** Who would move, in numbers. */
export interface MoveReach {
  total: number;
  /** Cleared under the former version: they keep that until it ends. */
  keeps: number;
  /** Cleared by the new version at once, with what they have shown already. */
  done: number;
}

export interface MovedPerson {
  personId: string;
  name: string;
  organisation: string;
  keeps: { until: PlainDate | null } | null;
  /** The codes of the requirements that are still open; none when the version is met. */
  open: string[];
}

/** Former versions whose people could move to this one, with their numbers. */
export async function movableVersions(from: Reader, version: WrittenVersion): Promise<{ id: string; number: number; people: number }[]> {
  const former = (await versionsOf(from, version.programmeId)).filter(({ state, number }) => state !== 'draft' && number < version.number);
  const counted = [];
  for (const { id, number } of former) counted.push({ id, number, people: await countHeld(from, id) });
  return counted.filter(({ people }) => people > 0);
}

const STEP = 200;
export const MOVE_PREVIEW = 50;

/** What a move would do: the numbers, and the first people with what they would still have to do. */
export async function previewMove(from: Reader, version: WrittenVersion, formerId: string, who: MoveWho): Promise<{ reach: MoveReach; people: MovedPerson[] }> {
  const counts = await countMovable(from, formerId, who);
  const people: MovedPerson[] = [];
  let done = 0;
  for (let after = ''; ;) {
    const found = await movable(from, formerId, who, after, STEP);
    const last = found.at(-1);
    if (!last) break;
    after = last.id;
    const known = await assignmentsKnown(from, [...new Set(found.map((one) => one.person_id))]);
    for (const one of found) {
      const assignment = known.get(one.person_id)?.find(({ id }) => id === one.id);
      const judged = assignment ? judgedBy(version, assignment) : null;
      if (judged?.status === 'cleared') done += 1;
      if (people.length < MOVE_PREVIEW) {
        people.push({
          personId: one.person_id, name: one.name, organisation: one.organisation,
          keeps: one.status === 'cleared' ? { until: one.cleared_until } : null,
          open: judged?.status === 'cleared' ? [] : (judged?.requirements ?? []).filter(({ state }) => state !== 'met').map(({ code }) => code),
        });
      }
    }
  }
  return { reach: { total: counts.total, keeps: counts.keeps ?? 0, done }, people };
}

/** The clearance that somebody would have under the new version, with what was shown already. */
function judgedBy({ requirements, tree, validity }: WrittenVersion, { input }: KnownAssignment): Clearance {
  const zone = config().TIME_ZONE;
  const { evidence, startOfDuty, countsFrom } = input;
  return clearance({ requirements, tree, validity, evidence, startOfDuty, countsFrom, on: dateAt(clock.now(), zone), zone });
}

export interface MoveDecision {
  fromVersionId: string;
  who: MoveWho;
  dueOn: PlainDate | null;
  reason: string;
  seen: MoveReach;
}

/** Decides that people move to this version; a job carries it out. */
export async function decideMove(actor: Actor, versionId: string, { fromVersionId, who, dueOn: due, reason, seen }: MoveDecision): Promise<Result<string>> {
  authorise(actor, 'publish programmes');
  return commitIfOk(async (tx) => {
    const version = await findWritten(tx, versionId);
    const former = await findWritten(tx, fromVersionId);
    if (!version || !former || former.programmeId !== version.programmeId || former.number >= version.number) return err('not-found');
    const today = dateAt(tx.now, config().TIME_ZONE);
    if (version.state !== 'published' || version.effectiveOn > today) return err('programme.not-published');
    if (due !== null && due < today) return err('exception.due-past', undefined, 'dueOn');
    const { reach } = await previewMove(tx, version, fromVersionId, who);
    if (reach.total === 0) return err('programme.move-nobody');
    if (reach.total !== seen.total || reach.keeps !== seen.keeps || reach.done !== seen.done) return err('programme.numbers-changed');
    const id = await insertMove(tx, { fromVersionId, toVersionId: versionId, who, dueOn: due, reason, by: actor.by });
    await appendEvent(tx, {
      kind: 'programme.move-decided', subject: { kind: 'programme-version', id: versionId }, by: actor.by, cause: 'personnel',
      body: { moveId: id, programmeId: version.programmeId, number: version.number, from: former.number, who, dueOn: due, reason, people: reach.total, seen },
    });
    await addJob(tx, 'certification.move', { moveId: id });
    return ok(id);
  });
}

/** Takes a decision back: whoever was moved returns, unless cleared under the new version meanwhile. */
export async function reverseMove(actor: Actor, moveId: string, version: number, reason: string): Promise<Result<null>> {
  authorise(actor, 'publish programmes');
  return commitIfOk(async (tx) => {
    const move = await findMove(tx, moveId);
    if (!move) return err('not-found');
    if (await markReversing(tx, moveId, version, { by: actor.by, reason }) === 0) return err('programme.move-state');
    await appendEvent(tx, {
      kind: 'programme.move-reversed', subject: { kind: 'programme-version', id: move.toVersionId }, by: actor.by, cause: 'personnel', body: { moveId, reason },
    });
    await addJob(tx, 'certification.move-back', { moveId });
    return ok(null);
  });
}

/** Carries a decision out, each person in a transaction of its own; may be stopped and run again. */
export const carryOutMove = (moveId: string): Promise<void> => goThrough(moveId, 'running', moveOne);

/** Takes a decision back, likewise. */
export const carryBackMove = (moveId: string): Promise<void> => goThrough(moveId, 'reversing', moveOneBack);

type Work = (tx: Tx, move: Move, row: MoveRow, held: Assignment, known: Known) => Promise<void>;

async function goThrough(moveId: string, state: 'running' | 'reversing', work: Work): Promise<void> {
  const move = await findMove(reader(), moveId);
  if (move?.state !== state) return;
  await freshCalendar();
  const failed: unknown[] = [];
  for (let after = ''; ;) {
    const found = await rowsIn(reader(), moveId, state === 'running' ? 'waiting' : 'moved', after, STEP);
    const last = found.at(-1);
    if (!last) break;
    after = last.fromAssignmentId;
    for (const row of found) await oneOf(move, row, work).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw new Error(`${failed.length} people of the move ${moveId} failed`, { cause: failed[0] });
  await inTransaction((tx) => endRunning(tx, moveId, state, state === 'running' ? 'done' : 'reversed'));
}

const oneOf = (move: Move, row: MoveRow, work: Work): Promise<void> =>
  inTransaction(async (tx) => {
    const seen = await findAssignment(tx, row.fromAssignmentId);
    if (!seen) return;
    await lockPerson(tx, seen.person_id);
    const held = await findAssignment(tx, row.fromAssignmentId);
    if (!held) return;
    await work(tx, move, row, held, knowing(tx));
    await refreshPerson(tx, held.person_id);
  });

/** Whoever is cleared keeps that and begins a new cycle; of the others the former assignment ends. */
async function moveOne(tx: Tx, move: Move, row: MoveRow, held: Assignment, known: Known): Promise<void> {
  const settle = (state: 'moved' | 'skipped', toAssignmentId: string | null) => settleRow(tx, move.id, row.fromAssignmentId, { was: 'waiting', state, toAssignmentId });
  const cleared = (await findClearance(tx, held.id))?.status === 'cleared';
  if (held.ended_at !== null || (cleared && move.who === 'open')) {
    await settle('skipped', null);
    return;
  }
  const version = await known.version(move.toVersionId);
  const told = { by: 'system:certification' as const, cause: 'move', reason: move.reason };
  const plan: Plan = { startOfDuty: held.start_of_duty, ...(move.dueOn === null ? { dueOn: dueOn(version.due_rule, held.start_of_duty) } : { dueOn: move.dueOn, dueBy: 'decision' }) };
  const id = await takeUp(tx, held, move, plan, known) ?? await makeAssignment(tx, {
    personId: held.person_id, appointmentId: held.appointment_id, versionId: move.toVersionId, ...plan, cycle: held.cycle + 1,
    // One that was moved and brought back has a follower already.
    follows: await followerOf(tx, held) ? null : held.id, countsFrom: held.counts_from, by: told.by, cause: told.cause,
  }, known);
  if (id === null) {
    await settle('skipped', null);
    return;
  }
  if (!cleared) await endAssigned(tx, held, told);
  await settle('moved', id);
}

const followerOf = async (tx: Tx, held: Assignment): Promise<Assignment | null> =>
  (await assignmentsOfAppointment(tx, held.appointment_id)).find(({ follows }) => follows === held.id) ?? null;

/** The assignment that an earlier decision made and that was taken back. @returns its id, or null when there is none */
async function takeUp(tx: Tx, held: Assignment, move: Move, plan: Plan, known: Known): Promise<string | null> {
  const former = await followerOf(tx, held);
  if (former?.programme_version_id !== move.toVersionId || former.ended_at === null) return null;
  const told = { by: 'system:certification' as const, cause: 'move', reason: move.reason };
  return await replanAssignment(tx, former, plan, known, told) ? former.id : null;
}

async function moveOneBack(tx: Tx, move: Move, row: MoveRow, held: Assignment, known: Known): Promise<void> {
  const settle = (state: 'reversed' | 'kept') => settleRow(tx, move.id, row.fromAssignmentId, { was: 'moved', state, toAssignmentId: row.toAssignmentId });
  const moved = row.toAssignmentId === null ? null : await findAssignment(tx, row.toAssignmentId);
  // What was earned under the new version is not taken away; who was released meanwhile stays so.
  if (!moved || moved.ended_at !== null || (await findClearance(tx, moved.id))?.status === 'cleared') {
    await settle('kept');
    return;
  }
  const told = { by: 'system:certification' as const, cause: 'move-reversed', reason: move.reverseReason ?? '' };
  await endAssigned(tx, moved, told);
  if (held.ended_at !== null) await replanAssignment(tx, held, { startOfDuty: moved.start_of_duty, dueOn: held.due_on, dueBy: held.due_by }, known, told);
  await settle('reversed');
}

/** Decisions whose job got lost. */
export async function sweepMoves(): Promise<void> {
  for (const { id, state } of await unfinishedMoves(reader())) {
    const name = state === 'running' ? 'certification.move' : 'certification.move-back';
    await inTransaction(async (tx) => { if (!(await isAsked(tx, name, { moveId: id }))) await addJob(tx, name, { moveId: id }); });
  }
}
