import { z } from 'zod';
import { chunks, execute, insert, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

/** Days, first and last included, on which somebody is expected somewhere: a classroom event. */
export interface Engagement {
  personId: string;
  title: string;
  fromOn: PlainDate;
  untilOn: PlainDate;
}

const Row = z.object({ person_id: z.string(), title: z.string(), from_on: z.string(), until_on: z.string() })
  .transform((row): Engagement => ({ personId: row.person_id, title: row.title, fromOn: row.from_on, untilOn: row.until_on }));

/** What these people are engaged in that is not over on `today`. */
export async function engagementsOf(from: Reader, personIds: readonly string[], today: PlainDate): Promise<Map<string, Engagement[]>> {
  const byPerson = new Map<string, Engagement[]>();
  for (const some of chunks(personIds)) {
    const { list, params } = places(some);
    const found = await rows(from, Row, `SELECT person_id, title, from_on, until_on FROM engagements WHERE until_on >= $today AND person_id IN (${list}) ORDER BY from_on`, { ...params, today });
    for (const row of found) byPerson.set(row.personId, [...(byPerson.get(row.personId) ?? []), row]);
  }
  return byPerson;
}

/** @param ref what they are engaged in, by which they are released */
export const engage = (tx: Tx, ref: string, people: readonly Engagement[]): Promise<number> =>
  insert(tx, 'engagements', people.map((one) => ({ ref, person_id: one.personId, title: one.title, from_on: one.fromOn, until_on: one.untilOn })), 'ON CONFLICT (ref, person_id) DO NOTHING');

export const release = (tx: Tx, ref: string): Promise<number> => execute(tx, 'DELETE FROM engagements WHERE ref = $ref', { ref });
