import { z } from 'zod';
import { execute, Flag, flag, insert, json, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import type { Summary } from './groups';
import { FORMATS, ReportQuery, type Format } from './report';

export const REQUEST_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

const Row = z.object({
  id: z.string(), account_id: z.string(), saved_report_id: z.string().nullable(), schedule_id: z.string().nullable(), name: z.string(), query: json(ReportQuery),
  format: z.enum(FORMATS), lang: z.enum(['zh', 'en']), keep_days: z.number(), state: z.enum(REQUEST_STATES), problem: z.string().nullable(), asked_at: z.number(),
  started_at: z.number().nullable(), beat_at: z.number().nullable(), tries: z.number(), done_posts: z.number(), total_posts: z.number().nullable(), made_on: z.string().nullable(),
  detail: Flag.nullable(), paths: json(z.array(z.string())).nullable(), lines: z.number().nullable(), bytes: z.number().nullable(), file_key: z.string().nullable(),
  summary: z.string().nullable(), finished_at: z.number().nullable(), expires_at: z.number().nullable(), removed_at: z.number().nullable(), downloads: z.number(),
  downloaded_at: z.number().nullable(),
}).transform((row) => ({
  id: row.id, accountId: row.account_id, savedReportId: row.saved_report_id, scheduleId: row.schedule_id, name: row.name, query: row.query, format: row.format, lang: row.lang,
  keepDays: row.keep_days, state: row.state, problem: row.problem, askedAt: row.asked_at, startedAt: row.started_at, beatAt: row.beat_at, tries: row.tries,
  donePosts: row.done_posts, totalPosts: row.total_posts, madeOn: row.made_on, detail: row.detail, paths: row.paths ?? [], lines: row.lines, bytes: row.bytes, fileKey: row.file_key,
  // Written by this room only, from the type it is read as.
  summary: row.summary === null ? null : JSON.parse(row.summary) as Summary,
  finishedAt: row.finished_at, expiresAt: row.expires_at, removedAt: row.removed_at, downloads: row.downloads, downloadedAt: row.downloaded_at,
}));
export type ReportRequest = z.output<typeof Row>;

const COLUMNS = `id, account_id, saved_report_id, schedule_id, name, query, format, lang, keep_days, state, problem, asked_at, started_at, beat_at, tries, done_posts,
  total_posts, made_on, detail, paths, lines, bytes, file_key, summary, finished_at, expires_at, removed_at, downloads, downloaded_at`;

export const findRequest = (from: Reader, id: string): Promise<ReportRequest | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM report_requests WHERE id = $id`, { id });

/** What an account asked for, the latest first. */
export const requestsOf = (from: Reader, accountId: string, limit: number): Promise<ReportRequest[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM report_requests WHERE account_id = $accountId ORDER BY asked_at DESC, id DESC LIMIT $limit`, { accountId, limit });

export interface NewRequest {
  accountId: string;
  name: string;
  query: ReportQuery;
  format: Format;
  lang: 'zh' | 'en';
  keepDays: number;
  savedReportId?: string | null;
  schedule?: { id: string; dueAt: Instant };
}

/** @returns its id, or null when the schedule's report of that time is asked for already */
export async function insertRequest(tx: Tx, one: NewRequest): Promise<string | null> {
  const id = newId();
  const added = await insert(tx, 'report_requests', [{
    id, account_id: one.accountId, saved_report_id: one.savedReportId ?? null, schedule_id: one.schedule?.id ?? null, due_at: one.schedule?.dueAt ?? null, name: one.name,
    query: JSON.stringify(one.query), format: one.format, lang: one.lang, keep_days: one.keepDays, state: 'waiting', asked_at: tx.now,
  }], one.schedule ? 'ON CONFLICT (schedule_id, due_at) WHERE schedule_id IS NOT NULL DO NOTHING' : '');
  return added > 0 ? id : null;
}

const Claim = z.object({ tries: z.number() });

/**
 * Takes a report to make it, unless so many are being made already. One whose maker was not heard of since `stale` is taken
 * over: the number of the try tells its maker, should it still live, that it is its no more.
 * @returns the number of the try, or null
 */
export async function claim(tx: Tx, id: string, { stale, atOnce }: { stale: Instant; atOnce: number }): Promise<number | null> {
  const [taken] = await rows(tx, Claim, `UPDATE report_requests SET state = 'running', tries = tries + 1, started_at = $now, beat_at = $now, done_posts = 0, total_posts = NULL
    WHERE id = $id AND (state = 'waiting' OR (state = 'running' AND beat_at < $stale))
      AND (SELECT COUNT(*) FROM report_requests o WHERE o.state = 'running' AND o.beat_at >= $stale AND o.id <> $id) < $atOnce RETURNING tries`, { id, now: tx.now, stale, atOnce });
  return taken?.tries ?? null;
}

const HIS = `id = $id AND state = 'running' AND tries = $tries`;

