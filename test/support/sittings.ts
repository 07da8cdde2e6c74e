import { z } from 'zod';
import { inTransaction, insert, reader, rows } from '~/db';
import { book, findSitting, planSitting, type Exam, type Sitting } from '~/exams';
import { clock, hours } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import type { TypedPlan } from '~/exams/sittings/plan-check';
import { anActor } from './actors';
import { aCandidate, type TestCandidate } from './exams';

/** A planner of this organisation: HR there. */
export const plannerOf = (organisation: Organisation) => anActor({ hr: [organisation.path] });

/** What a planner types for a sitting tomorrow: one room with six seats, booked by the candidates themselves. */
export const aPlan = (given: Partial<TypedPlan> = {}): TypedPlan => {
  const startsAt = given.startsAt ?? clock.now() + hours(24);
  return {
    title: '第一场', mode: 'fixed', startsAt, endsAt: null, place: 'rooms', booking: 'self', capacity: null, bookFrom: null, bookUntil: null,
    lateMinutes: 15, lateRule: 'full', admission: false, checkIn: false, seb: 'off', networks: '',
    rooms: [{ name: '第一考场', seats: 6, seatsPerRow: 3 }], ...given,
  };
};

/** A planned sitting of an exam. */
export async function aSitting(exam: Exam, organisation: Organisation, given: Partial<TypedPlan> = {}): Promise<Sitting> {
  const id = must(await planSitting(plannerOf(organisation), { ...aPlan(given), examId: exam.id, organisationId: organisation.id }));
  const sitting = await findSitting(reader(), id);
  if (!sitting) throw new Error('the sitting was not stored');
  return sitting;
}

/** Somebody of this organisation who may book in its sittings. */
export async function aMember(organisation: Organisation, name = '考生'): Promise<TestCandidate> {
  const candidate = await aCandidate(name);
  await inTransaction((tx) => insert(tx, 'appointments', [{
    id: newId(), person_id: candidate.personId, organisation_id: organisation.id, intake_id: null, kind: 'staff', post: '科员', rank: null,
    start_of_duty: '2026-01-01', ended_on: null, created_at: 1,
  }]));
  return candidate;
}

/** `ok`, or the code with which something was refused. */
export const codeOf = (answer: { ok: boolean; error?: { code: string } }): string => (answer.ok ? 'ok' : answer.error?.code ?? '');

/** A member of the organisation with a place in the sitting, booked by themselves. */
export async function aBooked(sitting: Sitting, organisation: Organisation, name = '考生'): Promise<{ candidate: TestCandidate; bookingId: string }> {
  const candidate = await aMember(organisation, name);
  return { candidate, bookingId: must(await book(candidate.actor, sitting.id, { wait: false })).bookingId };
}

/** An attempt that was begun with a booking, as the start writes it. */
export async function startWith(candidate: TestCandidate, bookingId: string, sitting: Sitting): Promise<void> {
  const paperId = newId();
  await inTransaction(async (tx) => {
    await insert(tx, 'papers', [{ id: paperId, exam_id: sitting.examId, seed: 'x', entries: '[]', created_at: 1 }]);
    await insert(tx, 'attempts', [{
      id: newId(), exam_id: sitting.examId, person_id: candidate.personId, number: 1, paper_id: paperId, state: 'in-progress', prepared_at: 1, started_at: tx.now,
      deadline_at: tx.now + 1, device: 'd', device_at: 1, sitting_id: sitting.id, booking_id: bookingId,
    }]);
  });
}

/** What the ledger tells about something, in its order. */
export const told = async (subjectId: string): Promise<string[]> =>
  (await rows(reader(), z.object({ kind: z.string() }), 'SELECT kind FROM ledger_events WHERE subject_id = $subjectId ORDER BY recorded_at, id', { subjectId })).map(({ kind }) => kind);
