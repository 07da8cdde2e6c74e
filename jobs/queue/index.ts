/** The queue for jobs: BullMQ, on a PostgreSQL inside this process, on PostgreSQL, or on Redis. */
import type { Queue, QueueChoice, QueueDeps } from './contract';
import { embedded } from './embedded';
import { endsWithin } from './failure';
import { postgres } from './postgres';
import { StoredQueue } from './queue';
import { redis } from './redis';
import type { OpenStore } from './store';

export { QueueUnreachable } from './contract';
export type {
  JobToAdd,
  Queue,
  QueueChoice,
  QueueDeps,
  QueueLog,
  RunningJob,
  RunningWork,
  WorkOptions,
} from './contract';
export { migrateQueue } from './postgres';

/** How long the start of the application waits for a store elsewhere; it goes on trying in the background. */
const FIRST_ATTEMPT_MAY_TAKE_MS = 5_000;

/**
 * Opens the queue. Never rejects because the store is away: the queue then says so in the log and in what is
 * asked of it, and goes on trying. The embedded store is for one process at a time; the caller holds a lock.
 */
export async function openQueue(choice: QueueChoice, deps: QueueDeps): Promise<Queue> {
  const queue = new StoredQueue(choice, placeOf(choice), storeFor(choice, deps), deps);
  const tried = queue.open();
  if (choice.kind === 'embedded') await tried;
  else await endsWithin(FIRST_ATTEMPT_MAY_TAKE_MS, tried);
  return queue;
}

function storeFor(choice: QueueChoice, deps: QueueDeps): OpenStore {
  switch (choice.kind) {
    case 'embedded':
      return embedded(choice.folder, deps);
    case 'postgres':
      return postgres(choice.url);
    case 'redis':
      return redis(choice.url);
  }
}

/** For the log: where the store is, without the password. */
function placeOf(choice: QueueChoice): string {
  if (choice.kind === 'embedded') return `embedded, ${choice.folder}`;
  const name = choice.kind === 'redis' ? 'Redis' : 'PostgreSQL';
  if (!URL.canParse(choice.url)) return name;
  const { host, pathname } = new URL(choice.url);
  return `${name}, ${host}${pathname}`;
}
