import type { Instant } from '~/kernel/clock';
import type { ExplainedRequirement } from './progress.service';

/**
 * The one thing to do next. `targetId` is what the requirement names: the course, the exam, the series of events, the kind
 * of evidence. Each leads to a page that the person may open (`~/ui/clearance/next-action`).
 */
export type NextStep =
  | { kind: 'learn'; targetId: string }
  | { kind: 'take-exam'; targetId: string }
  | { kind: 'go-on-with-exam'; targetId: string; attemptId: string }
  | { kind: 'sign'; targetId: string }
  | { kind: 'file-evidence'; targetId: string; again: boolean }
  | { kind: 'earn-hours' }
  | { kind: 'earn-credential'; assignmentId: string }
  | { kind: 'join-event'; targetId: string }
  | { kind: 'attend-event'; targetId: string }
  | { kind: 'await-approval' }
  | { kind: 'await-result'; targetId: string }
  | { kind: 'prepare-for-exam'; targetId: string }
  | { kind: 'wait'; targetId: string; until: Instant }
  | { kind: 'ask-hr' }
  | { kind: 'collect-credential' };

/** What the person can do alone and now; in this order when several are open at once. */
const OWN_WORK: readonly NextStep['kind'][] = ['learn', 'take-exam', 'sign', 'file-evidence', 'earn-hours', 'earn-credential', 'join-event'];

/** Whether the person can do it alone and now. */
export const isOwnWork = ({ kind }: NextStep): boolean => OWN_WORK.includes(kind);

/**
 * The requirement whose turn it is. An exam that runs comes before everything, for its clock runs too; then the first
 * requirement, in the programme's order, that can be worked on; waiting only when nothing can. null: everything is met.
 */
export function nextRequirement<One extends ExplainedRequirement>(requirements: readonly One[]): One | null {
  const open = requirements.filter((one) => one.state !== 'met');
  return open.find((one) => one.runningAttemptId !== null) ?? open.find((one) => isOwnWork(stepFor(one))) ?? open[0] ?? null;
}

/** What somebody should do next. */
export function nextStep(requirements: readonly ExplainedRequirement[]): NextStep {
  const next = nextRequirement(requirements);
  return next ? stepFor(next) : { kind: 'collect-credential' };
}

/** What is to be done about a requirement that is not met. */
export function stepFor({ kind, targetId, progress, runningAttemptId }: ExplainedRequirement): NextStep {
  if (runningAttemptId !== null) return { kind: 'go-on-with-exam', targetId, attemptId: runningAttemptId };
  switch (kind) {
    case 'course': return { kind: 'learn', targetId };
    case 'declaration': return { kind: 'sign', targetId };
    case 'exam': return examStep(targetId, progress);
    case 'external': return progress?.kind === 'external' && progress.state === 'asked' ? { kind: 'await-approval' } : { kind: 'file-evidence', targetId, again: progress !== null };
    case 'event': return { kind: progress?.kind === 'event' ? 'attend-event' : 'join-event', targetId };
    case 'hours': return { kind: 'earn-hours' };
    case 'credential': return progress?.kind === 'credential' ? { kind: 'earn-credential', assignmentId: progress.assignmentId } : { kind: 'ask-hr' };
  }
}

function examStep(targetId: string, progress: ExplainedRequirement['progress']): NextStep {
  if (progress?.kind !== 'exam') return { kind: 'ask-hr' };
  switch (progress.state) {
    case 'may-start': return { kind: 'take-exam', targetId };
    case 'awaiting-result': case 'passed': return { kind: 'await-result', targetId };
    case 'cooling-off': case 'not-open': return progress.nextAt === null ? { kind: 'ask-hr' } : { kind: 'wait', targetId, until: progress.nextAt };
    // The exam's page names its course, which need not be a requirement of the programme.
    case 'course-first': return { kind: 'prepare-for-exam', targetId };
    default: return { kind: 'ask-hr' };
  }
}
