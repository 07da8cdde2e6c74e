import { z } from 'zod';

const Plan = z.object({
  assignmentId: z.string(), dueOn: z.string(), startOn: z.string(), programmeZh: z.string(), programmeEn: z.string(),
});

/**
 * What a notice says, as a kind and its parameters: it is worded when it is read or sent, in the reader's
 * language.
 */
export const NoticeContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('assigned'), params: Plan }),
  z.object({ kind: z.literal('replanned'), params: Plan }),
  /** `days` from the sending to the due date; negative: overdue. */
  z.object({ kind: z.literal('reminder'), params: Plan.extend({ days: z.number() }) }),
  z.object({ kind: z.literal('credential'), params: z.object({ number: z.string(), mayStartOn: z.string() }) }),
]);
export type NoticeContent = z.infer<typeof NoticeContent>;
