import { z } from 'zod';
import { one, reader } from '~/db';
import type { Queue } from '~jobs/queue';

export interface Readiness {
  queue: Queue;
  /** Set when the process was told to stop: load balancers then send nothing new. */
  stopping: () => boolean;
}

/**
 * Whether this process can serve. An unreachable queue is told but does not make it unready: requests go
 * on, the outbox keeps the messages.
 */
export async function ready({ queue, stopping }: Readiness): Promise<{ ready: boolean; database: string; queue: string }> {
  const database = await one(reader(), z.object({ n: z.number() }), 'SELECT 1 AS n').then(() => 'ok', () => 'unreachable');
  const jobs = await queue.ping().then(() => 'ok', () => 'unreachable');
  return { ready: database === 'ok' && !stopping(), database, queue: jobs };
}
