import { createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { within } from './failure';
import { EVENT_STREAM, WORKER_TIMES } from './store';
import type { BullQueue, BullWorker, OpenStore } from './store';

const CONNECTING_MAY_TAKE_MS = 2_000;
const LONGEST_PAUSE_MS = 5_000;
const OLDEST_VERSION = [6, 2] as const;
/** Answers of a server that is there but cannot serve at present, or not us. */
const NOT_NOW = /^(LOADING|READONLY|MISCONF|OOM|NOAUTH|WRONGPASS|NOPERM|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY) ?/;

/** Redis. Adding fails at once while it is away; workers wait for it. */
export function redis(url: string): OpenStore {
  return async (signals) => {
    const adding = newClient(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    const working = newClient(url, { maxRetriesPerRequest: null });
    const endWorking = endsWithCopies(working);
    let reason: unknown = null;
    adding.on('error', (error) => (reason = error));
    const end = () => {
      adding.removeAllListeners('close');
      adding.disconnect();
      endWorking();
    };
    try {
      const connecting = Promise.all([adding.connect(), working.connect()]);
      await within(CONNECTING_MAY_TAKE_MS, 'connecting', connecting);
      await within(CONNECTING_MAY_TAKE_MS, 'asking for the version', refuseOld(adding));
    } catch (error) {
      end();
      // The rejection only says that the connection is closed.
      throw reason ?? error;
    }
    adding.on('close', () => {
      signals.down(reason ?? new Error('the connection was closed'));
    });
    adding.on('ready', signals.up);
    const { Queue, Worker } = withBackend(createRedisBackend);
    return {
      exclusive: false,
      newQueue: (name): BullQueue => new Queue<unknown, unknown>(name, { connection: adding, streams: EVENT_STREAM }),
      newWorker: (name, processor, options): BullWorker =>
        new Worker<unknown, unknown>(name, processor, {
          ...options,
          ...WORKER_TIMES,
          autorun: false,
          connection: working,
        }),
      ping: async () => {
        await adding.ping();
      },
      isAway,
      lost: new Promise<never>(() => undefined),
      close: () => Promise.resolve(end()),
    };
  };
}

/** What BullMQ finds wrong with a call are TypeErrors and answers of Redis; the rest comes from the connection. */
function isAway(error: unknown): boolean {
  if (error instanceof Error && error.name === 'ReplyError') return NOT_NOW.test(error.message);
  return !(error instanceof TypeError);
}

/** Ends the client and the copies of it that BullMQ makes for waiting, also one that hangs in reconnecting. */
function endsWithCopies(client: Redis): () => void {
  const copies: Redis[] = [];
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (options) => {
    const copy = duplicate(options);
    copy.on('error', () => undefined);
    copies.push(copy);
    return copy;
  };
  return () => {
    for (const each of [client, ...copies]) each.disconnect();
  };
}

function newClient(url: string, options: { enableOfflineQueue?: boolean; maxRetriesPerRequest: number | null }): Redis {
  const client = new Redis(url, {
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECTING_MAY_TAKE_MS,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(times * 200, LONGEST_PAUSE_MS),
    // After a failover the old master answers READONLY until it is connected to anew.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  client.on('error', () => undefined);
  return client;
}

async function refuseOld(client: Redis): Promise<void> {
  const version = /redis_version:(\d+)\.(\d+)\S*/.exec(await client.info('server'));
  if (version === null) return;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const [oldest, oldestMinor] = OLDEST_VERSION;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return;
  throw new Error(`Redis ${major}.${minor} is too old, ${oldest}.${oldestMinor} or newer is needed`);
}
