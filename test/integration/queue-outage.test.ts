import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QueueUnreachable, openQueue } from '~jobs/queue';
import type { Queue, QueueChoice, RunningJob } from '~jobs/queue';
import { Gate } from '../support/gate';
import { aJob, offers, queueDeps, queuePlace } from '../support/queues';
import type { QueuePlace } from '../support/queues';

const soon = { timeout: 15_000, interval: 20 };
const done = Promise.resolve();

describe.each(['postgres', 'redis'] as const)('the queue on %s that cannot be reached', (kind) => {
  describe.skipIf(!offers(kind))('for a while', () => {
    let place: QueuePlace;
    let gate: Gate;
    let queue: Queue | undefined;
    let deps: ReturnType<typeof queueDeps>;

    beforeEach(async () => {
      place = await queuePlace(kind);
      if (place.choice.kind === 'embedded') throw new Error('the embedded queue has no address');
      gate = await Gate.before(place.choice.url);
      deps = queueDeps();
    });
    afterEach(async () => {
      await queue?.close();
      queue = undefined;
      await gate.shut();
      await place.remove();
    });

    async function open(): Promise<Queue> {
      const choice: QueueChoice = { kind, url: gate.url };
      queue = await openQueue(choice, deps);
      return queue;
    }

    async function refusedWithin2s(call: Promise<unknown>): Promise<void> {
      const since = performance.now();
      await expect(call).rejects.toBeInstanceOf(QueueUnreachable);
      await expect(call).rejects.toMatchObject({ code: 'queue-unreachable' });
      expect(performance.now() - since).toBeLessThan(2_500);
    }

    it('opens all the same, refuses at once, and begins to work when it is there', async () => {
      const opened = await open();
      expect(opened.reachable).toBe(false);
      await refusedWithin2s(opened.add([aJob()]));
      await refusedWithin2s(opened.ping());
      await refusedWithin2s(opened.counts());
      await refusedWithin2s(opened.has('a1'));

      const runs: RunningJob[] = [];
      await opened.work((job) => (runs.push(job), done), { concurrency: 1, onFailure: () => done });
      await opened.schedule('exams.sweep', 3_600_000);
      await opened.keepSchedules(['exams.sweep']);

      await gate.open();
      await vi.waitFor(() => {
        expect(runs.map(({ name }) => name)).toEqual(['exams.sweep']);
      }, soon);
      expect(opened.startedEmpty).toBe(true);
      await opened.add([aJob()]);
      await vi.waitFor(() => {
        expect(runs).toHaveLength(2);
      }, soon);
      expect(deps.sentences).toEqual([
        expect.stringMatching(/^error: The job queue cannot be reached.*ECONNREFUSED/),
        expect.stringMatching(/^info: The job queue is reachable again/),
      ]);
    });

    it('refuses while it is away, finishes what was running, and works on when it is back', async () => {
      await gate.open();
      const opened = await open();
      const runs: string[] = [];
      const failed = vi.fn(() => done);
      let finish: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (finish = resolve));
      await opened.work(
        async ({ name }) => {
          runs.push(name);
          if (name === 'held') await held;
        },
        { concurrency: 2, onFailure: failed },
      );
      await opened.add([aJob({ name: 'held' })]);
      await vi.waitFor(() => {
        expect(runs).toEqual(['held']);
      }, soon);

      await gate.shut();
      await refusedWithin2s(opened.add([aJob()]));
      finish();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await refusedWithin2s(opened.ping());

      await gate.open();
      await vi.waitFor(() => opened.add([aJob({ name: 'later' })]), soon);
      await vi.waitFor(async () => {
        expect(await opened.counts()).toEqual({ waiting: 0, delayed: 0, active: 0 });
      }, soon);
      expect(runs.filter((name) => name === 'later').length).toBeGreaterThanOrEqual(1);
      expect(runs.filter((name) => name === 'held')).toHaveLength(1);
      expect(failed).not.toHaveBeenCalled();
      expect(deps.sentences.map((sentence) => sentence.slice(0, 40))).toEqual([
        'info: The job queue is open {"queue":"' + sentenceStart(kind),
        'error: The job queue cannot be reached. ',
        'info: The job queue is reachable again {',
      ]);
    });

    it('notices that it was emptied while it was away, asks to be refilled, and has its schedules again', async () => {
      await gate.open();
      const onEmptied = vi.fn();
      deps = Object.assign(deps, { onEmptied });
      const opened = await open();
      await opened.schedule('exams.sweep', 3_600_000);
      await opened.add([aJob({ delayMs: 3_600_000 })]);
      await gate.shut();
      await refusedWithin2s(opened.ping());
      await opened.schedule('old.sweep', 3_600_000);
      await opened.keepSchedules(['exams.sweep']);
      await place.empty();
      await gate.open();
      await vi.waitFor(async () => {
        await opened.ping();
        expect(onEmptied).toHaveBeenCalledTimes(2);
      }, soon);
      expect(await opened.counts()).toEqual({ waiting: 1, delayed: 0, active: 0 });
    });

    it('closes in reasonable time while it is away, after its running job', async () => {
      await gate.open();
      const opened = await open();
      let ended = false;
      const running = new Promise<void>((started) => {
        const run = async () => {
          started();
          await new Promise((resolve) => setTimeout(resolve, 300));
          ended = true;
        };
        void opened.work(run, { concurrency: 1, onFailure: () => done });
      });
      await opened.add([aJob()]);
      await running;
      await gate.shut();
      const since = performance.now();
      await opened.close();
      expect(ended).toBe(true);
      expect(performance.now() - since).toBeLessThan(10_000);
    });

    it('closes at once when it has never been there', async () => {
      const opened = await open();
      const since = performance.now();
      await opened.close();
      expect(performance.now() - since).toBeLessThan(3_000);
    });
  });
});

const sentenceStart = (kind: 'postgres' | 'redis') => (kind === 'redis' ? 'Re' : 'Po');
