import { addDays, addWorkingDays, dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { Tree } from '../requirement';
import { earliestOf } from './tree-date';

/** So much can be studied in a day beside everything else: half a working day. */
export const STUDY_MINUTES_A_DAY = 240;

/** So many working days it takes until a result that a person releases is there; an automatic one is there the same day. */
export const RELEASE_WORKING_DAYS = 3;

/** A sitting with a place that can be had, or is had already. */
export interface PossibleSitting {
  id: string;
  title: string;
  startsAt: Instant;
  endsAt: Instant;
  free: number;
  /** The place is one's own. */
  own: boolean;
}

/** What it would take to meet an open requirement. */
export type Need =
  | { kind: 'study'; code: string; targetId: string; minutesLeft: number }
  | {
    kind: 'exam'; code: string;
    /** The course that must be completed first; null: none, or it is. */
    courseFirst: { targetId: string; minutesLeft: number } | null;
    /** The earliest instant by opening and cooling-off; null: at once. */
    notBefore: Instant | null;
    closesAt: Instant | null;
    release: 'automatic' | 'by-person';
    /** null: not held in sittings; whenever one likes. */
    sittings: PossibleSitting[] | null;
  }
  /** Handed in; only the result is awaited. */
  | { kind: 'result'; code: string; handedInAt: Instant; release: 'automatic' | 'by-person' }
  /** Can be met today: a declaration to sign; or it is done, and the evidence is on its way. */
  | { kind: 'today'; code: string; done: boolean }
  | { kind: 'unknown'; code: string; why: Unplannable };

/** Why nobody can say when a requirement can be met. */
export type Unplannable = 'no-attempts-left' | 'no-sitting' | 'exam-closed' | 'exam-not-ready' | 'learning-hours' | 'office-decides';

export interface Step {
  code: string;
  /** When it can be met at the earliest. */
  on: PlainDate;
  /** The day of the exam, when the result comes later. */
  examOn: PlainDate | null;
  sitting: PossibleSitting | null;
}

export type Earliest =
  | { kind: 'date'; on: PlainDate; steps: Step[] }
  | { kind: 'unknown'; because: { code: string; why: Unplannable }[] };

export interface EarliestInput {
  today: PlainDate;
  startOfDuty: PlainDate;
  zone: string;
  tree: Tree;
  /** All requirements in their order. */
  codes: readonly string[];
  /** Those that are met. */
  met: readonly string[];
  needs: readonly Need[];
}

/**
 * The earliest day on which somebody can start, if every step succeeds at the first try from today on: lessons at
 * `STUDY_MINUTES_A_DAY`, exams after their course and the cooling-off, in the first sitting that has a place, results
 * `RELEASE_WORKING_DAYS` later. Not earlier than the start of duty.
 */
export function earliestStart({ today, startOfDuty, zone, tree, codes, met, needs }: EarliestInput): Earliest {
  const planned = needs.map((need) => ({ need, step: stepOf(need, today, zone) }));
  const steps = planned.flatMap(({ step }) => ('on' in step ? [step] : []));
  const dates = new Map<string, PlainDate>([...met.map((code) => [code, today] as const), ...steps.map(({ code, on }) => [code, on] as const)]);
  const found = earliestOf(tree, codes, dates);
  if (!found) return { kind: 'unknown', because: planned.flatMap(({ step }) => ('why' in step ? [step] : [])) };
  return { kind: 'date', on: later(found.on, startOfDuty), steps: steps.filter(({ code }) => found.codes.includes(code)) };
}

function stepOf(need: Need, today: PlainDate, zone: string): Step | { code: string; why: Unplannable } {
  const { code } = need;
  switch (need.kind) {
    case 'today': return { code, on: today, examOn: null, sitting: null };
    case 'study': return { code, on: studied(need.minutesLeft, today), examOn: null, sitting: null };
    case 'result': {
      const examOn = dateAt(need.handedInAt, zone);
      return { code, on: later(released(examOn, need.release), today), examOn, sitting: null };
    }
    case 'exam': return examStep(need, today, zone);
    case 'unknown': return { code, why: need.why };
  }
}

function examStep({ code, courseFirst, notBefore, closesAt, release, sittings }: Extract<Need, { kind: 'exam' }>, today: PlainDate, zone: string): Step | { code: string; why: Unplannable } {
  const ready = courseFirst ? studied(courseFirst.minutesLeft, today) : today;
  const from = notBefore === null ? ready : later(ready, dateAt(notBefore, zone));
  if (sittings === null) {
    if (closesAt !== null && dateAt(closesAt, zone) < from) return { code, why: 'exam-closed' };
    return { code, on: released(from, release), examOn: from, sitting: null };
  }
  const sitting = [...sittings].sort((a, b) => a.startsAt - b.startsAt)
    .find((one) => (one.own || one.free > 0) && dateAt(one.endsAt, zone) >= from && (notBefore === null || one.endsAt > notBefore));
  if (!sitting) return { code, why: 'no-sitting' };
  const examOn = later(dateAt(sitting.startsAt, zone), from);
  return { code, on: released(examOn, release), examOn, sitting };
}

/** The day on which so many minutes have been studied, today being the first. */
const studied = (minutesLeft: number, today: PlainDate): PlainDate =>
  addDays(today, Math.max(0, Math.ceil(minutesLeft / STUDY_MINUTES_A_DAY) - 1));

/** The day on which the result of an exam is expected. */
export const released = (examOn: PlainDate, release: 'automatic' | 'by-person'): PlainDate =>
  (release === 'automatic' ? examOn : addWorkingDays(examOn, RELEASE_WORKING_DAYS));

const later = (a: PlainDate, b: PlainDate): PlainDate => (a > b ? a : b);
