import { z } from 'zod';
import { sealLedger } from '~/audit';
import * as certification from '~/certification';
import { forgetDone } from '~/db';
import * as exams from '~/exams';
import * as exchange from '~/exchange';
import { forgetSignIns } from '~/identity';
import { days, minutes, seconds, type Instant } from '~/kernel/clock';
import { Id } from '~/kernel/id';
import * as marking from '~/marking';
import * as notices from '~/notices';
import * as people from '~/people';
import * as reports from '~/reports';

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
const ofRoster = z.object({ importId: Id });

/** Every job by name. Rooms put these names into the outbox; the payload holds ids only. */
export const JOBS: Record<string, Job> = {
  'people.appointed': job({
    payload: z.object({ appointmentId: Id }),
    run: (p) => certification.assignFor(p.appointmentId),
  }),
  'people.appointment-ends': job({ payload: z.object({ appointmentId: Id }), run: (p) => people.endDueAppointment(p.appointmentId) }),
  'people.organisation-change': job({ payload: z.object({ changeId: Id }), run: (p) => people.carryOutChange(p.changeId) }),
  'people.organisation-changed': job({ payload: z.object({ organisationId: Id }), run: (p) => certification.alignBeneath(p.organisationId) }),
  'people.transfer-ends': job({ payload: z.object({ transferId: Id }), run: (p) => people.endTransferred(p.transferId) }),
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
  'exams.voided': job({
    payload: ofAttempt,
    run: async (p) => {
      await certification.withdrawResult(p.attemptId);
      await certification.enterResult(p.attemptId);
    },
  }),
  'exams.booked': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'booked') }),
  'exams.promoted': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'promoted') }),
  'exams.moved': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'moved') }),
  'exams.sitting-changed': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'changed') }),
  'exams.sitting-cancelled': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'cancelled') }),
  'exams.place-taken': job({ payload: ofBooking, run: (p) => notices.announcePlace(p.bookingId, 'taken') }),
  'exams.excuse-decided': job({ payload: z.object({ excuseId: Id }), run: (p) => notices.announceExcuse(p.excuseId) }),
  'marking.correct': job({ payload: z.object({ correctionId: Id }), run: (p) => marking.applyCorrection(p.correctionId) }),
  'marking.result-corrected': job({
    payload: z.object({ attemptId: Id, correctionId: Id }),
    run: (p) => notices.announceCorrectedResult(p.attemptId, p.correctionId),
  }),
  'marking.released': job({
    payload: ofAttempt,
    run: async (p) => {
      await certification.recordResult(p.attemptId);
      await certification.enterResult(p.attemptId);
    },
  }),
  'certification.hours-proved': job({ payload: z.object({ personId: Id }), run: (p) => certification.proveHours(p.personId) }),
  'certification.hours-run': job({ payload: z.object({ runId: Id }), run: (p) => certification.goOnWithRun(p.runId) }),
  'certification.window': job({ payload: ofAssignment, run: (p) => certification.openWindow(p.assignmentId) }),
  'certification.recertify': job({ payload: z.object({ recertificationId: Id }), run: (p) => certification.stepRecertification(p.recertificationId) }),
  'certification.publish': job({ payload: z.object({ versionId: Id }), run: (p) => certification.applyVersion(p.versionId) }),
  'certification.move': job({ payload: z.object({ moveId: Id }), run: (p) => certification.carryOutMove(p.moveId) }),
  'certification.move-back': job({ payload: z.object({ moveId: Id }), run: (p) => certification.carryBackMove(p.moveId) }),
  'certification.calendar': job({ payload: z.object({ changeId: Id }), run: (p) => certification.replanByCalendar(p.changeId) }),
  'certification.past-import': job({ payload: z.object({ importId: Id }), run: (p) => certification.applyPast(p.importId) }),
  'certification.assigned': job({ payload: ofAssignment, run: (p) => notices.announceAssignment(p.assignmentId) }),
  'certification.cleared': job({ payload: ofAssignment, run: (p) => certification.issueCredential(p.assignmentId) }),
  'certification.credential-changed': job({
    payload: z.object({ credentialId: Id, change: z.enum(['suspend', 'reinstate', 'revoke', 'supersede']) }),
    run: (p) => notices.announceCredentialChange(p.credentialId, p.change),
  }),
  'certification.grounds': job({ payload: z.object({ personId: Id }), run: (p) => certification.settleGrounds(p.personId) }),
  'certification.lost': job({
    payload: ofAssignment.extend({ at: z.coerce.number().int() }),
    run: (p) => notices.announceLoss(p.assignmentId, p.at),
  }),
  'certification.waiver-changed': job({
    payload: z.object({ waiverId: Id, state: z.enum(certification.WAIVER_STATES) }),
    run: (p) => notices.announceWaiver(p.waiverId, p.state),
  }),
  'certification.extension-changed': job({
    payload: z.object({ extensionId: Id, state: z.enum(certification.EXTENSION_STATES) }),
    run: (p) => notices.announceExtension(p.extensionId, p.state),
  }),
  'certification.start-changed': job({
    payload: z.object({ startId: Id, state: z.enum(certification.START_STATES) }),
    run: (p) => notices.announceStart(p.startId, p.state),
  }),
  'certification.credential-run': job({ payload: z.object({ runId: Id }), run: (p) => certification.continueRun(p.runId) }),
  'certification.issued': job({
    payload: z.object({ credentialId: Id }),
    run: (p) => notices.announceCredential(p.credentialId),
  }),
  'exchange.roster-check': job({ payload: ofRoster, run: (p) => exchange.checkRoster(p.importId) }),
  'exchange.roster-stage': job({ payload: ofRoster, run: (p) => exchange.stageRoster(p.importId) }),
  'exchange.roster-switch': job({ payload: ofRoster, run: (p) => exchange.switchRoster(p.importId) }),
  'exchange.roster-clear': job({ payload: ofRoster, run: (p) => exchange.clearRoster(p.importId) }),
  'exchange.roster-tell': job({ payload: ofRoster, run: (p) => exchange.tellRoster(p.importId) }),
  'exchange.roster-undo': job({ payload: ofRoster, run: (p) => exchange.carryOutUndo(p.importId) }),
  'exchange.roster-left': job({ payload: ofRoster.extend({ line: z.coerce.number().int() }), run: (p) => exchange.closeWhoLeft(p.importId, p.line) }),
  'exchange.webhook': job({ payload: z.object({ webhookId: Id }), run: (p) => exchange.sendWebhook(p.webhookId) }),
  'reports.make': job({ payload: z.object({ requestId: Id }), run: (p, { now }) => reports.makeReport(p.requestId, now) }),
  'reports.tell': job({ payload: z.object({ requestId: Id }), run: (p) => reports.tellMade(p.requestId) }),
  'reports.freeze': job({ payload: z.object({ appraisalId: Id }), run: (p) => reports.goOnFreezing(p.appraisalId) }),
  'notices.send': job({
    // Jobs of the program before name the notice, whose id its dispatch has taken over.
    payload: z.union([z.object({ dispatchId: Id }), z.object({ noticeId: Id }).transform(({ noticeId }) => ({ dispatchId: noticeId }))]),
    run: (p) => notices.deliver(p.dispatchId),
    attempts: 8,
    backoffMs: seconds(30),
  }),
};

