import type { Instant } from '~/kernel/clock';
import type { ExplainedRequirement } from './progress.service';

/** The one thing to do next. `targetId` is the course or exam. */
export type NextStep =
  | { kind: 'learn'; targetId: string }
  | { kind: 'take-exam'; targetId: string }
  | { kind: 'go-on-with-exam'; targetId: string; attemptId: string }
  | { kind: 'sign'; targetId: string }
  | { kind: 'await-result' }
  | { kind: 'wait'; until: Instant }
  | { kind: 'ask-hr' }
  | { kind: 'collect-credential' };

/**
 * What somebody should do next. An exam that runs comes before everything, for its clock runs too; then the
 * first requirement, in the programme's order, that can be worked on; waiting only when nothing can.
 */
export function nextStep(requirements: readonly ExplainedRequirement[]): NextStep {
  const running = requirements.find((one) => one.runningAttemptId !== null);
  if (running?.runningAttemptId) return { kind: 'go-on-with-exam', targetId: running.targetId, attemptId: running.runningAttemptId };
  const open = requirements.filter((one) => one.state !== 'met');
  const steps = open.map(stepFor);
  return steps.find((step) => step.kind === 'learn' || step.kind === 'take-exam' || step.kind === 'sign') ?? steps[0] ?? { kind: 'collect-credential' };
}

function stepFor({ kind, targetId, progress, reason }: ExplainedRequirement): NextStep {
  if (kind === 'course') return { kind: 'learn', targetId };
  if (kind === 'declaration') return { kind: 'sign', targetId };
  if (progress?.kind !== 'exam') return { kind: 'ask-hr' };
  switch (progress.state) {
    case 'may-start': return { kind: 'take-exam', targetId };
    case 'awaiting-result': case 'passed': return { kind: 'await-result' };
    case 'cooling-off': case 'not-open': return progress.nextAt === null ? { kind: 'ask-hr' } : { kind: 'wait', until: progress.nextAt };
    // Its course is open too, or its completion is about to be noticed.
    case 'course-first': return reason.code === 'exam-course-first' ? { kind: 'await-result' } : { kind: 'ask-hr' };
    default: return { kind: 'ask-hr' };
  }
}
