import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { PlainDate } from '~/kernel/calendar';
import { clearance, OUTCOME_REASONS, type Evidence, type Requirement } from './clearance';
import type { Withdrawal } from './withdrawal';

const Params = z.record(z.string(), z.union([z.string(), z.number()]));

/** The outcome of a requirement as it is kept with the projection. */
export const Outcome = z.object({
  code: z.string(),
  kind: z.enum(['course', 'exam']),
  targetId: z.string(),
  state: z.enum(['met', 'open', 'failed']),
  evidenceRef: z.string().nullable(),
  at: z.number().nullable(),
  reason: z.object({
    code: z.enum(OUTCOME_REASONS),
    params: Params,
  }),
});

/** What lists read: the clearance of one assignment, taking all evidence there is. */
export interface Projection {
  status: 'cleared' | 'not-cleared';
  mayStartOn: PlainDate | null;
  withdrawnOn: PlainDate | null;
  startOfDuty: PlainDate;
  dueOn: PlainDate;
  done: number;
  total: number;
  requirements: z.infer<typeof Outcome>[];
}

export interface ProjectionInput {
  startOfDuty: PlainDate;
  dueOn: PlainDate;
  requirements: Requirement[];
  evidence: Evidence[];
  withdrawals: Withdrawal[];
  zone: string;
}

/** After every date that evidence can have. */
const EVER: PlainDate = '9999-12-31';

export function projectionOf({ dueOn, ...input }: ProjectionInput): Projection {
  const { requirements, startOfDuty } = input;
  const { status, mayStartOn, withdrawnOn, done, requirements: outcomes } = clearance({ ...input, on: EVER });
  return { status, mayStartOn, withdrawnOn, startOfDuty, dueOn, done, total: requirements.length, requirements: outcomes };
}

/** The fields in which two projections of one assignment differ. */
export function differingFields(a: Projection, b: Projection): (keyof Projection)[] {
  const fields = ['status', 'mayStartOn', 'withdrawnOn', 'startOfDuty', 'dueOn', 'done', 'total', 'requirements'] as const;
  return fields.filter((field) => !isDeepStrictEqual(a[field], b[field]));
}