/** What is run again and again: each finds what got lost or fell due, and is safe to run at any time. */
export const SWEEPS: Record<string, { everyMs: number; run: (now: Instant) => Promise<unknown> }> = {
  'people.organisation-changes': { everyMs: minutes(1), run: people.sweepChanges },
  'people.likenesses': { everyMs: minutes(10), run: people.noteLikenesses },
  'people.appointment-ends': { everyMs: minutes(5), run: people.sweepAppointmentEnds },
  'exams.sweep': { everyMs: seconds(10), run: exams.sweepDue },
  'audit.seal': { everyMs: minutes(1), run: sealLedger },
  'exams.prepare': { everyMs: seconds(60), run: exams.prepareSittings },
  'exams.findings': { everyMs: minutes(10), run: exams.sweepFindings },
  'marking.corrections': { everyMs: minutes(5), run: marking.sweepCorrections },
  'marking.sweep': { everyMs: minutes(1), run: marking.sweep },
  'certification.windows': { everyMs: minutes(10), run: certification.sweepWindows },
  'certification.recertifications': { everyMs: minutes(5), run: certification.sweepRecertifications },
  'certification.sweep': { everyMs: minutes(5), run: certification.sweep },
  'exchange.webhooks': { everyMs: seconds(5), run: exchange.sweepWebhooks },
  'exchange.rosters': { everyMs: minutes(1), run: exchange.watchRosters },
  'notices.plan': { everyMs: minutes(10), run: notices.planNotices },
  'notices.bounces': { everyMs: minutes(1), run: notices.watchBounces },
  'notices.sweep': { everyMs: minutes(10), run: notices.sweepDispatches },
  'reports.schedules': { everyMs: minutes(1), run: reports.sweepSchedules },
  'reports.sweep': { everyMs: minutes(1), run: reports.sweepReports },
  'reports.freezing': { everyMs: minutes(5), run: reports.sweepAppraisals },
  'reports.forget': { everyMs: minutes(60), run: reports.forgetReports },
  'exchange.forget': { everyMs: minutes(60), run: async (now) => { await exchange.forgetAnswers(now); await exchange.forgetRequests(now); } },
  'outbox.forget': { everyMs: minutes(60), run: (now) => forgetDone(now - days(7)) },
  'sign-ins.forget': { everyMs: minutes(60), run: (now) => forgetSignIns(now - days(30)) },
};
