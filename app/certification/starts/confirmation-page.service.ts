import { reader, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { addDays, dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { gateOn, type GateAnswer } from '../known';
import { assignmentsKnown } from '../known.repository';
import { probationEnds } from './confirmation';
import { confirmationsOf, countProbations, listProbations, PROBATIONS_PER_PAGE, type ProbationFilter } from './confirmations.repository';
import { verdictOf } from './ground';
import { findPost, signersOf } from './posts.repository';
import { missingIn } from './shown-ground.service';
import { startsOf } from './starts.repository';

/** How somebody stands with what is required before confirmation. */
export type ConfirmationStanding =
  | { kind: 'confirmed'; on: PlainDate }
  | { kind: 'none' }
  | { kind: 'met' | 'waived'; ready: boolean }
  | { kind: 'missing'; open: number };

export interface Probation {
  appointmentId: string;
  /** Where the clearance is shown; null when nothing is assigned for this gate. */
  assignmentId: string | null;
  name: string;
  organisation: string;
  post: string;
  began: PlainDate;
  ends: PlainDate;
  standing: ConfirmationStanding;
}

/** A page of people on probation, or of those who were confirmed; whose probation ends first comes first. */
export async function listedProbations(from: Reader, filter: ProbationFilter, asked: number, now: Instant) {
  const zone = config().TIME_ZONE;
  const today = dateAt(now, zone);
  const total = await countProbations(from, filter);
  const pageCount = Math.max(1, Math.ceil(total / PROBATIONS_PER_PAGE));
  const page = Math.min(Math.max(1, asked), pageCount);
  const found = await listProbations(from, filter, page);
  const known = await assignmentsKnown(from, [...new Set(found.map((row) => row.person_id))]);
  const people = found.map((row): Probation => {
    const began = row.started_on ?? row.start_of_duty;
    const answer = gateOn((known.get(row.person_id) ?? []).filter((one) => one.appointmentId === row.appointment_id), 'before-confirmation', today, zone);
    const standing: ConfirmationStanding = row.confirmed_on === null ? standingOf(answer, probationEnds(began) < today) : { kind: 'confirmed', on: row.confirmed_on };
    return {
      appointmentId: row.appointment_id, assignmentId: answer.programmes[0]?.assignment.id ?? null, name: row.name, organisation: row.organisation,
      post: row.post, began, ends: probationEnds(began), standing,
    };
  });
  return { people, total, page, pageCount };
}

function standingOf({ programmes, basis }: GateAnswer, over: boolean): ConfirmationStanding {
  if (programmes.length === 0) return { kind: 'none' };
  if (basis !== null) return { kind: basis === 'waiver' ? 'waived' : 'met', ready: over };
  return { kind: 'missing', open: programmes.reduce((sum, { clearance: { done, total } }) => sum + total - done, 0) };
}

/** One appointment's confirmation with what is missing today, for who confirms ranks; null when there is none. @throws ProblemError */
export async function confirmationPage(actor: Actor, appointmentId: string, now: Instant) {
  const from = reader();
  const post = await findPost(from, appointmentId);
  if (!post) return null;
  authorise(actor, 'see a confirmation', { organisationPath: post.path });
  const zone = config().TIME_ZONE;
  const today = dateAt(now, zone);
  const began = (await startsOf(from, appointmentId)).find(({ state }) => state === 'recorded')?.startedOn ?? post.start_of_duty;
  const known = (await assignmentsKnown(from, [post.person_id])).get(post.person_id) ?? [];
  const answer = gateOn(known.filter((one) => one.appointmentId === appointmentId), 'before-confirmation', today, zone);
  const records = await confirmationsOf(from, appointmentId);
  const signers = await signersOf(from, records.flatMap(({ recordedBy, cancelledBy }) => [recordedBy, cancelledBy]));
  const ends = probationEnds(began);
  return {
    post, began, ends, first: addDays(ends, 1), today, standing: standingOf(answer, ends < today), missing: await missingIn(from, verdictOf(answer).ground),
    records: records.map(({ ground: _, ...one }) => ({ ...one, recorder: signers.get(one.recordedBy) ?? null, canceller: one.cancelledBy === null ? null : signers.get(one.cancelledBy) ?? null })),
  };
}
