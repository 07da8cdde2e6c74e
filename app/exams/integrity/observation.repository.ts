import { z } from 'zod';
import { insert, json, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { ATTEMPT_STATES } from '../attempt-state';
import { OBSERVATION_KINDS } from '../observation-kind';
import type { ObservationRow } from './observation';

const Body = z.object({ count: z.number().nullable().default(null), from: z.string().optional(), to: z.string().optional() });

const Row = z.object({ id: z.string(), kind: z.string(), at: z.number(), seconds: z.number().nullable(), body: z.string() })
  .transform(({ body, ...row }) => {
    if (row.kind === 'note') return { ...row, count: null, from: null, to: null, note: body };
    const { count, from, to } = Body.parse(body === '' ? {} : JSON.parse(body));
    return { ...row, count, from: from ?? null, to: to ?? null, note: null };
  });
/** What was observed during an attempt; `note` is an invigilator's own words. */
export type RecordedObservation = z.infer<typeof Row>;

/** Everything that was observed during an attempt, in its order. */
export const recordedObservations = (from: Reader, attemptId: string): Promise<RecordedObservation[]> =>
  rows(from, Row, 'SELECT id, kind, at, seconds, body FROM observations WHERE attempt_id = $attemptId ORDER BY at, id', { attemptId });

export const countObservations = async (from: Reader, attemptId: string): Promise<number> =>
  (await one(from, z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM observations WHERE attempt_id = $attemptId', { attemptId })).n;

/** Adds observations; those that are there already grow, and never shrink. */
export const putObservations = (tx: Tx, attemptId: string, observations: ObservationRow[]): Promise<number> =>
  insert(tx, 'observations', observations.map((row) => ({
    id: row.id, attempt_id: attemptId, kind: row.kind, at: row.at, seconds: row.seconds, body: JSON.stringify({ count: row.count }),
  })), `ON CONFLICT (id) DO UPDATE SET seconds = excluded.seconds, body = excluded.body
    WHERE COALESCE(excluded.seconds, 0) > COALESCE(observations.seconds, 0)
      OR LENGTH(excluded.body) > LENGTH(observations.body) OR (LENGTH(excluded.body) = LENGTH(observations.body) AND excluded.body > observations.body)`);

/** Adds what the server noticed, once. */
export const insertNoticed = (tx: Tx, row: { id: string; attemptId: string; kind: string; body: object }): Promise<number> =>
  insert(tx, 'observations', [{ id: row.id, attempt_id: row.attemptId, kind: row.kind, at: tx.now, seconds: null, body: JSON.stringify(row.body) }],
    'ON CONFLICT (id) DO NOTHING');

const Observed = z.object({
  id: z.string(), person_id: z.string(), state: z.enum(ATTEMPT_STATES), started_at: z.number(), device: z.string().nullable(),
  observed: json(z.array(z.enum(OBSERVATION_KINDS))),
});
export type ObservedAttempt = z.infer<typeof Observed>;

const OBSERVED = `SELECT a.id, a.person_id, a.state, a.started_at, a.device, e.observed FROM attempts a JOIN exams e ON e.id = a.exam_id`;

export const observedAttempt = (from: Reader, attemptId: string): Promise<ObservedAttempt | null> =>
  maybeOne(from, Observed, `${OBSERVED} WHERE a.id = $attemptId AND a.started_at IS NOT NULL`, { attemptId });

/** The attempt, if it belongs to whoever is signed in with the token. */
export const observedAttemptOf = (from: Reader, attemptId: string, tokenHash: string, now: number, idleSince: number): Promise<ObservedAttempt | null> =>
  maybeOne(from, Observed, `${OBSERVED}
    JOIN accounts c ON c.person_id = a.person_id AND c.state = 'active'
    JOIN sign_ins s ON s.account_id = c.id AND s.token_hash = $tokenHash AND s.ended_at IS NULL AND s.expires_at > $now AND s.seen_at > $idleSince
    WHERE a.id = $attemptId AND a.started_at IS NOT NULL`, { attemptId, tokenHash, now, idleSince });
