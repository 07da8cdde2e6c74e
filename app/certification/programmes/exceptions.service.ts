import { commitIfOk, appendEvent, inTransaction, reader, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { pathsOfPerson } from '~/people';
import { assignmentsOfAppointment, findAssignment, lockPerson, type Assignment } from '../assignments.repository';
import { endAssigned, replanAssignment } from '../assignment.service';
import { findClearance } from '../clearances.repository';
import { findVersion, requirementsOf } from '../programme.repository';
import { refreshPerson } from '../refresh.service';
import { findAppointment } from './appointment.repository';
import { causesOf, type VersionFacts } from './exception';
import { findException, markDecided, openAfter, openGroups, unnoticed, type AssignmentException, type Decision } from './exceptions.repository';
import { factsOf } from './facts.service';
import { knowing } from './known.service';
import { noExceptions, noteExceptions } from './note-exceptions.service';

/** The assignment that an exception is about: the live one, else the latest. */
async function assignmentOf(from: Reader, { appointmentId, programmeVersionId }: AssignmentException): Promise<Assignment | null> {
  const all = (await assignmentsOfAppointment(from, appointmentId)).filter((one) => one.programme_version_id === programmeVersionId);
  return all.find((one) => one.ended_at === null) ?? all[0] ?? null;
}

export interface OpenedException {
  exception: AssignmentException;
  assignmentId: string | null;
  dueOn: PlainDate;
  startOfDuty: PlainDate;
  /** The assignment has ended. */
  ended: boolean;
  title: { zh: string; en: string };
  requirements: Awaited<ReturnType<typeof requirementsOf>>;
}

/** Where the person of an exception serves: who may decide about it. */
async function authoriseFor(actor: Actor, action: 'see exceptions there' | 'decide on exceptions', { appointmentId, personId }: AssignmentException): Promise<void> {
  const appointment = await findAppointment(reader(), appointmentId);
  authorise(actor, action, { personId, organisationPath: appointment ? [appointment.organisationPath] : await pathsOfPerson(reader(), personId) });
}

export async function openException(actor: Actor, id: string): Promise<Result<OpenedException>> {
  const exception = await findException(reader(), id);
  // Whoever may see none at all learns nothing about which there are.
  authorise(actor, 'see exceptions');
  if (!exception) return err('not-found');
  await authoriseFor(actor, 'see exceptions there', exception);
  const assignment = await assignmentOf(reader(), exception);
  const version = await findVersion(reader(), exception.programmeVersionId);
  return ok({
    exception, assignmentId: assignment?.id ?? null, ended: assignment?.ended_at !== null,
    dueOn: assignment?.due_on ?? exception.cause.dueOn, startOfDuty: assignment?.start_of_duty ?? exception.cause.startOfDuty,
    title: { zh: version?.title_zh ?? '', en: version?.title_en ?? '' }, requirements: await requirementsOf(reader(), exception.programmeVersionId),
  });
}

export interface Deciding {
  version: number;
  decision: Decision;
  newDue?: PlainDate | undefined;
  reason: string;
}

/** Somebody of HR decides about an assignment that cannot be fulfilled as it stands. */
export async function decideException(actor: Actor, id: string, given: Deciding): Promise<Result<null>> {
  const found = await findException(reader(), id);
  authorise(actor, 'see exceptions');
  if (!found) return err('not-found');
  await authoriseFor(actor, 'decide on exceptions', found);
  return commitIfOk(async (tx) => {
    await lockPerson(tx, found.personId);
    const assignment = await assignmentOf(tx, found);
    if (!assignment || assignment.ended_at !== null) return err('exception.decided');
    const allowed = mayDecide(given, assignment, (await findVersion(tx, found.programmeVersionId))?.gate, dateAt(tx.now, config().TIME_ZONE));
    if (!allowed.ok) return allowed;
    if (await markDecided(tx, id, given.version, { decision: given.decision, reason: given.reason, by: actor.by }) === 0) return err('exception.decided');
    await appendEvent(tx, {
      kind: 'exception.decided', subject: { kind: 'assignment-exception', id }, personId: found.personId, by: actor.by, cause: 'personnel',
      body: { assignmentId: assignment.id, kind: found.kind, decision: given.decision, reason: given.reason, ...(given.newDue !== undefined && { dueOn: given.newDue }) },
    });
    const told = { by: actor.by, cause: 'personnel', reason: given.reason };
    if (given.decision === 'end') await endAssigned(tx, assignment, told);
    if (given.decision === 'new-due' && given.newDue !== undefined) {
      await replanAssignment(tx, assignment, { startOfDuty: assignment.start_of_duty, dueOn: given.newDue, dueBy: 'decision' }, knowing(tx), told);
    }
    await refreshPerson(tx, found.personId);
    return ok(null);
  });
}

function mayDecide({ decision, newDue }: Deciding, { start_of_duty: start }: Assignment, gate: string | undefined, today: PlainDate): Result<null> {
  if (decision !== 'new-due') return ok(null);
  if (newDue === undefined) return err('exception.due-missing', undefined, 'newDue');
  if (newDue < today) return err('exception.due-past', undefined, 'newDue');
  // Once work was to begin, a later date is the only one there is.
  if (gate === 'before-start-of-duty' && start >= today && newDue > start) return err('exception.due-after-gate', { start }, 'newDue');
  return ok(null);
}

const STEP = 200;
const MOST = 500;

/**
 * Finds exceptions that came about since something was assigned (a sitting was cancelled or is full, a programme was
 * withdrawn), and open ones whose cause has gone. By groups of equal dates, so that its cost does not grow with people.
 */
export async function sweepExceptions(now: Instant): Promise<void> {
  const facts = new Map<string, VersionFacts>();
  for (const group of await openGroups(reader())) {
    const { programme_version_id: versionId, due_on: dueOn, start_of_duty: startOfDuty } = group;
    const known = facts.get(versionId) ?? await readFacts(versionId, now);
    facts.set(versionId, known);
    // Whether it was due before it was assigned is known since then.
    for (const { kind } of causesOf(known, { dueOn, startOfDuty, assignedOn: '' })) await note(await unnoticed(reader(), { versionId, dueOn, startOfDuty, kind }, MOST));
  }
  for (let after = ''; ;) {
    const open = await openAfter(reader(), after, STEP);
    const last = open.at(-1);
    if (!last) return;
    after = last.id;
    for (const exception of open) await lookAgain(exception);
  }
}

async function readFacts(versionId: string, now: Instant): Promise<VersionFacts> {
  const version = await findVersion(reader(), versionId);
  if (!version) throw new Error(`programme version ${versionId} is gone`);
  return factsOf(reader(), version, await requirementsOf(reader(), versionId), now);
}

async function note(assignmentIds: string[]): Promise<void> {
  for (const id of assignmentIds) {
    await inTransaction(async (tx) => {
      const assignment = await findAssignment(tx, id);
      if (!assignment) return;
      await lockPerson(tx, assignment.person_id);
      await judgeAnew(tx, id);
    });
  }
}

async function judgeAnew(tx: Parameters<typeof noteExceptions>[0], assignmentId: string): Promise<void> {
  const assignment = await findAssignment(tx, assignmentId);
  if (!assignment) return;
  const done = (await findClearance(tx, assignmentId))?.status === 'cleared';
  if (done) await noExceptions(tx, assignment);
  else await noteExceptions(tx, assignment, await knowing(tx).facts(assignment.programme_version_id));
}

const lookAgain = (exception: AssignmentException): Promise<void> =>
  inTransaction(async (tx) => {
    await lockPerson(tx, exception.personId);
    const assignment = await assignmentOf(tx, exception);
    if (assignment) await judgeAnew(tx, assignment.id);
  });
