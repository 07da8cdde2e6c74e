import { z } from 'zod';
import { containing, one, rows, type Params, type Reader } from '~/db';
import { foldName } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { within } from '~/people';
import { OUTCOMES } from '../sending/dispatches.repository';
import { SEND_RESULTS } from '../sending/send-log.repository';
import { NoticeContent } from '../notice';

const TitledRow = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string().nullable(), kind: z.string(), params: z.string(), created_at: z.number(), read_at: z.number().nullable(),
  dropped_at: z.number().nullable(), urgency: z.enum(['at-once', 'digest']), dispatch_id: z.string().nullable(), outcome: z.enum(OUTCOMES).nullable(),
  title_zh: z.string().nullable(), title_en: z.string().nullable(), results: z.string().nullable(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, name: row.name, organisation: row.organisation ?? '', createdAt: row.created_at, readAt: row.read_at, droppedAt: row.dropped_at,
  urgency: row.urgency, isDispatched: row.dispatch_id !== null, outcome: row.outcome, content: NoticeContent.parse({ kind: row.kind, params: JSON.parse(row.params) as unknown }),
  titles: row.title_zh === null || row.title_en === null ? null : { zh: row.title_zh, en: row.title_en },
  results: (row.results ?? '').split(',').flatMap((result) => SEND_RESULTS.find((known) => known === result) ?? []),
}));
/** A notice in the list of what people were told. */
export type ToldNotice = z.infer<typeof TitledRow>;

export interface ToldFilter {
  /** Whose people: subtrees. */
  paths: readonly string[];
  personId?: string | undefined;
  search?: string | undefined;
  kind?: string | undefined;
  state?: ToldState | undefined;
  from?: Instant | undefined;
  until?: Instant | undefined;
}

export const TOLD_STATES = ['trouble', 'waiting', 'paper', 'sent', 'unread'] as const;
export type ToldState = (typeof TOLD_STATES)[number];

const LOG = (results: string) => `EXISTS (SELECT 1 FROM send_log s WHERE s.dispatch_id = n.dispatch_id AND s.result IN (${results}))`;

/** `trouble`: something failed, was refused, came back, or nobody knows. */
const STATES: Record<ToldState, string> = {
  trouble: `(d.outcome IN ('unreachable', 'given-up') OR ${LOG(`'failed', 'refused', 'bounced', 'uncertain'`)})`,
  waiting: `(n.dropped_at IS NULL AND (n.dispatch_id IS NULL OR d.settled_at IS NULL))`,
  paper: LOG(`'to-print', 'handed-over'`),
  sent: LOG(`'sent'`),
  unread: 'n.read_at IS NULL',
};

function condition({ paths, personId, search, kind, state, from, until }: ToldFilter): { where: string; params: Params } {
  const scope = within('o.path', paths);
  const parts = [
    `EXISTS (SELECT 1 FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id WHERE ap.person_id = n.person_id AND ap.ended_on IS NULL AND ${scope.sql})`,
    ...(personId === undefined ? [] : ['n.person_id = $personId']),
    ...(search === undefined ? [] : [`(lower(p.name) LIKE $search ESCAPE '!' OR EXISTS (SELECT 1 FROM identifiers i WHERE i.person_id = p.id AND lower(i.value) LIKE $number ESCAPE '!'))`]),
    ...(kind === undefined ? [] : ['n.kind = $kind']),
    ...(state === undefined ? [] : [STATES[state]]),
    ...(from === undefined ? [] : ['n.created_at >= $from']),
    ...(until === undefined ? [] : ['n.created_at < $until']),
  ];
  const given = { personId, search: search === undefined ? undefined : containing(search), number: search === undefined ? undefined : containing(foldName(search)), kind, from, until };
  return { where: parts.join(' AND '), params: { ...scope.params, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Params } };
}

/** What the people of a scope were told, the latest first. */
export function toldInScope(from: Reader, filter: ToldFilter, { limit, offset }: { limit: number; offset: number }): Promise<ToldNotice[]> {
  const { where, params } = condition(filter);
  return rows(from, TitledRow, `SELECT n.id, n.person_id, p.name, n.kind, n.params, n.created_at, n.read_at, n.dropped_at, n.urgency, n.dispatch_id, d.outcome, t.title_zh, t.title_en,
      (SELECT MIN(o.name) FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id WHERE ap.person_id = n.person_id AND ap.ended_on IS NULL) AS organisation,
      ${RESULTS} AS results
    FROM notices n JOIN persons p ON p.id = n.person_id LEFT JOIN dispatches d ON d.id = n.dispatch_id LEFT JOIN notice_templates t ON t.id = n.template_id
    WHERE ${where} ORDER BY n.created_at DESC, n.id DESC LIMIT $limit OFFSET $offset`, { ...params, limit, offset });
}

const CountRow = z.object({ n: z.number() });

export async function countTold(from: Reader, filter: ToldFilter): Promise<number> {
  const { where, params } = condition(filter);
  return (await one(from, CountRow, `SELECT COUNT(*) AS n FROM notices n JOIN persons p ON p.id = n.person_id LEFT JOIN dispatches d ON d.id = n.dispatch_id WHERE ${where}`, params)).n;
}

/** The results of a dispatch in one text: each at most once, in a fixed order. */
const RESULTS = SEND_RESULTS.map((result) => `CASE WHEN ${LOG(`'${result}'`)} THEN '${result},' ELSE '' END`).join(' || ');
