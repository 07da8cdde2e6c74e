import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openQueue } from '~jobs/queue';
import type { Queue, RunningJob, WorkOptions } from '~jobs/queue';
import { QUEUE_KINDS, aJob, offers, queueDeps, queuePlace } from '../support/queues';
import type { QueuePlace } from '../support/queues';

const soon = { timeout: 20_000, interval: 10 };
const done = Promise.resolve();

describe.each(QUEUE_KINDS)('the queue, %s', (kind) => {
  describe.skipIf(!offers(kind))('when its store is there', () => {
    let place: QueuePlace;
    let queue: Queue;
    const open: Queue[] = [];

    beforeAll(async () => {
      place = await queuePlace(kind);
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });
    afterAll(async () => {
      await place.remove();
    });

    /** A queue of its own name; the embedded store is used by one at a time. */
    async function opened(deps = queueDeps()): Promise<Queue> {
      queue = await openQueue(place.choice, deps);
      open.push(queue);
      return queue;
    }

    async function reopened(deps: ReturnType<typeof queueDeps>): Promise<Queue> {
      await Promise.all(open.splice(0).map((each) => each.close()));
      return opened(deps);
    }

    /** Starts work that notes its runs. */
    async function working(run: (job: RunningJob) => Promise<void> = () => done, concurrency = 2) {
      const runs: RunningJob[] = [];
      const failures: { job: RunningJob; message: string; final: boolean }[] = [];
      const options: WorkOptions = {
        concurrency,
        onFailure: (job, error, final) => {
          failures.push({ job, message: error.message, final });
          return done;
        },
      };
      const work = await queue.work((job) => {
        runs.push(job);
        return run(job);
      }, options);
      return { runs, failures, work };
    }

    const allGone = () =>
      vi.waitFor(async () => {
        expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, active: 0 });
      }, soon);

    it('runs a job with its payload and forgets it', async () => {
      await opened();
      const job = aJob({ payload: { attemptId: 'a1' }, attempts: 3 });
      await queue.add([job]);
      expect(await queue.has(job.id)).toBe(true);

      const { runs, failures } = await working();
      await allGone();

      const { id, name, payload } = job;
      expect(runs).toEqual([{ id, name, payload, attempt: 1, lastAttempt: false }]);
      expect(failures).toEqual([]);
      expect(await queue.has(id)).toBe(false);
    });

    it('runs every job of a large batch exactly once', async () => {
      await opened();
      const jobs = Array.from({ length: 1_100 }, () => aJob());
      await queue.add(jobs);
      expect((await queue.counts()).waiting).toBe(1_100);

      const { runs } = await working(undefined, 10);
      await allGone();

      expect(runs.map(({ id }) => id).sort()).toEqual(jobs.map(({ id }) => id).sort());
    });

    it('repeats a failed job after a growing wait and tells of each failure', async () => {
      await opened();
      const times: number[] = [];
      const { runs, failures } = await working(({ attempt }) => {
        times.push(performance.now());
        return attempt < 3 ? Promise.reject(new Error(`no luck ${attempt}`)) : done;
      });
      await queue.add([aJob({ attempts: 3, backoffMs: 100 })]);
      await vi.waitFor(() => {
        expect(runs).toHaveLength(3);
      }, soon);
      await allGone();

      expect(failures.map(({ message, final }) => [message, final])).toEqual([
        ['no luck 1', false],
        ['no luck 2', false],
      ]);
      const [first = 0, second = 0, third = 0] = times;
      expect(second - first).toBeGreaterThanOrEqual(95);
      expect(third - second).toBeGreaterThanOrEqual(195);
    });

    it('tells of the final failure, and takes the job again afterwards', async () => {
      await opened();
      const job = aJob({ attempts: 2 });
      const { runs, failures } = await working(() => Promise.reject(new Error('never')));
      await queue.add([job]);
      await vi.waitFor(() => {
        expect(failures.map(({ final }) => final)).toEqual([false, true]);
      }, soon);
      await allGone();
      expect(runs.map(({ lastAttempt }) => lastAttempt)).toEqual([false, true]);
      expect(await queue.has(job.id)).toBe(false);

      await queue.add([job]);
      await vi.waitFor(() => {
        expect(runs).toHaveLength(4);
      }, soon);
      await allGone();
    });

    it('goes on when the record of a failure fails', async () => {
      const deps = queueDeps();
      await opened(deps);
      await queue.work(() => Promise.reject(new Error('never')), {
        concurrency: 1,
        onFailure: () => Promise.reject(new Error('no table')),
      });
      await queue.add([aJob({ attempts: 2 })]);
      await vi.waitFor(() => {
        expect(deps.sentences.filter((each) => each.includes('could not be recorded'))).toHaveLength(2);
      }, soon);
      await allGone();
    });

    it('runs a delayed job when its time has come, not before', async () => {
      await opened();
      const { runs } = await working();
      const added = performance.now();
      await queue.add([aJob({ delayMs: 500 }), aJob({ delayMs: 3_600_000 })]);
      await vi.waitFor(() => {
        expect(runs).toHaveLength(1);
      }, soon);
      expect(performance.now() - added).toBeGreaterThanOrEqual(495);
      expect(performance.now() - added).toBeLessThan(2_500);
      // Begun is not yet ended: the store forgets the job a moment after it ran.
      await vi.waitFor(async () => {
        expect(await queue.counts()).toEqual({ waiting: 0, delayed: 1, active: 0 });
      }, soon);
    });

    it('runs a job once that is added several times while it is queued or running', async () => {
      await opened();
      const job = aJob();
      await queue.add([job, job]);
      await queue.add([job]);
      const { runs } = await working(async () => {
        await queue.add([job, aJob({ id: job.id, delayMs: 50 })]);
      });
      await allGone();
      expect(runs).toHaveLength(1);
    });

    it('runs a schedule again and again, changes its interval, and drops what is no longer wanted', async () => {
      const deps = queueDeps();
      await opened(deps);
      await queue.schedule('exams.sweep', 3_600_000);
      await queue.schedule('old.sweep', 3_600_000);
      await reopened(deps);
      const { runs, failures } = await working();
      await vi.waitFor(() => {
        expect(runs.map(({ name }) => name).sort()).toEqual(['exams.sweep', 'old.sweep']);
      }, soon);

      await queue.schedule('exams.sweep', 200);
      await queue.keepSchedules(['exams.sweep']);
      await vi.waitFor(() => {
        expect(runs.filter(({ name }) => name === 'exams.sweep').length).toBeGreaterThanOrEqual(4);
      }, soon);
      expect(runs[0]).toMatchObject({ payload: {}, attempt: 1, lastAttempt: true });
      expect((await queue.counts()).delayed).toBeLessThanOrEqual(1);

      await queue.keepSchedules([]);
      await allGone();
      expect(failures).toEqual([]);
    });

    it('goes on at the new interval also when a run comes late', async () => {
      await opened();
      await queue.schedule('exams.sweep', 3_600_000);
      // One at a time, and each takes longer than the interval.
      const { runs } = await working(() => new Promise((resolve) => setTimeout(resolve, 300)), 1);
      await vi.waitFor(() => {
        expect(runs).toHaveLength(1);
      }, soon);
      await queue.schedule('exams.sweep', 100);
      await vi.waitFor(() => {
        expect(runs.length).toBeGreaterThanOrEqual(4);
      }, soon);
    });

    it('keeps the next time of an unchanged schedule when the process starts again', async () => {
      const deps = queueDeps();
      await opened(deps);
      const started: number[] = [];
      const note = () => {
        started.push(performance.now());
        return done;
      };
      await working(note);
      await queue.schedule('reports.refresh', 5_000);
      await vi.waitFor(() => {
        expect(started).toHaveLength(1);
      }, soon);
      await new Promise((resolve) => setTimeout(resolve, 3_500));

      await reopened(deps);
      await queue.schedule('reports.refresh', 5_000);
      await working(note);
      await vi.waitFor(() => {
        expect(started).toHaveLength(2);
      }, soon);
      const [first = 0, second = 0] = started;
      // Counted anew from the start it would be more than 8.5 s.
      expect(second - first).toBeLessThan(8_000);
    });

    it('waits for the running job when it closes, and takes no other', async () => {
      await opened();
      const steps: string[] = [];
      await queue.add([aJob(), aJob()]);
      const { work, runs } = await working(async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        steps.push('run ended');
      }, 1);
      await vi.waitFor(() => {
        expect(runs).toHaveLength(1);
      }, soon);
      await work.close();
      steps.push('closed');
      expect(steps).toEqual(['run ended', 'closed']);
      expect(await queue.counts()).toEqual({ waiting: 1, delayed: 0, active: 0 });
    });

    it('keeps what is waiting and delayed when the process ends', async () => {
      const deps = queueDeps();
      await opened(deps);
      expect(queue.startedEmpty).toBe(true);
      const jobs = [aJob(), aJob({ delayMs: 60_000 })];
      await queue.add(jobs);
      await reopened(deps);
      expect(queue.startedEmpty).toBe(false);
      expect(await Promise.all(jobs.map(({ id }) => queue.has(id)))).toEqual([true, true]);
      expect(await queue.counts()).toEqual({ waiting: 1, delayed: 1, active: 0 });
    });

    it('refuses ids that the store would read as something else', async () => {
      await opened();
      for (const id of ['', 'close:1', '42']) await expect(queue.add([aJob({ id })])).rejects.toThrow(TypeError);
      await expect(queue.add([aJob({ attempts: 0 })])).rejects.toThrow(TypeError);
      await expect(queue.add([aJob({ delayMs: NaN })])).rejects.toThrow(TypeError);
      await expect(queue.schedule('never', 0)).rejects.toThrow(TypeError);
    });

    it('answers when asked whether it is there, and says that it is open once', async () => {
      const deps = queueDeps();
      await opened(deps);
      await queue.ping();
      expect(queue.reachable).toBe(true);
      expect(deps.sentences).toEqual([expect.stringMatching(/^info: The job queue is open /)]);
    });
  });
});
