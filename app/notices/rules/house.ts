import { z } from 'zod';
import { REQUIREMENT_KINDS } from '~/certification';
import { OPTIONAL_CATEGORIES } from '../category';
import { RUNGS } from '../planning/ladder';
import { isQuietHour } from './quiet';

const LocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'field.time');
const Rung = z.union(RUNGS.map((rung) => z.literal(rung)));

/** Who is told at a step: the person; the manager beside them; HR beside both. */
export const AUDIENCES = ['person', 'manager', 'hr'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What happens to a notice that cannot wait, in quiet hours: sent when waiting would be too late, always, or never. */
export const URGENT_IN_QUIET = ['when-needed', 'send', 'wait'] as const;

/** The law of the house: when people are told, how often, and what they may switch off. */
export const House = z.object({
  /** Nothing is sent from here on … */
  quietFrom: LocalTime,
  /** … until here; both the same: there are no quiet hours. */
  quietUntil: LocalTime,
  urgentInQuiet: z.enum(URGENT_IN_QUIET),
  /** The hour of the daily digest of those who have not chosen another. */
  digestHour: z.number().int().min(0).max(23),
  /** The weekday of the weekly digest, 1 Monday to 5 Friday; a rest day gives way to the next working day. */
  weeklyOn: z.number().int().min(1).max(5),
  /** On which days, relative to the due date, is reminded of what is still open, by the kind of requirement. */
  ladders: z.record(z.enum(REQUIREMENT_KINDS), z.array(Rung)),
  /** Who is told beside the person when it is overdue by so many days. */
  audience: z.object({ overdue1: z.enum(AUDIENCES), overdue7: z.enum(AUDIENCES), overdue14: z.enum(AUDIENCES) }),
  /** What people may switch off. */
  optional: z.array(z.enum(OPTIONAL_CATEGORIES)),
  /** Whether slips are printed for those whom nothing else reaches, and how long the product must not have seen them. */
  paper: z.boolean(),
  paperAfterDays: z.number().int().min(0).max(60),
}).superRefine((house, context) => {
  if (isQuietHour(house.digestHour, house)) context.addIssue({ code: 'custom', path: ['digestHour'], message: 'notice.hour-quiet' });
});
export type House = z.infer<typeof House>;

/** What holds until an administrator decides otherwise. */
export const SHIPPED_HOUSE: House = {
  quietFrom: '20:00', quietUntil: '08:00', urgentInQuiet: 'when-needed', digestHour: 9, weeklyOn: 1,
  ladders: {
    course: [...RUNGS], exam: [...RUNGS], credential: [...RUNGS], hours: [...RUNGS], external: [...RUNGS], event: [...RUNGS],
    // A signature takes a minute: a month ahead would be noise.
    declaration: [-7, -3, -1, 0, 1, 7, 14],
  },
  audience: { overdue1: 'person', overdue7: 'manager', overdue14: 'hr' },
  optional: ['weekly'],
  paper: true, paperAfterDays: 3,
};
