import { z } from 'zod';
import { execute, inTransaction, insert, one, reader, rows, type Bindable } from '~/db';
import type { Exam } from '~/exams';
import { clock, hours, minutes } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { adoptRootOrganisation } from '~/people';
import { aStartedAttempt, type ExamGiven, type StartedAttempt } from './exams';

export interface TestHall {
  sittingId: string;
  rooms: string[];
}

/** A sitting of the whole deployment that is being held now, with two rooms. */
export async function aHall(exam: Exam, given: Record<string, Bindable> = {}): Promise<TestHall> {
  const root = await adoptRootOrganisation();
  const sittingId = newId();
  const rooms = [newId(), newId()];
  await inTransaction(async (tx) => {
    await insert(tx, 'sittings', [{
      id: sittingId, exam_id: exam.id, organisation_id: root.id, code: sittingId, title: '第一场', mode: 'fixed', starts_at: clock.now() - minutes(5),
      ends_at: clock.now() + hours(3), place: 'rooms', booking: 'assigned', capacity: 100, book_until: clock.now() - hours(1), late_rule: 'full',
      admission: 0, check_in: 0, seb: 'off', seb_salt: 'salt', state: 'planned', created_at: 1, created_by: 'system:a test', ...given,
    }]);
    await insert(tx, 'exam_rooms', rooms.map((id, i) => ({ id, sitting_id: sittingId, name: `${i + 1}号考场`, seats: 30, seats_per_row: 6, position: i })));
  });
  return { sittingId, rooms };
}

/** Somebody who has just started in that room. */
export async function aWriterIn(hall: TestHall, room: number, given: ExamGiven & Partial<Pick<StartedAttempt, 'exam' | 'candidate'>> = {}): Promise<StartedAttempt> {
  const started = await aStartedAttempt(given);
  await inTransaction((tx) => execute(tx, 'UPDATE attempts SET sitting_id = $sittingId, room_id = $roomId WHERE id = $id', {
    id: started.attemptId, sittingId: hall.sittingId, roomId: hall.rooms[room] ?? null,
  }));
  return started;
}

const Timing = z.object({
  state: z.string(), deadline_at: z.number(), next_check_at: z.number().nullable(), paused_at: z.number().nullable(), signal_at: z.number().nullable(),
  handed_in_at: z.number().nullable(), section: z.number(),
});

export const timingOf = (attemptId: string): Promise<z.infer<typeof Timing>> =>
  one(reader(), Timing, `SELECT state, deadline_at, next_check_at, paused_at, signal_at, handed_in_at, section FROM attempts WHERE id = $attemptId`, { attemptId });

const Job = z.object({ not_before: z.number() });

/** When jobs will look whether the attempt is to be closed. */
export const closingJobs = async (attemptId: string): Promise<number[]> =>
  (await rows(reader(), Job, `SELECT not_before FROM outbox WHERE name = 'exams.close' AND payload LIKE $like ORDER BY not_before`, { like: `%${attemptId}%` }))
    .map((job) => job.not_before);

const Kind = z.object({ kind: z.string() });

export const ledgerOf = async (subjectId: string): Promise<string[]> =>
  (await rows(reader(), Kind, 'SELECT kind FROM ledger_events WHERE subject_id = $subjectId ORDER BY recorded_at, id', { subjectId })).map(({ kind }) => kind);