/** @returns 0 when it was cancelled, or another maker has it */
export const noteProgress = (tx: Tx, { id, tries }: { id: string; tries: number }, done: number, total: number): Promise<number> =>
  execute(tx, `UPDATE report_requests SET beat_at = $now, done_posts = $done, total_posts = $total WHERE ${HIS}`, { id, tries, done, total, now: tx.now });

export interface Made {
  madeOn: PlainDate;
  detail: boolean;
  paths: string[];
  lines: number;
  bytes: number;
  fileKey: string;
  summary: Summary;
  expiresAt: Instant;
}

export const markDone = (tx: Tx, { id, tries }: { id: string; tries: number }, made: Made): Promise<number> =>
  execute(tx, `UPDATE report_requests SET state = 'done', finished_at = $now, beat_at = $now, done_posts = COALESCE(total_posts, done_posts), made_on = $madeOn, detail = $detail, paths = $paths,
    lines = $lines, bytes = $bytes, file_key = $fileKey, summary = $summary, expires_at = $expiresAt, problem = NULL WHERE ${HIS}`, {
    id, tries, now: tx.now, madeOn: made.madeOn, detail: flag(made.detail), paths: JSON.stringify(made.paths), lines: made.lines, bytes: made.bytes, fileKey: made.fileKey,
    summary: JSON.stringify(made.summary), expiresAt: made.expiresAt,
  });

/** It failed and is tried again: whoever comes may take it at once. */
export const markStumbled = (tx: Tx, { id, tries }: { id: string; tries: number }, problem: string): Promise<number> =>
  execute(tx, `UPDATE report_requests SET state = 'waiting', problem = $problem WHERE ${HIS}`, { id, tries, problem: problem.slice(0, 500) });

export const markFailed = (tx: Tx, { id, tries }: { id: string; tries: number }, problem: string): Promise<number> =>
  execute(tx, `UPDATE report_requests SET state = 'failed', finished_at = $now, problem = $problem WHERE ${HIS}`, { id, tries, problem: problem.slice(0, 500), now: tx.now });

export const markCancelled = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE report_requests SET state = 'cancelled', finished_at = $now WHERE id = $id AND state IN ('waiting', 'running')`, { id, now: tx.now });

/** Once more, after it failed for good. */
export const markAgain = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE report_requests SET state = 'waiting', tries = 0, problem = NULL, finished_at = NULL, asked_at = $now WHERE id = $id AND state = 'failed'`, { id, now: tx.now });

export const countDownload = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE report_requests SET downloads = downloads + 1, downloaded_at = $now
    WHERE id = $id AND state = 'done' AND removed_at IS NULL AND expires_at > $now`, { id, now: tx.now });

const IdRow = z.object({ id: z.string() });

/** Reports that nobody makes: waiting since long, or their maker was not heard of. Oldest first. */
export const forgotten = async (from: Reader, { waitingSince, stale }: { waitingSince: Instant; stale: Instant }, limit: number): Promise<string[]> =>
  (await rows(from, IdRow, `SELECT id FROM report_requests WHERE (state = 'waiting' AND asked_at < $waitingSince) OR (state = 'running' AND beat_at < $stale)
    ORDER BY asked_at, id LIMIT $limit`, { waitingSince, stale, limit })).map(({ id }) => id);

/** The reports that have waited longest. */
export const nextWaiting = async (from: Reader, limit: number): Promise<string[]> =>
  (await rows(from, IdRow, `SELECT id FROM report_requests WHERE state = 'waiting' ORDER BY asked_at, id LIMIT $limit`, { limit })).map(({ id }) => id);

const FileRow = z.object({ id: z.string(), file_key: z.string() });

/** Files past their date. */
export const expiredFiles = async (from: Reader, now: Instant, limit: number): Promise<{ id: string; fileKey: string }[]> =>
  (await rows(from, FileRow, `SELECT id, file_key FROM report_requests WHERE removed_at IS NULL AND expires_at IS NOT NULL AND expires_at <= $now AND file_key IS NOT NULL
    ORDER BY expires_at LIMIT $limit`, { now, limit })).map((row) => ({ id: row.id, fileKey: row.file_key }));

export const markRemoved = (tx: Tx, id: string): Promise<number> =>
  execute(tx, 'UPDATE report_requests SET removed_at = $now WHERE id = $id AND removed_at IS NULL', { id, now: tx.now });

/** What a file holds may stay of interest; that it was made is kept for a year. */
export const forgetRequests = (tx: Tx, before: Instant): Promise<number> =>
  execute(tx, `DELETE FROM report_requests WHERE asked_at < $before AND state IN ('done', 'failed', 'cancelled') AND (file_key IS NULL OR removed_at IS NOT NULL)`, { before });

const Count = z.object({ n: z.number() });

/** How many reports an account has waiting or being made. */
export const openRequests = async (from: Reader, accountId: string): Promise<number> =>
  (await one(from, Count, `SELECT COUNT(*) AS n FROM report_requests WHERE account_id = $accountId AND state IN ('waiting', 'running')`, { accountId })).n;
