import { z } from 'zod';

const Plan = z.object({
  assignmentId: z.string(), dueOn: z.string(), startOn: z.string(), programmeZh: z.string(), programmeEn: z.string(),
});

/** `untilAt`: until when the candidate may answer or appeal; 0 when nothing is left to do. */
const Finding = z.object({ findingId: z.string(), examZh: z.string(), examEn: z.string(), untilAt: z.number() });

/** How many late answers count now and how many do not; `receipt`: the number of the one that holds. */
const Late = z.object({ attemptId: z.string(), examZh: z.string(), examEn: z.string(), accepted: z.number(), refused: z.number(), receipt: z.string() });

/** A released result was marked again by a corrected key; `percent` is what it is now. */
const Corrected = z.object({ attemptId: z.string(), examZh: z.string(), examEn: z.string(), percent: z.number(), cutScore: z.number() });

/** `room` is empty where one writes at home, `seat` 0 there. */
const Place = z.object({
  bookingId: z.string(), examZh: z.string(), examEn: z.string(), sitting: z.string(), startsAt: z.number(), room: z.string(), seat: z.number(),
  ticket: z.string(), reason: z.string(),
});

/** An office asked for something or decided it about somebody (`name`), or a clearance ends; `page` is where the reader goes on. */
const Decision = z.object({
  assignmentId: z.string(), name: z.string(), programmeZh: z.string(), programmeEn: z.string(), fromOn: z.string(), untilOn: z.string(), conditions: z.string(), reason: z.string(), page: z.string(),
});

const Start = z.object({ name: z.string(), startedOn: z.string(), reason: z.string(), page: z.string() });

/** What happened to an account that its owner must know of. */
export const SECURITY_EVENTS = ['password-changed', 'password-reset', 'calendar-renewed'] as const;

/** What managers and HR are told of several people at once. */
export const ABOVE = ['escalation', 'team-lost', 'team-ends'] as const;

export const isAbove = (kind: string): boolean => ABOVE.some((one) => one === kind);

/**
 * What a notice says, as a kind and its parameters: it is worded when it is read or sent, in the reader's
 * language.
 */
export const NoticeContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('assigned'), params: Plan }),
  z.object({ kind: z.literal('replanned'), params: Plan }),
  /** `days` from the sending to the due date; negative: overdue. `open…`: what is reminded of, in words; empty: everything. */
  z.object({ kind: z.literal('reminder'), params: Plan.extend({ days: z.number(), openZh: z.string().default(''), openEn: z.string().default('') }) }),
  /** To a manager or HR: `count` people are overdue, are not cleared any more, or soon will not be; `names` are the first of them. */
  z.object({ kind: z.enum(ABOVE), params: z.object({ onDay: z.string(), count: z.number(), names: z.string(), organisation: z.string() }) }),
  z.object({
    kind: z.enum([
      'waiver-asked', 'waiver-granted', 'waiver-refused', 'waiver-revoked', 'waiver-ends', 'waiver-to-decide', 'waiver-decided-granted', 'waiver-decided-refused', 'waiver-decided-revoked',
      'extension-granted', 'extension-refused', 'extension-to-decide', 'extension-decided-granted', 'extension-decided-refused', 'clearance-ends', 'clearance-lost',
    ]),
    params: Decision,
  }),
  z.object({
    kind: z.enum(['start-recorded', 'start-emergency', 'start-cancelled', 'start-to-confirm', 'start-decided-confirmed', 'start-decided-refused', 'team-emergency']),
    params: Start,
  }),
  /** To managers and HR, of the people of one organisation and those beneath it. */
  z.object({
    kind: z.literal('weekly'),
    params: z.object({
      onDay: z.string(), organisation: z.string(), cleared: z.number(), open: z.number(), overdue: z.number(), dueSoon: z.number(), startsSoon: z.number(),
    }),
  }),
  /** A report that is made again and again is there; `page` is where its owner takes it, until `untilAt`. */
  z.object({ kind: z.literal('report-ready'), params: z.object({ page: z.string(), report: z.string(), untilAt: z.number() }) }),
  z.object({ kind: z.literal('security'), params: z.object({ what: z.enum(SECURITY_EVENTS), doneAt: z.number() }) }),
  z.object({ kind: z.literal('credential'), params: z.object({ number: z.string(), mayStartOn: z.string() }) }),
  /** `reasonCode` is worded when it is read; `successor` is the number of the new credential, if there is one. */
  z.object({
    kind: z.enum(['credential-suspended', 'credential-reinstated', 'credential-revoked', 'credential-corrected']),
    params: z.object({ number: z.string(), reasonCode: z.string(), successor: z.string() }),
  }),
  z.object({ kind: z.enum(['finding-proposed', 'finding-upheld', 'finding-dismissed', 'finding-appeal-upheld', 'finding-appeal-dismissed']), params: Finding }),
  /** late-replaced: the receipt is another one now. */
  z.object({ kind: z.enum(['late-decided', 'late-replaced']), params: Late }),
  z.object({ kind: z.enum(['result-corrected', 'result-corrected-pass', 'result-corrected-fail']), params: Corrected }),
  z.object({
    kind: z.enum([
      'place-booked', 'place-promoted', 'place-moved', 'place-changed', 'wait-changed', 'place-cancelled', 'place-taken', 'excuse-approved', 'excuse-refused',
    ]),
    params: Place,
  }),
]);
export type NoticeContent = z.infer<typeof NoticeContent>;
