import { z } from 'zod';
import { accountOf, rows, type Params, type Reader } from '~/db';
import { reachOf, type Actor } from '~/identity';
import { reaching } from '~/people';
import { isWaitingKind, WAITING, WAITING_KINDS, type WaitingKind } from './kinds';
import { QUEUES } from './queues';

const Kind = z.string().refine(isWaitingKind);

/** What waits for this reader, one statement for each kind that they may settle at all: counted and listed by the same condition. */
function waitingFor(actor: Actor, kinds: readonly WaitingKind[], select: (kind: WaitingKind) => string): { parts: string[]; params: Params } {
  const params: Params = {};
  const parts: string[] = [];
  for (const [i, kind] of kinds.entries()) {
    const reach = reachOf(actor, WAITING[kind]);
    if (reach.under.length + reach.beneath.length === 0) continue;
    const { from, where, scope } = QUEUES[kind];
    const name = `r${i}x`;
    Object.assign(params, reaching('', reach, name).params);
    parts.push(`SELECT ${select(kind)} ${from} WHERE ${where} AND ${scope((column) => reaching(column, reach, name).sql)}`);
  }
  const sql = parts.join(' ');
  return { parts, params: { ...params, ...(sql.includes('$by') && { by: actor.by }), ...(sql.includes('$self') && { self: actor.personId ?? '' }) } };
}

const CountRow = z.object({ kind: Kind, n: z.number(), since: z.number().nullable() });

export interface WaitingCount {
  kind: WaitingKind;
  count: number;
  /** When the one that waits longest was asked for. */
  since: number | null;
}

/** How much of each kind waits for this reader: one query for all kinds. Kinds that they never decide on are not in it. */
export async function waitingCounts(from: Reader, actor: Actor): Promise<WaitingCount[]> {
  const { parts, params } = waitingFor(actor, WAITING_KINDS, (kind) => `'${kind}' AS kind, COUNT(*) AS n, MIN(${QUEUES[kind].at}) AS since`);
  if (parts.length === 0) return [];
  const found = await rows(from, CountRow, parts.join(' UNION ALL '), params);
  return found.map(({ kind, n, since }) => ({ kind, count: n, since }));
}

const ListedRow = z.object({
  kind: Kind, link: z.string(), about: z.string(), organisation: z.string().nullable(), asker: z.string(), asker_name: z.string().nullable(), at: z.number(), reason: z.string(),
});
export type WaitingThing = z.infer<typeof ListedRow>;

/** What waits for this reader, of one kind or of all, the longest waiting first. */
export function waitingThings(from: Reader, actor: Actor, kind: WaitingKind | undefined, page: { limit: number; offset: number }): Promise<WaitingThing[]> {
  const { parts, params } = waitingFor(actor, kind ? [kind] : WAITING_KINDS, (one) => {
    const { key, about, organisation, asker, at, reason } = QUEUES[one];
    return `'${one}' AS kind, ${key} AS link, ${about} AS about, ${organisation} AS organisation, ${asker} AS asker, ${at} AS at, ${reason} AS reason`;
  });
  if (parts.length === 0) return Promise.resolve([]);
  return rows(from, ListedRow, `SELECT w.kind, w.link, w.about, w.organisation, w.asker, n.sign_in_name AS asker_name, w.at, w.reason
    FROM (${parts.join(' UNION ALL ')}) w LEFT JOIN accounts n ON n.id = ${accountOf('w.asker')}
    ORDER BY w.at, w.kind, w.link LIMIT $limit OFFSET $offset`, { ...params, ...page });
}
