/**
 * A process to be killed: opens the embedded queue in the folder given, keeps one job running for ever, and
 * adds one after another. Prints `running <id>` and `added <id>`, the latter only when it is acknowledged.
 */
import { randomUUID } from 'node:crypto';
import { openQueue } from '~jobs/queue';

const folder = process.argv[2] ?? '';
const say = (line: string) => process.stdout.write(`${line}\n`);
const log = (_fields: object, sentence: string) => process.stderr.write(`${sentence}\n`);

const queue = await openQueue(
  { kind: 'embedded', folder },
  { name: 'killed', now: Date.now, log: { info: () => undefined, warn: log, error: log } },
);
const running = new Promise<void>((resolve) => {
  void queue.work(
    async ({ id }) => {
      say(`running ${id}`);
      resolve();
      await new Promise(() => undefined);
    },
    { concurrency: 1, onFailure: () => Promise.resolve() },
  );
});
await addOne();
await running;
for (;;) await addOne();

async function addOne(): Promise<void> {
  const id = randomUUID();
  await queue.add([{ id, name: 'notes.write', payload: { id }, delayMs: 0, attempts: 1, backoffMs: 10 }]);
  say(`added ${id}`);
}
