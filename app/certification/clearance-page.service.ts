import type { Bilingual } from '~/courses';
import { appendEvent, inTransaction, reader, type By, type Reader } from '~/db';
import { covers, type Actor } from '~/identity';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { missingCharacters } from '~/pdf';
import { assignmentsOfOwnerThen } from './as-known.service';
import { findAssignment, type Assignment } from './assignments.repository';
import type { Clearance, Reason, RequirementOutcome } from './clearance';
import { credentialsOfAssignment } from './credentials.repository';
import type { CredentialState } from './credentials/state';
import { judgeAll, type JudgedAssignment } from './known';
import { assignmentsKnown } from './known.repository';
import { findVersion } from './programme.repository';
import { explainAll } from './progress.service';
import { sightOf } from './records/sight.service';
import type { Gate, Tree } from './requirement';
import { outlookOf, type Outlook } from './starts/outlook.service';
import { startsOfAppointment, type ShownStart } from './starts/start-page.service';
import { named, type NamedRequirement } from './starts/titles.service';
import { waiverStories, type ShownWaiver } from './starts/waiver-page.service';
import { findHolder, timelineOf, type TimelineEntry } from './timeline.repository';

/** For which day, and with what was known on which day; null: today, and what is known now. */
export interface ClearanceQuery {
  on: PlainDate | null;
  knownOn: PlainDate | null;
}

export interface ViewedRequirement extends Omit<RequirementOutcome, 'reason'> {
  title: Bilingual;
  reason: Reason;
}

export type ClearanceView = Pick<Clearance, 'status' | 'mayStartOn' | 'until' | 'periods' | 'withdrawnOn' | 'suspendedOn' | 'expiredOn' | 'lawUntil' | 'done' | 'total'> & {
  requirements: ViewedRequirement[];
};

export interface ClearancePage {
  holder: { name: string; organisation: string; organisationPath: string; post: string; intake: string | null; recruitmentNumber: string | null };
  personId: string;
  appointmentId: string;
  assignmentId: string;
  ended: boolean;
  programme: Bilingual;
  versionNumber: number;
  gate: Gate;
  cycle: number;
  tree: Tree;
  dueOn: PlainDate;
  startOfDuty: PlainDate;
  assignedAt: Instant;
  today: PlainDate;
  /** The day that is looked at. */
  on: PlainDate;
  knownOn: PlainDate | null;
  /** null: nothing was assigned yet, as far as was known. */
  view: ClearanceView | null;
  /** What the same page would say for that day with what is known now, or today; null: that is what is shown. */
  compared: ClearanceView | null;
  waivers: ShownWaiver[];
  starts: ShownStart[];
  credentials: { number: string; state: CredentialState; issuedAt: Instant }[];
  outlook: Outlook | null;
  titles: Record<string, Bilingual>;
  timeline: TimelineEntry[];
  /** The last day of the former office that looks: nothing later is shown. Null for whoever sees everything. */
  until: PlainDate | null;
  /** Characters of the name that the credential cannot print. */
  missing: string[];
}

/**
 * One person's clearance with every requirement, its evidence and how it came about: for today, for any other day, and
 * with what was known on an earlier day, from the ledger. That somebody else read it is an event. Null when there is none.
 * @throws ProblemError when the actor may not see it
 */
export async function openClearance(actor: Actor, assignmentId: string, query: ClearanceQuery, now: Instant): Promise<ClearancePage | null> {
  const from = reader();
  const assignment = await findAssignment(from, assignmentId);
  if (!assignment) return null;
  const sight = await sightOf(from, actor, 'see a clearance', assignment.person_id);
  if (sight.until !== null && !sight.appointments.has(assignment.appointment_id)) throw new ProblemError({ code: 'access.denied' });
  const page = await clearancePage(from, assignment, query, { now, until: sight.until });
  if (!page) return null;
  if (actor.personId !== assignment.person_id) {
    await inTransaction((tx) => appendEvent(tx, {
      kind: 'person.read', subject: { kind: 'assignment', id: assignmentId }, personId: assignment.person_id, by: actor.by,
    }));
  }
  return page;
}

/** The same for another system that acts in the subtree at `path`; null when there is none there. Reading it is an event. */
export async function clearanceFor(reading: { by: By; path: string }, assignmentId: string, query: ClearanceQuery, now: Instant): Promise<ClearancePage | null> {
  const assignment = await findAssignment(reader(), assignmentId);
  const page = assignment && await clearancePage(reader(), assignment, query, { now, until: null });
  if (!page || !covers(reading.path, page.holder.organisationPath)) return null;
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'person.read', subject: { kind: 'assignment', id: assignmentId }, personId: page.personId, by: reading.by,
  }));
  return page;
}

