import type { Problem } from '~/kernel/result';
import type { ExamSection } from './exam-section';
import type { ObservationKind } from './observation-kind';
import { limitedMinutes } from './time/sections';

/** The rules that depend on each other. */
interface Rules {
  opensAt: number | null;
  closesAt: number | null;
  toleranceSeconds: number;
  observed: readonly ObservationKind[];
  idleMinutes: number | null;
  sections: readonly ExamSection[];
}

/** What contradicts itself in an exam's rules, at its field; null when nothing does. */
export function settingsProblem(rules: Rules, exam: { minutes: number; blueprint: readonly unknown[] }): Problem | null {
  const { opensAt, closesAt, observed, idleMinutes, sections } = rules;
  if (opensAt !== null && closesAt !== null && closesAt <= opensAt) return { code: 'exam.window', field: 'closesAt' };
  if (observed.includes('idle') && idleMinutes === null) return { code: 'exam.idle-minutes', field: 'idleMinutes' };
  if (sections.length === 0) return null;
  const lines = sections.reduce((sum, section) => sum + section.lines, 0);
  if (lines !== exam.blueprint.length) return { code: 'exam.section-lines', params: { sum: lines, lines: exam.blueprint.length }, field: 'sections' };
  const limited = limitedMinutes(sections);
  if (limited > exam.minutes) return { code: 'exam.section-minutes', params: { sum: limited, minutes: exam.minutes }, field: 'sections' };
  // Nothing would be left for those without a limit of their own.
  if (limited === exam.minutes && sections.some(({ minutes }) => minutes === null)) {
    return { code: 'exam.section-minutes', params: { sum: limited, minutes: exam.minutes }, field: 'sections' };
  }
  return null;
}

/** The first changed rule that those who are writing now were told before they started; null when there is none. */
export function bindingChange(next: Rules, now: Rules): 'toleranceSeconds' | 'observed' | 'idleMinutes' | null {
  if (next.toleranceSeconds !== now.toleranceSeconds) return 'toleranceSeconds';
  if ([...next.observed].sort().join(' ') !== [...now.observed].sort().join(' ')) return 'observed';
  return next.idleMinutes !== now.idleMinutes ? 'idleMinutes' : null;
}
