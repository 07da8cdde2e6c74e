import { z } from 'zod';
import { isPlainDate } from '~/kernel/calendar';

/** What can be asked of somebody before a gate opens. */
export const REQUIREMENT_KINDS = ['course', 'exam', 'credential', 'hours', 'event', 'external', 'declaration'] as const;
export type RequirementKind = (typeof REQUIREMENT_KINDS)[number];

const Day = z.string().refine(isPlainDate, 'field.date');

/** In which time learning hours count: a calendar year, the months before the date that is asked about, or fixed dates. */
export const HoursWindow = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('calendar-year') }),
  z.object({ kind: z.literal('months'), months: z.number().int().min(1).max(120) }),
  z.object({ kind: z.literal('dates'), from: Day, until: Day }),
]);
export type HoursWindow = z.infer<typeof HoursWindow>;

/** What a requirement says beside its kind and target; a field that a kind does not know means nothing there. */
export const RequirementParams = z.object({
  /** exam: the percentage that must be reached here, when it is not the exam's own. */
  cutScore: z.number().min(0).max(100).optional(),
  /** hours: how many, in hundredths of an hour, so that sums are exact. */
  hundredths: z.number().int().positive().optional(),
  window: HoursWindow.optional(),
  /** What people read when the target has no title of its own (event, external evidence, declaration). */
  titleZh: z.string().optional(),
  titleEn: z.string().optional(),
  /** declaration: the text that is signed. */
  textZh: z.string().optional(),
  textEn: z.string().optional(),
});
export type RequirementParams = z.infer<typeof RequirementParams>;

/**
 * What must be shown. `targetId` is the course, the exam, the programme whose credential is held, `all` for hours,
 * the code of the event, of the kind of external evidence, or of the declaration.
 */
export interface Requirement {
  code: string;
  kind: RequirementKind;
  targetId: string;
  params?: RequirementParams | undefined;
}

/**
 * How requirements combine, by their codes. `{"kind":"all"}` without `of` means all requirements of the version, in
 * their order.
 */
export type Tree =
  | { kind: 'requirement'; code: string }
  | { kind: 'all'; of?: Tree[] | undefined }
  | { kind: 'any'; of: Tree[] }
  | { kind: 'some'; least: number; of: Tree[] };

export const Tree: z.ZodType<Tree> = z.lazy(() => z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('requirement'), code: z.string() }),
  z.object({ kind: z.literal('all'), of: z.array(Tree).optional() }),
  z.object({ kind: z.literal('any'), of: z.array(Tree) }),
  z.object({ kind: z.literal('some'), least: z.number().int().min(1), of: z.array(Tree) }),
]));

/** A length of validity. */
export const Period = z.object({ count: z.number().int().positive(), unit: z.enum(['months', 'years', 'working-days']) });
export type Period = z.infer<typeof Period>;

/**
 * How long a clearance holds. `from-completion`: from the day on which everything was met. `from-last-expiry`: a
 * renewal begins where the last one ended, so early renewal loses nothing. `fixed-date`: until the next such day of the
 * year (`MM-DD`) that leaves at least `least`. `window`: how long before the expiry a renewal may begin.
 */
export const Validity = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('for-ever') }),
  z.object({ kind: z.literal('from-completion'), period: Period, window: Period }),
  z.object({ kind: z.literal('from-last-expiry'), period: Period, window: Period }),
  z.object({ kind: z.literal('fixed-date'), day: z.string().regex(/^\d{2}-\d{2}$/), every: z.number().int().min(1).max(10), least: Period, window: Period }),
]);
export type Validity = z.infer<typeof Validity>;

/** By when requirements must be met; days are working days of the national calendar. */
export const DueRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('before-start'), workingDays: z.number().int().min(0).max(250) }),
  z.object({ kind: z.literal('after-start'), workingDays: z.number().int().min(0).max(500) }),
  z.object({ kind: z.literal('months-after-start'), months: z.number().int().min(1).max(60) }),
  z.object({ kind: z.literal('fixed'), on: Day }),
]);
export type DueRule = z.infer<typeof DueRule>;

/** What a programme opens: the start of work, the confirmation of rank after the probation, or no gate. */
export const GATES = ['before-start-of-duty', 'before-confirmation', 'none'] as const;
export type Gate = (typeof GATES)[number];
