import { z } from 'zod';
import { maybeOne, places, reader, rows, type Reader } from '~/db';
import { addDays, dateAt, startOfDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { HISTORY_KINDS } from './history';
import { historySql } from './history.repository';

/** How PostgreSQL would carry out a query. */
export interface Plan {
  query: string;
  lines: string[];
  /** Tables that it would read from one end to the other; none when indexes are enough. */
  sequential: string[];
}

const Line = z.object({ 'QUERY PLAN': z.string() });

async function explain(from: Reader, query: string, sql: string, params: Record<string, string | number>): Promise<Plan> {
  const lines = (await rows(from, Line, `EXPLAIN ${sql}`, params)).map((row) => row['QUERY PLAN']);
  return { query, lines, sequential: lines.flatMap((line) => /Seq Scan on (\w+)/.exec(line)?.[1] ?? []) };
}

/**
 * The queries behind every answer "as we knew it on": whose appointment or assignment it is, and that person's events up to a
 * time of recording. Null on SQLite.
 */
export async function plansOfAsKnown(from: Reader = reader()): Promise<Plan[] | null> {
  if (from.sequelize.getDialect() !== 'postgres') return null;
  const someone = await maybeOne(from, z.object({ id: z.string(), person_id: z.string() }), 'SELECT id, person_id FROM assignments LIMIT 1');
  const { id, person_id: personId } = someone ?? { id: '', person_id: '' };
  const { list, params } = places([personId]);
  return [
    await explain(from, 'the assignment', 'SELECT person_id FROM assignments WHERE id = $id', { id }),
    await explain(from, 'the events of the person, as known at the end of today', historySql(list, HISTORY_KINDS), {
      ...params, before: startOfDate(addDays(dateAt(clock.now(), config().TIME_ZONE), 1), config().TIME_ZONE),
    }),
  ];
}
