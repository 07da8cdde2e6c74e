import { z } from 'zod';
import { execute, groupCommit, insert, inTransaction, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';

/** What an application asked and how it was answered; the path without what is asked about. */
export interface AskedRequest {
  applicationId: string;
  at: Instant;
  method: string;
  path: string;
  status: number;
  ms: number;
}

/** Notes a request that was answered; those that end together share one commit. */
export const noteRequest: (one: AskedRequest) => Promise<number> = groupCommit(async (tx, some: AskedRequest[]) => {
  await insert(tx, 'application_requests', some.map(({ applicationId, ...one }) => ({ id: newId(), application_id: applicationId, ...one })));
  return some.map(() => 1);
});

const Row = z.object({ id: z.string(), at: z.number(), method: z.string(), path: z.string(), status: z.number(), ms: z.number() });
export type ListedRequest = z.infer<typeof Row>;

/** The latest requests of an application. */
export const requestsOf = (from: Reader, applicationId: string, limit = 50): Promise<ListedRequest[]> =>
  rows(from, Row, 'SELECT id, at, method, path, status, ms FROM application_requests WHERE application_id = $applicationId ORDER BY at DESC, id DESC LIMIT $limit', { applicationId, limit });

export const forgetRequestsBefore = (before: Instant): Promise<number> => inTransaction((tx) => execute(tx, 'DELETE FROM application_requests WHERE at < $before', { before }));
