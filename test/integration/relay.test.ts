import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addJob, closeDatabase, failedJobs, inTransaction, jobStatus, markWaiting, migrate, openDatabase, outboxCounts, reader, waitingJobs, type Database } from '~/db';
import { seconds } from '~/kernel/clock';
import { openQueue, type Queue, type RunningWork } from '~jobs/queue';
import { JOBS } from '~jobs/registry';
import { Relay } from '~jobs/relay';
import { noteFailure, runJob } from '~jobs/run';
import { scratch, testSecrets } from '../support/databases';
import { offers, QUEUE_KINDS, queueDeps, queuePlace, type QueuePlace } from '../support/queues';

/** What the jobs of this test did, by name. */
const did: string[] = [];

async function until(what: () => Promise<boolean> | boolean, ms = 15_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('it did not come to pass');
    await sleep(20);
  }
}

const announce = (name: string): Promise<string> =>
  inTransaction(async (tx) => {
    await addJob(tx, name, {});
    const waiting = await waitingJobs(tx, 100);
    return waiting.at(-1)?.id ?? '';
  });

for (const kind of QUEUE_KINDS) {
  describe.skipIf(!offers(kind))(`the outbox and the ${kind} queue`, () => {
    let db: Database;
    let place: QueuePlace;
    let remove: () => Promise<void>;
    let queue: Queue;
    let relay: Relay;
    let work: RunningWork;

    beforeAll(async () => {
      testSecrets();
      const data = await scratch('sqlite');
      remove = data.remove;
      db = await openDatabase(data.choice);
      await migrate(db);
      JOBS['test.note'] = { attempts: 3, backoffMs: 10, run: async () => { did.push('note'); } };
      JOBS['test.fails'] = { attempts: 2, backoffMs: 10, run: async () => { did.push('fails'); throw new Error('the disk is made of cheese'); } };
      place = await queuePlace(kind);
      queue = await openQueue(place.choice, queueDeps());
      relay = new Relay(queue);
      await relay.start();
      work = await queue.work(runJob, { concurrency: 4, onFailure: noteFailure });
    });
    afterAll(async () => {
      await relay.stop();
      await work.close();
      await queue.close();
      delete JOBS['test.note'];
      delete JOBS['test.fails'];
      await closeDatabase(db);
      await remove();
      await place.remove();
    });

    it('run a job once its transaction is committed, and remember that it is done', async () => {
      did.length = 0;
      const id = await announce('test.note');
      await until(async () => (await jobStatus(reader(), id)) === 'done');
      expect(did).toEqual(['note']);
    });

    it('run nothing of a transaction that was rolled back', async () => {
      did.length = 0;
      await expect(inTransaction(async (tx) => {
        await addJob(tx, 'test.note', {});
        throw new Error('changed my mind');
      })).rejects.toThrow('changed my mind');
      await sleep(300);
      expect(did).toEqual([]);
      expect(await outboxCounts(reader())).toEqual({ waiting: 0, sent: 0, failed: 0 });
    });

    it('list a job that is out of retries, with its reason, and run it again when asked', async () => {
      did.length = 0;
      const id = await announce('test.fails');
      await until(async () => (await jobStatus(reader(), id)) === 'failed');
      expect(did).toEqual(['fails', 'fails']);
      expect(await failedJobs(reader(), 5)).toMatchObject([{ id, name: 'test.fails', error: 'the disk is made of cheese' }]);
      JOBS['test.fails'] = { attempts: 1, backoffMs: 10, run: async () => undefined };
      await inTransaction((tx) => markWaiting(tx, id));
      await until(async () => (await jobStatus(reader(), id)) === 'done');
    });

    it('list a job that nobody knows instead of losing it', async () => {
      const id = await announce('test.unheard-of');
      await until(async () => (await jobStatus(reader(), id)) === 'failed');
    });

    it('fill the queue again from the outbox after it was lost', async () => {
      did.length = 0;
      await work.close();
      const id = await announce('test.note');
      await until(async () => (await jobStatus(reader(), id)) === 'sent');
      await relay.stop();
      await queue.close();
      await place.remove();
      place = await queuePlace(kind);
      queue = await openQueue(place.choice, queueDeps());
      relay = new Relay(queue);
      await relay.start();
      work = await queue.work(runJob, { concurrency: 4, onFailure: noteFailure });
      await relay.refill();
      await until(async () => (await jobStatus(reader(), id)) === 'done', seconds(20));
      expect(did).toEqual(['note']);
    });
  });
}