async function clearancePage(from: Reader, assignment: Assignment, query: ClearanceQuery, moment: Moment): Promise<ClearancePage | null> {
  const found = await findHolder(from, assignment.id);
  const page = found && await pageOf(from, assignment, query, moment);
  if (!page) return null;
  const { path: organisationPath, recruitment_number: recruitmentNumber, name, organisation, post, intake } = found;
  return { holder: { name, organisation, organisationPath, post, intake, recruitmentNumber }, ...page, missing: missingCharacters(name) };
}

interface Moment {
  now: Instant;
  /** The last day of a former office, at which it looks; null: at everything. */
  until: PlainDate | null;
}

/** A former office looks at no later day, and with what was known by its last one. */
function looking({ on, knownOn }: ClearanceQuery, today: PlainDate, until: PlainDate | null): { on: PlainDate; knownOn: PlainDate | null } {
  const last = until !== null && until < today ? until : null;
  const known = last !== null && (knownOn === null || knownOn > last) ? last : knownOn !== null && knownOn < today ? knownOn : null;
  const asked = on ?? known ?? today;
  return { on: last !== null && asked > last ? last : asked, knownOn: known };
}

async function pageOf(from: Reader, assignment: Assignment, query: ClearanceQuery, { now, until }: Moment): Promise<Omit<ClearancePage, 'holder' | 'missing'> | null> {
  const zone = config().TIME_ZONE;
  const today = dateAt(now, zone);
  const version = await findVersion(from, assignment.programme_version_id);
  const known = (await assignmentsKnown(from, [assignment.person_id])).get(assignment.person_id) ?? [];
  const present = judgeAll(known, today, zone).get(assignment.id);
  if (!version || !present) return null;
  const { input } = present.assignment;
  const requirements = await named(from, input.requirements);
  const { on, knownOn } = looking(query, today, until);
  const looked = knownOn === null ? known : await assignmentsOfOwnerThen(from, assignment, knownOn);
  const special = on !== today || knownOn !== null;
  const shown = special ? judgeAll(looked, on, zone).get(assignment.id) : present;
  const compared = until !== null ? undefined : knownOn !== null ? judgeAll(known, on, zone).get(assignment.id) : present;
  return {
    personId: assignment.person_id, appointmentId: assignment.appointment_id, assignmentId: assignment.id, ended: assignment.ended_at !== null,
    programme: { zh: version.title_zh, en: version.title_en }, versionNumber: version.number, gate: input.gate, cycle: assignment.cycle,
    tree: input.tree ?? { kind: 'all' }, dueOn: input.dueOn, startOfDuty: input.startOfDuty, assignedAt: assignment.assigned_at, today, on, knownOn,
    view: shown ? special ? viewOf(shown, requirements) : await presentView(from, shown, requirements, now) : null,
    compared: special && compared ? viewOf(compared, requirements) : null,
    waivers: await waiverStories(from, assignment.id, requirements, today),
    starts: await startsOfAppointment(from, assignment.appointment_id),
    credentials: (await credentialsOfAssignment(from, assignment.id)).map((one) => ({ number: one.number, state: one.state, issuedAt: one.issued_at })),
    outlook: special || assignment.ended_at !== null ? null : await outlookOf(from, present, now),
    titles: Object.fromEntries(requirements.map(({ code, title }) => [code, title])),
    timeline: await timelineOf(from, assignment.person_id, until === null ? undefined : startOfDate(addDays(until, 1), zone)),
    until,
  };
}

function viewOf({ clearance }: JudgedAssignment, requirements: readonly NamedRequirement[]): ClearanceView {
  const { status, mayStartOn, until, periods, withdrawnOn, suspendedOn, expiredOn, lawUntil, done, total } = clearance;
  return {
    status, mayStartOn, until, periods, withdrawnOn, suspendedOn, expiredOn, lawUntil, done, total,
    requirements: clearance.requirements.map((one) => ({ ...one, title: titleOf(one.code, requirements) })),
  };
}

/** For today progress says more about what is open than evidence does. */
async function presentView(from: Reader, judged: JudgedAssignment, requirements: readonly NamedRequirement[], now: Instant): Promise<ClearanceView> {
  const [explained = []] = await explainAll(from, [{ personId: judged.assignment.personId, requirements: judged.clearance.requirements }], now);
  return {
    ...viewOf(judged, requirements),
    requirements: explained.map(({ progress: _, runningAttemptId: __, ...one }) => ({ ...one, title: titleOf(one.code, requirements) })),
  };
}

const titleOf = (code: string, requirements: readonly NamedRequirement[]): Bilingual =>
  requirements.find((one) => one.code === code)?.title ?? { zh: code, en: code };
