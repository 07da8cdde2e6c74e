import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { PlainDate } from '~/kernel/calendar';
import { clearance, type Clearance, type ClearanceInput } from './clearance';
import { OUTCOME_REASONS, OUTCOME_STATES } from './outcome';
import { REQUIREMENT_KINDS, type Gate } from './requirement';

const Params = z.record(z.string(), z.union([z.string(), z.number()]));

/** The outcome of a requirement as it is kept with the projection. */
export const Outcome = z.object({
  code: z.string(),
  kind: z.enum(REQUIREMENT_KINDS),
  targetId: z.string(),
  state: z.enum(OUTCOME_STATES),
  evidenceRef: z.string().nullable(),
  at: z.number().nullable(),
  reason: z.object({
    code: z.enum(OUTCOME_REASONS),
    params: Params,
  }),
});

/** A period of permission as it is kept with the projection. */
export const KeptPeriod = z.object({
  from: z.string(), until: z.string().nullable(), basis: z.enum(['evidence', 'waiver']), waiverId: z.string().optional(),
});

/** What lists read: the clearance of one assignment on the day when something last changed about it. */
export interface Projection {
  gate: Gate;
  status: Clearance['status'];
  mayStartOn: PlainDate | null;
  /** The last day on which this status holds; lists compare it with the day. */
  until: PlainDate | null;
  periods: z.infer<typeof KeptPeriod>[];
  withdrawnOn: PlainDate | null;
  suspendedOn: PlainDate | null;
  expiredOn: PlainDate | null;
  /** The end that a change of law set, of what is in force or has run out. */
  lawUntil: PlainDate | null;
  completedOn: PlainDate | null;
  /** The last day by rule, by which the window of the renewal opens. */
  ruleExpiry: PlainDate | null;
  startOfDuty: PlainDate;
  dueOn: PlainDate;
  done: number;
  total: number;
  requirements: z.infer<typeof Outcome>[];
  /** From this day on it must be judged anew. */
  changesOn: PlainDate | null;
}

export interface ProjectionInput extends Omit<ClearanceInput, 'on'> {
  gate: Gate;
  dueOn: PlainDate;
}

/** The clearance as it is on `today`. */
export const projectionOf = (input: ProjectionInput, today: PlainDate): Projection => projected(input, clearance({ ...input, on: today }));

export function projected({ gate, dueOn, startOfDuty }: Pick<ProjectionInput, 'gate' | 'dueOn' | 'startOfDuty'>, judged: Clearance): Projection {
  const { status, mayStartOn, until, withdrawnOn, suspendedOn, expiredOn, lawUntil, completedOn, ruleExpiry, done, total, requirements, changesOn } = judged;
  const periods = judged.periods.map(({ waiverId, ...rest }) => ({ ...rest, ...(waiverId !== undefined && { waiverId }) }));
  return { gate, status, mayStartOn, until, periods, withdrawnOn, suspendedOn, expiredOn, lawUntil, completedOn, ruleExpiry, startOfDuty, dueOn, done, total, requirements, changesOn };
}

const FIELDS = [
  'gate', 'status', 'mayStartOn', 'until', 'periods', 'withdrawnOn', 'suspendedOn', 'expiredOn', 'lawUntil', 'completedOn', 'ruleExpiry', 'startOfDuty', 'dueOn', 'done', 'total', 'requirements', 'changesOn',
] as const satisfies (keyof Projection)[];

/** The fields in which two projections of one assignment differ. */
export function differingFields(a: Projection, b: Projection): (keyof Projection)[] {
  return FIELDS.filter((field) => !isDeepStrictEqual(a[field], b[field]));
}
