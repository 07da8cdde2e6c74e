import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openQueue } from '~jobs/queue';
import type { Queue } from '~jobs/queue';
import { buildForNode } from '../support/pglite-thread';
import { aJob, queueDeps, queuePlace } from '../support/queues';
import type { QueuePlace } from '../support/queues';

const soon = { timeout: 20_000, interval: 10 };
const tenAtATime = { concurrency: 10, onFailure: () => Promise.resolve() };
const done = Promise.resolve();

describe('the embedded queue', () => {
  let place: QueuePlace;
  let folder: string;
  let queue: Queue | undefined;

  beforeEach(async () => {
    place = await queuePlace('embedded');
    folder = place.choice.kind === 'embedded' ? place.choice.folder : '';
  });
  afterEach(async () => {
    await queue?.close();
    queue = undefined;
    await place.remove();
  });

  async function open(deps = queueDeps('killed')): Promise<Queue> {
    queue = await openQueue(place.choice, deps);
    return queue;
  }

  async function closeWithOneJob(): Promise<string> {
    const job = aJob({ delayMs: 60_000 });
    const first = await open();
    expect(first.startedEmpty).toBe(true);
    await first.add([job]);
    await first.close();
    return job.id;
  }

  const filesIn = (dir: string): string[] =>
    readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesIn(path.join(dir, entry.name)) : [path.join(dir, entry.name)],
    );
  const setAside = () =>
    readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`${path.basename(folder)}.damaged-`));
  const spoil = (file: string) => {
    writeFileSync(file, Buffer.alloc(Math.max(statSync(file).size, 8_192), 0xa7));
  };

  it('loses no acknowledged job, and runs again what was running, when its process is killed', async () => {
    const child = startChild(folder);
    const { added, running } = await child.killedAfter(150);

    const reopened = await open();
    expect(reopened.startedEmpty).toBe(false);
    const known = await Promise.all(added.map((id) => reopened.has(id)));
    expect(known.filter((is) => !is)).toEqual([]);

    const runs: string[] = [];
    await reopened.work(({ id }) => (runs.push(id), done), tenAtATime);
    // The one that was added but not acknowledged may be there too.
    await vi.waitFor(() => {
      expect(new Set(runs).size).toBeGreaterThanOrEqual(added.length);
    }, soon);
    expect(added).toContain(running);
    expect(runs).toEqual(expect.arrayContaining(added));
  });

  it('is made anew when its folder is deleted, and asks to be refilled', async () => {
    const id = await closeWithOneJob();
    rmSync(folder, { recursive: true });
    const onEmptied = vi.fn();
    const reopened = await open({ ...queueDeps('killed'), onEmptied });
    expect(reopened.startedEmpty).toBe(true);
    expect(onEmptied).toHaveBeenCalledOnce();
    expect(await reopened.has(id)).toBe(false);
    expect(setAside()).toEqual([]);
    await reopened.add([aJob()]);
    expect((await reopened.counts()).waiting).toBe(1);
  });

  it.each([
    { name: 'its tables', files: /\/base\/5\/\d+$/ },
    { name: 'its log', files: /\/pg_wal\/0/ },
  ])('is set aside and made anew when $name cannot be read', async ({ files }) => {
    await closeWithOneJob();
    filesIn(folder)
      .filter((file) => files.test(file))
      .forEach(spoil);

    const deps = queueDeps('killed');
    const reopened = await open(deps);
    expect(reopened.startedEmpty).toBe(true);
    expect(setAside()).toHaveLength(1);
    expect(deps.sentences).toEqual([
      expect.stringMatching(/^error: The embedded job queue could not be read. It is set aside and made anew/),
      expect.stringMatching(/^info: The job queue is open/),
    ]);
    await reopened.add([aJob()]);
    expect((await reopened.counts()).waiting).toBe(1);
  });

  it('is replaced while running when it turns out to be damaged', async () => {
    const onEmptied = vi.fn();
    const damaged = await open({ ...queueDeps('killed'), onEmptied });
    const runs: string[] = [];
    await damaged.schedule('exams.sweep', 3_600_000);
    await damaged.work(({ name }) => (runs.push(name), done), tenAtATime);
    filesIn(folder).forEach(spoil);
    await vi.waitFor(async () => {
      await damaged.add(Array.from({ length: 500 }, () => aJob())).catch(() => undefined);
      expect(damaged.reachable).toBe(false);
    }, soon);
    await expect(damaged.add([aJob()])).rejects.toMatchObject({ code: 'queue-unreachable' });

    await vi.waitFor(() => {
      expect(damaged.reachable).toBe(true);
    }, soon);
    expect(onEmptied).toHaveBeenCalledTimes(2);
    expect(setAside()).toHaveLength(1);
    runs.length = 0;
    await damaged.add([aJob({ name: 'later' })]);
    await vi.waitFor(() => {
      expect(runs).toContain('later');
    }, soon);
  });

  it('leaves the event loop free while it is busy', async () => {
    const busy = await open();
    await busy.add(Array.from({ length: 1_500 }, () => aJob()));
    let [ran, widest, last] = [0, 0, performance.now()];
    const timer = setInterval(() => {
      widest = Math.max(widest, performance.now() - last);
      last = performance.now();
    }, 10);
    await busy.work(() => ((ran += 1), done), tenAtATime);
    await vi.waitFor(() => {
      expect(ran).toBe(1_500);
    }, soon);
    clearInterval(timer);
    // With the engine in the main thread it was not called for seconds; the rest is what the machine adds.
    expect(widest).toBeLessThan(500);
  });

  it('says so and goes on when it cannot be made, and is there when it can', async () => {
    const parent = path.dirname(folder);
    rmSync(parent, { recursive: true });
    writeFileSync(parent, 'a file where the folder should be');
    const deps = queueDeps('killed');
    const waiting = await open(deps);
    expect(waiting.reachable).toBe(false);
    await expect(waiting.add([aJob()])).rejects.toMatchObject({ code: 'queue-unreachable' });
    rmSync(parent);
    await vi.waitFor(() => {
      expect(waiting.reachable).toBe(true);
    }, soon);
    await waiting.add([aJob()]);
    expect(deps.sentences).toEqual([
      expect.stringMatching(/^error: The job queue cannot be reached. Jobs stay in the outbox/),
      expect.stringMatching(/^info: The job queue is reachable again/),
    ]);
  });

  let childFile: string;
  beforeAll(async () => {
    childFile = await buildForNode('queue-child', path.resolve('test/support/queue-child.ts'), '.tmp');
  });

  function startChild(of: string) {
    const child = spawn(process.execPath, [childFile, of], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const added: string[] = [];
    let running = '';
    return {
      /** Kills the process as soon as it has said that so many jobs were added, and reads what else it said. */
      async killedAfter(count: number) {
        for await (const line of lines) {
          const [what, id = ''] = line.split(' ');
          if (what === 'running') running = id;
          else if (added.push(id) === count) child.kill('SIGKILL');
        }
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        return { added, running };
      },
    };
  }
});
