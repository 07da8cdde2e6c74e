import { z } from 'zod';
import { json, openPersonal, places, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

/** What an appointment said before it was corrected, as far as it said something else. */
export type Before = Partial<{ kind: 'recruit' | 'staff' | 'leader'; post: string; rank: string | null; startOfDuty: string }>;

const change = <T>(value: z.ZodType<T>) => z.object({ from: value }).optional();
const Body = z.object({ kind: change(z.enum(['recruit', 'staff', 'leader'])), startOfDuty: change(z.string()) });
const Personal = z.object({ post: change(z.string()), rank: change(z.string().nullable()) });

const Row = z.object({ subject_id: z.string(), person_id: z.string().nullable(), body: json(Body), personal: z.string().nullable() });

/** Which of these appointments were corrected from an instant on, and what they said before the first time. */
export async function correctedSince(from: Reader, appointmentIds: readonly string[], since: Instant): Promise<Map<string, Before>> {
  if (appointmentIds.length === 0) return new Map();
  const { list, params } = places([...appointmentIds]);
  const found = await rows(from, Row, `SELECT subject_id, person_id, body, personal FROM ledger_events
    WHERE subject_kind = 'appointment' AND subject_id IN (${list}) AND kind = 'appointment.corrected' AND recorded_at >= $since ORDER BY recorded_at, id`, { ...params, since });
  const before = new Map<string, Before>();
  for (const { subject_id: id, person_id: personId, body, personal } of found) {
    // Erased facts are gone for reports as well: then what is known now stands.
    const opened = Personal.safeParse(personal !== null && personId !== null ? await openPersonal(from, personId, personal) : {});
    const said = opened.success ? opened.data : {};
    const own: Before = {
      ...(body.kind && { kind: body.kind.from }), ...(body.startOfDuty && { startOfDuty: body.startOfDuty.from }), ...(said.post && { post: said.post.from }), ...(said.rank && { rank: said.rank.from }),
    };
    before.set(id, { ...own, ...before.get(id) });
  }
  return before;
}
