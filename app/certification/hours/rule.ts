import { z } from 'zod';
import { isPlainDate } from '~/kernel/calendar';

/** What learning hours come from. An adjustment is a decision, so no rule converts it. */
export const HOUR_KINDS = ['online-course', 'exam-passed', 'classroom', 'transfer', 'adjustment'] as const;
export type HourKind = (typeof HOUR_KINDS)[number];
export const CONVERTED_KINDS = ['online-course', 'exam-passed', 'classroom', 'transfer'] as const;
export type ConvertedKind = (typeof CONVERTED_KINDS)[number];

/** The two groups for which the national regulation sets different amounts. */
export const RANK_CLASSES = ['county-and-above', 'others'] as const;
export type RankClass = (typeof RANK_CLASSES)[number];

/** Written with at most two decimals, kept in hundredths, so that sums are exact. */
const Hundredths = z.number().min(0).max(10_000)
  .refine((n) => Math.abs(n * 100 - Math.round(n * 100)) < 1e-6, { message: 'hour-rule.decimals' })
  .transform((n) => Math.round(n * 100));
const Day = z.string().refine(isPlainDate, { message: 'hour-rule.date' });
const Words = z.strictObject({ zh: z.string().trim().min(1).max(100), en: z.string().trim().min(1).max(200) });
const Code = z.string().max(40).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const Kinds = z.array(z.enum(CONVERTED_KINDS)).min(1);

const Step = z.strictObject({ atLeast: z.number().int().min(0).optional(), moreThan: z.number().int().min(0).optional(), hours: Hundredths })
  .refine((step) => (step.atLeast === undefined) !== (step.moreThan === undefined), { message: 'hour-rule.step-bound' });

const Conversion = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('steps'), unit: z.enum(['whole', 'lesson']).default('whole'), steps: z.array(Step).min(1).max(20) }),
  z.strictObject({ by: z.literal('minutes'), minutes: z.number().int().min(1).max(480) }),
  z.strictObject({ by: z.literal('day'), hours: Hundredths }),
  z.strictObject({ by: z.literal('fixed'), hours: Hundredths }),
  z.strictObject({ by: z.literal('stated') }),
]);
export type Conversion = z.output<typeof Conversion>;

const Cap = z.strictObject({ kinds: Kinds, per: z.enum(['entry', 'day', 'year']), hours: Hundredths });
export type Cap = z.output<typeof Cap>;

const narrowed = { kinds: Kinds.optional(), offTheJob: z.boolean().default(false) };
const Alternative = z.discriminatedUnion('measure', [
  z.strictObject({ measure: z.literal('hours'), amount: Hundredths, ...narrowed }),
  z.strictObject({ measure: z.literal('days'), amount: Hundredths, ...narrowed }),
  z.strictObject({ measure: z.literal('months'), amount: Hundredths, daysPerMonth: z.number().int().min(1).max(31), ...narrowed }),
]);
export type Alternative = z.output<typeof Alternative>;

const Target = z.strictObject({
  code: Code,
  title: Words,
  ranks: z.array(z.enum(RANK_CLASSES)).min(1).default([...RANK_CLASSES]),
  window: z.strictObject({ years: z.number().int().min(1).max(10), since: z.number().int().min(1990).max(2200).optional() }).default({ years: 1 }),
  anyOf: z.array(Alternative).min(1).max(5),
  carryOver: z.union([z.literal('none'), z.literal('all'), z.strictObject({ atMost: Hundredths })]).default('none'),
}).refine(carriesHours, { message: 'hour-rule.carry-over', path: ['carryOver'] });
export type Target = z.output<typeof Target>;

function carriesHours(target: { window: { years: number }; anyOf: { measure: string }[]; carryOver: unknown }): boolean {
  return target.carryOver === 'none' || (target.window.years === 1 && target.anyOf.some((one) => one.measure === 'hours'));
}

/** A version of a rule set, as `rules/README.md` describes it. */
export const HourRule = z.strictObject({
  code: Code,
  version: z.string().max(20).regex(/^\d+(\.\d+)*$/),
  title: Words,
  source: z.array(z.string().trim().min(1).max(300)).max(20).default([]),
  effective: z.strictObject({ from: Day, until: Day.optional() })
    .refine((range) => range.until === undefined || range.until >= range.from, { message: 'hour-rule.order', path: ['until'] }),
  applies: z.strictObject({
    regions: z.union([z.literal('all'), z.array(z.string().trim().min(1).max(40)).min(1).max(500)]),
    ranks: z.array(z.enum(RANK_CLASSES)).min(1).default([...RANK_CLASSES]),
  }),
  convert: z.strictObject({
    'online-course': Conversion.optional(), 'exam-passed': Conversion.optional(), classroom: Conversion.optional(), transfer: Conversion.optional(),
  }).default({}),
  offTheJob: z.array(z.enum(CONVERTED_KINDS)).default([]),
  leave: z.strictObject({
    atMost: z.strictObject({ part: z.number().int().min(0).max(1000), of: z.number().int().min(1).max(1000) }),
    within: z.enum(['attended', 'whole']),
  }).optional(),
  caps: z.array(Cap).max(50).default([]),
  transferIn: z.strictObject({ approval: z.boolean() }).default({ approval: true }),
  targets: z.array(Target).max(20).default([])
    .refine((targets) => new Set(targets.map((one) => one.code)).size === targets.length, { message: 'hour-rule.target-twice' }),
});
export type HourRule = z.output<typeof HourRule>;
