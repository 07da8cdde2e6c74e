import { z } from 'zod';
import { isPlainDate } from '~/kernel/calendar';
import { columnsOf } from './columns';

/** What a report tells of: who may start, what was learned, how exams went, hours against targets, what is late. */
export const REPORT_KINDS = ['clearance', 'completion', 'results', 'hours', 'overdue'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** A list of people, or numbers by groups. */
export const LAYOUTS = ['people', 'groups'] as const;
export type Layout = (typeof LAYOUTS)[number];

export const GROUPINGS = ['organisation', 'rank', 'intake', 'kind', 'month'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const FORMATS = ['xlsx', 'csv', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

/** Every line of a report is in exactly one of its states, so that numbers add up. */
export const STATES = {
  clearance: ['may-start', 'under-waiver', 'not-yet', 'overdue', 'expired', 'suspended', 'revoked'],
  completion: ['completed', 'under-way', 'not-begun'],
  results: ['passed', 'failed'],
  hours: ['reached', 'below', 'no-target'],
  overdue: ['week', 'month', 'longer'],
} as const satisfies Record<ReportKind, readonly string[]>;
export type ReportState = (typeof STATES)[ReportKind][number];

/** The state of which a share is drawn. */
export const GOOD_STATE: Record<ReportKind, ReportState | null> = { clearance: 'may-start', completion: 'completed', results: 'passed', hours: 'reached', overdue: null };

export const PERIODS = ['any', 'last-week', 'this-month', 'last-month', 'this-quarter', 'last-quarter', 'this-year', 'last-year', 'dates'] as const;

const Day = z.string().refine(isPlainDate, 'field.date');

/** What is asked. `on`: left out, the day on which the report is made. */
export const ReportQuery = z.object({
  kind: z.enum(REPORT_KINDS),
  layout: z.enum(LAYOUTS).default('people'),
  on: Day.optional(),
  /** The organisation with everything beneath it, as it was on that day; left out: all that one may see. */
  organisationId: z.string().optional(),
  /** As it is written in the appointment; `none` where there is none. */
  rank: z.string().max(60).optional(),
  intakeId: z.string().optional(),
  appointmentKind: z.enum(['recruit', 'staff', 'leader']).optional(),
  /** The course, exam, programme or target of hours. */
  targetId: z.string().max(60).optional(),
  gate: z.enum(['before-start-of-duty', 'before-confirmation', 'none']).default('before-start-of-duty'),
  period: z.enum(PERIODS).default('any'),
  from: Day.optional(),
  until: Day.optional(),
  /** None chosen: all. */
  states: z.array(z.string()).default([]),
  groupBy: z.enum(GROUPINGS).default('organisation'),
  /** None chosen: the usual ones. */
  columns: z.array(z.string()).default([]),
}).superRefine((query, context) => {
  if (query.period !== 'dates') return;
  if (!query.from) context.addIssue({ code: 'custom', path: ['from'], message: 'field.required' });
  if (!query.until) context.addIssue({ code: 'custom', path: ['until'], message: 'field.required' });
  if (query.from && query.until && query.until < query.from) context.addIssue({ code: 'custom', path: ['until'], message: 'report.period-order' });
});
export type ReportQuery = z.infer<typeof ReportQuery>;

/** The states of its kind that a report is narrowed to; all of them when none is chosen. */
export function statesOf({ kind, states }: Pick<ReportQuery, 'kind' | 'states'>): readonly ReportState[] {
  const all: readonly ReportState[] = STATES[kind];
  const chosen = all.filter((one) => states.includes(one));
  return chosen.length > 0 ? chosen : all;
}

/** The columns of a list: those chosen, in the order of the kind, else the usual ones. */
export function chosenColumns({ kind, columns }: Pick<ReportQuery, 'kind' | 'columns'>) {
  const all = columnsOf(kind);
  const chosen = all.filter(({ code }) => columns.includes(code));
  return chosen.length > 0 ? chosen : all.filter(({ usual }) => usual);
}
