import { parseArgs } from 'node:util';
import { isWrong, simulate } from './simulate';

/**
 * `npm run simulate -- [--candidates N] [--kills K] [--jumps J] [--queue-stops Q] [--minutes M] [--factor F] [--seed S]
 * [--database sqlite|postgres] [--queue embedded|postgres|redis] [--worker] [--open] [--json]`: a whole sitting over
 * loopback, with the clock running F times as fast; with --open an exam that anybody may start, without rooms. Ends with a line of JSON and, when anything was wrong, with an exit code of 1.
 */
const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '50' },
    kills: { type: 'string', default: '5' },
    jumps: { type: 'string', default: '0' },
    'queue-stops': { type: 'string', default: '0' },
    minutes: { type: 'string', default: '30' },
    factor: { type: 'string', default: '30' },
    seed: { type: 'string', default: 'simulate' },
    database: { type: 'string', default: 'sqlite' },
    queue: { type: 'string' },
    worker: { type: 'boolean', default: false },
    open: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

function number(name: 'candidates' | 'kills' | 'jumps' | 'queue-stops' | 'minutes' | 'factor'): number {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value < 0) refuse(`--${name} must be a number: ${values[name]}`);
  return value;
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  return allowed.find((one) => one === value) ?? refuse(`--${name} must be one of ${allowed.join(', ')}: ${value}`);
}

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

const database = oneOf('database', values.database, ['sqlite', 'postgres']);
const report = await simulate({
  candidates: number('candidates'), kills: number('kills'), jumps: number('jumps'), queueStops: number('queue-stops'),
  minutes: number('minutes'), factor: number('factor'), seed: values.seed, database,
  queue: oneOf('queue', values.queue ?? (database === 'sqlite' ? 'embedded' : 'postgres'), ['embedded', 'postgres', 'redis']),
  worker: values.worker,
  sitting: !values.open,
  tell: (line) => { if (!values.json) process.stdout.write(`${line}\n`); },
}).catch((error: unknown) => refuse(error instanceof Error ? error.stack ?? error.message : String(error)));
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(isWrong(report) ? 1 : 0);
