import { z } from 'zod';
import { isPlainDate, type PlainDate } from '~/kernel/calendar';
import { APPOINTMENT_KINDS, NATURES, type AppointmentKind, type Nature } from '~/people';

/** What a rule asks of an appointment. */
export interface AppointmentFacts {
  kind: AppointmentKind;
  nature: Nature;
  post: string;
  rank: string | null;
  /** `/<root id>/…/<own id>/` */
  organisationPath: string;
  intakeId: string | null;
  startOfDuty: PlainDate;
}

const Word = z.string().trim().min(1).max(80);
const Words = z.array(Word).min(1).max(50);
const Ids = z.array(z.string().min(1)).min(1).max(200);
const Day = z.string().refine(isPlainDate, 'field.date');

/** One thing that can be said of an appointment. Of several values one is enough. */
export const Condition = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('appointment'), kinds: z.array(z.enum(APPOINTMENT_KINDS)).min(1) }),
  /** The main appointment, one beside it, a secondment. */
  z.object({ kind: z.literal('nature'), natures: z.array(z.enum(NATURES)).min(1) }),
  z.object({ kind: z.literal('rank'), ranks: Words }),
  z.object({ kind: z.literal('post'), posts: Words }),
  z.object({ kind: z.literal('post-contains'), words: Words }),
  /** The organisations and everything beneath them. */
  z.object({ kind: z.literal('organisation'), ids: Ids }),
  z.object({ kind: z.literal('intake'), ids: Ids }),
  z.object({ kind: z.literal('start-of-duty'), from: Day.optional(), until: Day.optional() })
    .refine(({ from, until }) => (from ?? until) !== undefined, 'field.required'),
]);
export type Condition = z.infer<typeof Condition>;
export const CONDITION_KINDS = ['appointment', 'nature', 'rank', 'post', 'post-contains', 'organisation', 'intake', 'start-of-duty'] as const satisfies Condition['kind'][];

/** To whose appointments a programme applies. All of nothing is everybody, any of nothing is nobody. */
export type AppliesTo =
  | Condition
  | { kind: 'all'; of: AppliesTo[] }
  | { kind: 'any'; of: AppliesTo[] }
  | { kind: 'not'; of: AppliesTo };

const Rule: z.ZodType<AppliesTo> = z.lazy(() => z.union([
  Condition,
  z.object({ kind: z.literal('all'), of: z.array(Rule) }),
  z.object({ kind: z.literal('any'), of: z.array(Rule) }),
  z.object({ kind: z.literal('not'), of: Rule }),
]));

/** The rule as it is kept; the form that the first programmes had, `{"kinds":[…]}`, is read too. */
export const AppliesTo = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && 'kinds' in value && !('kind' in value) ? { kind: 'appointment', ...value } : value),
  Rule,
);

/** Whether a programme with this rule applies to an appointment. */
export function applies(rule: AppliesTo, one: AppointmentFacts): boolean {
  switch (rule.kind) {
    case 'all': return rule.of.every((part) => applies(part, one));
    case 'any': return rule.of.some((part) => applies(part, one));
    case 'not': return !applies(rule.of, one);
    case 'appointment': return rule.kinds.includes(one.kind);
    case 'nature': return rule.natures.includes(one.nature);
    case 'rank': return one.rank !== null && rule.ranks.includes(one.rank);
    case 'post': return rule.posts.includes(one.post);
    case 'post-contains': return rule.words.some((word) => one.post.includes(word));
    case 'organisation': return rule.ids.some((id) => one.organisationPath.includes(`/${id}/`));
    case 'intake': return one.intakeId !== null && rule.ids.includes(one.intakeId);
    case 'start-of-duty': return (rule.from === undefined || one.startOfDuty >= rule.from) && (rule.until === undefined || one.startOfDuty <= rule.until);
  }
}

/** The ids that a rule names, for finding out whether they exist and what they are called. */
export function namedIn(rule: AppliesTo, kind: 'organisation' | 'intake'): string[] {
  switch (rule.kind) {
    case 'all':
    case 'any': return rule.of.flatMap((part) => namedIn(part, kind));
    case 'not': return namedIn(rule.of, kind);
    case 'organisation':
    case 'intake': return rule.kind === kind ? rule.ids : [];
    default: return [];
  }
}

/** Whether the rule can only apply to recruits: it says so itself or in something that all must meet. */
export function onlyRecruits(rule: AppliesTo): boolean {
  switch (rule.kind) {
    case 'appointment': return rule.kinds.every((kind) => kind === 'recruit');
    case 'all': return rule.of.some(onlyRecruits);
    case 'any': return rule.of.length > 0 && rule.of.every(onlyRecruits);
    default: return false;
  }
}
