import { z } from 'zod';
import * as certification from '~/certification';
import { forgetDone } from '~/db';
import * as exams from '~/exams';
import { forgetSignIns } from '~/identity';
import { days, minutes, seconds, type Instant } from '~/kernel/clock';
import { Id } from '~/kernel/id';
import * as marking from '~/marking';
import * as notices from '~/notices';

/** What a job gets beside its payload. */
export interface JobContext {
  now: Instant;
}

interface Job {
  /** Runs the job once its payload was checked; rejects to be tried again. Must be safe to run twice. */
  run(payload: unknown, context: JobContext): Promise<void>;
  attempts: number;
  backoffMs: number;
}

function job<T>(definition: {
  payload: z.ZodType<T>;
  run: (payload: T, context: JobContext) => Promise<unknown>;
  attempts?: number;
  backoffMs?: number;
}): Job {
  return {
    run: async (payload, context) => {
      await definition.run(definition.payload.parse(payload), context);
    },
    attempts: definition.attempts ?? 6,
    backoffMs: definition.backoffMs ?? seconds(2),
  };
}

const ofAttempt = z.object({ attemptId: Id });
const ofBooking = z.object({ bookingId: Id });
const ofAssignment = z.object({ assignmentId: Id });

/** Every job by name. Rooms put these names into the outbox; the payload holds ids only. */
export const JOBS: Record<string, Job> = {
  'people.appointed': job({
    payload: z.object({ appointmentId: Id }),
    run: (p) => certification.assignFor(p.appointmentId),
  }),
  'courses.completed': job({
    payload: z.object({ completionId: Id }),
    run: async (p) => {
      await certification.recordCompletion(p.completionId);
      await exams.prepareAfterCourse(p.completionId);
    },
  }),
  'exams.close': job({ payload: ofAttempt, run: (p) => exams.closeIfDue(p.attemptId) }),
  'exams.handed-in': job({ payload: ofAttempt, run: (p) => marking.gradeAttempt(p.attemptId) }),
  'exams.late-accepted': job({ payload: ofAttempt, run: (p) => marking.regradeAttempt(p.attemptId) }),
  'exams.late-decided': job({
    payload: z.object({ attemptId: Id, decisionId: Id }),
    run: (p) => notices.announceLateDecision(p.attemptId, p.decisionId),
  }),
  'exams.finding-changed': job({
    payload: z.object({ findingId: Id, step: z.enum(['proposed', 'decided', 'appeal-decided']) }),
    run: (p) => notices.announceFinding(p.findingId, p.step),
  }),
  'exams.finding-final': job({ payload: z.object({ findingId: Id }), run: (p) => exams.settleFinding(p.findingId) }),
  'exams.result-let-go': job({ payload: ofAttempt, run: (p) => marking.releaseLetGo(p.attemptId) }),
  'exams.voided': job({ payload: ofAttempt, run: (p) => certification.withdrawResult(p.attemptId) }),
  'exams.booked': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'booked') }),
  'exams.promoted': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'promoted') }),
  'exams.moved': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'moved') }),
  'exams.sitting-changed': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'changed') }),
  'exams.sitting-cancelled': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'cancelled') }),
  'exams.place-taken': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'taken') }),
  'exams.excuse-decided': job({ payload: z.object({ excuseId: Id }), run: (p) => notices.announceExcuse(p.excuseId) }),
  'marking.released': job({ payload: ofAttempt, run: (p) => certification.recordResult(p.attemptId) }),
  'certification.assigned': job({ payload: ofAssignment, run: (p) => notices.announceAssignment(p.assignmentId) }),
  'certification.cleared': job({ payload: ofAssignment, run: (p) => certification.issueCredential(p.assignmentId) }),
  'certification.issued': job({
    payload: z.object({ credentialId: Id }),
    run: (p) => notices.announceCredential(p.credentialId),
  }),
  'notices.send': job({
    payload: z.object({ noticeId: Id }),
    run: (p) => notices.deliver(p.noticeId),
    attempts: 8,
    backoffMs: seconds(30),
  }),
};

/** What is run again and again: each finds what got lost or fell due, and is safe to run at any time. */
export const SWEEPS: Record<string, { everyMs: number; run: (now: Instant) => Promise<unknown> }> = {
  'exams.sweep': { everyMs: seconds(10), run: exams.sweepDue },
  'exams.prepare': { everyMs: seconds(60), run: exams.prepareSittings },
  'exams.findings': { everyMs: minutes(10), run: exams.sweepFindings },
  'marking.sweep': { everyMs: minutes(1), run: marking.sweep },
  'certification.sweep': { everyMs: minutes(5), run: certification.sweep },
  'notices.plan': { everyMs: minutes(10), run: notices.planReminders },
  'outbox.forget': { everyMs: minutes(60), run: (now) => forgetDone(now - days(7)) },
  'sign-ins.forget': { everyMs: minutes(60), run: (now) => forgetSignIns(now - days(30)) },
};
