import type { Instant } from '~/kernel/clock';
import { deadline } from '../deadline';
import type { ExamSection } from '../exam-section';
import { deadlineOfBasis, grantOf, type AttemptTime, type TimeBasis } from './basis';

/** A section that was entered, as stored. */
export interface EnteredSection {
  section: number;
  enteredAt: Instant;
  /** When its own time is up; null: only the exam's limit counts. */
  endsAt: Instant | null;
  /** When it was closed for good; null: it may still be worked on. */
  leftAt: Instant | null;
}

/** ahead: not entered yet; open: before the candidate's eyes; back: may be entered again; over: closed for good. */
export type SectionState = 'ahead' | 'open' | 'back' | 'over';

/** What came when its section's time was up, or after it was left for good, does not count. */
const isOver = ({ endsAt, leftAt }: Pick<EnteredSection, 'endsAt' | 'leftAt'>, at: Instant): boolean =>
  leftAt !== null || (endsAt !== null && at > endsAt);

export interface SectionTime {
  basis: Omit<TimeBasis, 'sections'>;
  times: readonly AttemptTime[];
  section: Pick<ExamSection, 'minutes'>;
  enteredAt: Instant;
}

/**
 * When a section's own time is up, or null when it has none; never behind the attempt's deadline.
 *
 * Personal factors hold for the section as for the exam; personal extra minutes are shared among sections by their
 * length, rounded up. What is decided while the section is open – minutes given, a pause, an incident, also one that
 * began before – moves its end by exactly what it moves the deadline; what was decided before counts only as far as it
 * lies within the section.
 */
export function sectionDeadline({ basis, times, section, enteredAt }: SectionTime): Instant | null {
  if (section.minutes === null) return null;
  const before = times.filter((time) => time.madeAt < enteredAt);
  const moved = deadlineOfBasis(basis, times).at - deadlineOfBasis(basis, before).at;
  const share = (extra: number) => Math.ceil((extra * (section.minutes ?? 0)) / basis.minutes);
  const own = deadline({
    exam: { minutes: section.minutes },
    window: { closesAt: null, late: 'cut', cutsExtra: false },
    attempt: { startedAt: enteredAt },
    accommodations: basis.accommodations.map((one) => ({ ...one, extraMinutes: share(one.extraMinutes) })),
    grants: before.flatMap(grantOf).filter((grant) => grant.code === 'interval'),
  });
  return Math.min(own.at + moved, deadlineOfBasis(basis, times).at);
}

export interface Settled {
  current: number;
  /** All that were entered, in their order. */
  entered: EnteredSection[];
  /** Whether anything differs from what was given. */
  moved: boolean;
}

export interface Sections {
  rules: readonly ExamSection[];
  /** The open section as stored. */
  current: number;
  entered: readonly EnteredSection[];
  basis: TimeBasis;
  times: readonly AttemptTime[];
}

/**
 * The sections as they stand at `at`: where time was up, the next one has begun at that very instant, whenever this is
 * looked at. `at` is never behind the deadline or the beginning of a pause: then nothing moves on any more.
 */
export function settle({ rules, current, entered, basis, times }: Sections, at: Instant): Settled {
  const known = new Map(entered.map((one) => [one.section, one]));
  let [here, moved] = [current, false];
  const enter = (section: number, enteredAt: Instant): void => {
    const rule = rules[section];
    if (!rule) return;
    known.set(section, { section, enteredAt, endsAt: sectionDeadline({ basis, times, section: rule, enteredAt }), leftAt: null });
    moved = true;
  };
  if (rules.length > 0 && known.size === 0) enter(0, basis.startedAt);
  for (;;) {
    const open = known.get(here);
    if (!open || !isOver(open, at)) break;
    const endedAt = open.leftAt ?? open.endsAt ?? at;
    if (open.leftAt === null) {
      known.set(here, { ...open, leftAt: endedAt });
      moved = true;
    }
    const next = nextOf(rules.length, here, known, at);
    if (next === null) break;
    if (!known.has(next)) enter(next, endedAt);
    here = next;
    moved = true;
  }
  return { current: here, entered: [...known.values()].sort((a, b) => a.section - b.section), moved };
}

/** Forward first; when all that follows is over, back to one that is not. */
function nextOf(count: number, from: number, known: ReadonlyMap<number, EnteredSection>, at: Instant): number | null {
  const writable = (section: number): boolean => {
    const entered = known.get(section);
    return !entered || !isOver(entered, at);
  };
  for (let section = from + 1; section < count; section += 1) if (writable(section)) return section;
  for (let section = 0; section < from; section += 1) if (known.has(section) && writable(section)) return section;
  return null;
}

/** How each section stands for the candidate. `settled` is the outcome of `settle` at the same instant. */
export const sectionStates = (count: number, { current, entered }: Settled, at: Instant): SectionState[] =>
  Array.from({ length: count }, (_, section): SectionState => {
    const known = entered.find((one) => one.section === section);
    if (!known) return 'ahead';
    if (isOver(known, at)) return 'over';
    return section === current ? 'open' : 'back';
  });

export type MoveVerdict =
  | { ok: true; /** The open section is closed for good by it. */ closes: boolean }
  | { ok: false; code: 'section.over' | 'section.ahead' };

/** Whether the candidate may go from the open section to `target`: back to what is not over, or on to the next new one. */
export function judgeMove(rules: readonly ExamSection[], settled: Settled, target: number, at: Instant): MoveVerdict {
  const states = sectionStates(rules.length, settled, at);
  const state = states[target];
  if (state === undefined || state === 'over') return { ok: false, code: 'section.over' };
  if (state === 'ahead' && target !== states.indexOf('ahead')) return { ok: false, code: 'section.ahead' };
  return { ok: true, closes: target !== settled.current && states[settled.current] === 'open' && rules[settled.current]?.oneWay === true };
}

/** The sections after the candidate went to `target`, which `judgeMove` allowed. */
export function moveTo({ rules, basis, times }: Sections, settled: Settled, target: number, at: Instant): Settled {
  if (target === settled.current) return settled;
  const entered = settled.entered.map((one) =>
    (one.section === settled.current && one.leftAt === null && rules[one.section]?.oneWay ? { ...one, leftAt: at } : one));
  const rule = rules[target];
  if (rule && !entered.some((one) => one.section === target)) {
    entered.push({ section: target, enteredAt: at, endsAt: sectionDeadline({ basis, times, section: rule, enteredAt: at }), leftAt: null });
  }
  return { current: target, entered: entered.sort((a, b) => a.section - b.section), moved: true };
}

/**
 * The ends of sections after time was given or taken: of all that may still be written in, and of the open one also
 * when its time had been up, which opens it again if there is time now.
 */
export function withNewEnds({ rules, current, entered, basis, times }: Sections): EnteredSection[] {
  return entered.map((one) => {
    const rule = rules[one.section];
    const byTime = one.section === current && one.leftAt !== null && one.leftAt === one.endsAt;
    if (!rule || (one.leftAt !== null && !byTime)) return one;
    const endsAt = sectionDeadline({ basis, times, section: rule, enteredAt: one.enteredAt });
    return { ...one, endsAt, leftAt: byTime && endsAt !== null && one.endsAt !== null && endsAt > one.endsAt ? null : one.leftAt };
  });
}

/** Minutes of all sections that have a limit; more than the exam's would promise time that there is not. */
export const limitedMinutes = (rules: readonly ExamSection[]): number => rules.reduce((sum, { minutes: limit }) => sum + (limit ?? 0), 0);
