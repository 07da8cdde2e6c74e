import type { ClearanceOn, HoursOn } from '~/certification';
import type { PlainDate } from '~/kernel/calendar';

/**
 * How figures for appraisals are made. Whoever changes one of the functions below raises the version: a figure keeps the
 * version that it was made by.
 */
export const APPRAISAL_RULE = { code: 'appraisal', version: '1' } as const;

/** A figure as two whole numbers: a share is `part` of `whole`; where `whole` is null, `part` alone is the figure. */
export interface Figure {
  code: string;
  part: number;
  whole: number | null;
}

/** Of a person. `target:…` follow, one for each target of hours that applied. */
export const PERSON_CODES = ['hours', 'targets', 'certified', 'overdue'] as const;
/** Of a unit with everything beneath it. */
export const UNIT_CODES = ['people', 'hours-reached', 'hours-mean', 'certified', 'overdue'] as const;

export const TARGET_PREFIX = 'target:';

/**
 * One person's figures. Hours are hundredths of the year; `targets` how many of those that apply are reached, each of them
 * by the alternative that is nearest; `certified` how many of the posts that need a clearance at the start of duty, and
 * which the person has taken up, are held with one by evidence (a waiver permits, but proves nothing); `overdue` how many of
 * what is assigned is overdue.
 */
export function personFigures({ hundredths, targets }: HoursOn, clearances: readonly ClearanceOn[], on: PlainDate): Figure[] {
  const needed = clearances.filter((one) => one.leads && one.gate === 'before-start-of-duty' && one.startOfDuty <= on);
  return [
    { code: 'hours', part: hundredths, whole: null },
    { code: 'targets', part: targets.filter(({ met }) => met).length, whole: targets.length },
    ...targets.map(({ code, alternatives, nearest }): Figure => ({ code: `${TARGET_PREFIX}${code}`, part: alternatives[nearest]?.done ?? 0, whole: alternatives[nearest]?.amount ?? 0 })),
    { code: 'certified', part: needed.filter(({ state }) => state === 'may-start').length, whole: needed.length },
    { code: 'overdue', part: clearances.filter(({ state }) => state === 'overdue').length, whole: clearances.length },
  ];
}

/** What the figures of several people come to. */
export class UnitSum {
  private people = 0;
  private hundredths = 0;
  private withTargets = 0;
  private reached = 0;
  private needed = 0;
  private certified = 0;
  private assigned = 0;
  private overdue = 0;

  add(figures: readonly Figure[]): void {
    const of = (code: string): Figure => figures.find((one) => one.code === code) ?? { code, part: 0, whole: 0 };
    const [targets, certified, overdue] = [of('targets'), of('certified'), of('overdue')];
    this.people += 1;
    this.hundredths += of('hours').part;
    if ((targets.whole ?? 0) > 0) this.withTargets += 1;
    if ((targets.whole ?? 0) > 0 && targets.part === targets.whole) this.reached += 1;
    this.needed += certified.whole ?? 0;
    this.certified += certified.part;
    if ((overdue.whole ?? 0) > 0) this.assigned += 1;
    if (overdue.part > 0) this.overdue += 1;
  }

  /** `hours-reached`: of the people with targets those who reached all; `overdue`: of those with something assigned. */
  figures(): Figure[] {
    return [
      { code: 'people', part: this.people, whole: null },
      { code: 'hours-reached', part: this.reached, whole: this.withTargets },
      { code: 'hours-mean', part: this.hundredths, whole: this.people },
      { code: 'certified', part: this.certified, whole: this.needed },
      { code: 'overdue', part: this.overdue, whole: this.assigned },
    ];
  }
}

/** Shares of which the part lies in the whole; a mean and a target may be exceeded. */
export const isShare = (code: string): boolean => code !== 'hours-mean' && code !== 'hours' && code !== 'people' && !code.startsWith(TARGET_PREFIX);
