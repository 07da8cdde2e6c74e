import { gateAsKnown, plansOfAsKnown, rebuildProjections, recruitCounts, recruitList } from '~/certification';
import { assignedPeopleAfter, lockPeople } from '~/certification/assignments.repository';
import { refreshPeople, refreshPerson } from '~/certification/refresh.service';
import { closeDatabase, inTransaction, migrate, openDatabase, reader, type Database } from '~/db';
import { setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { useSecrets } from '~/kernel/secrets';
import { scratch } from '../support/databases';
import { testConfig } from '../support/config';
import { machine } from './load';
import { populate, PROGRAMMES, TODAY } from './population';
import { rounded, type Figures } from './report';

const SOME = 10_000;
const FULL = [10_000, 100_000, 1_000_000];
const STEP = 250;
const ASKED = 200;

/** A row of the growth: one size, its figures. */
type Size = Record<string, string | number>;

/**
 * Judging everybody from cold, with what lists read written; then one person as of a day, as known on a day, and after an
 * event of theirs. SQLite, or PostgreSQL where DATABASE_URL is set or with `--full`, which measures how it grows.
 * `BENCH_PEOPLE` takes one size, `BENCH_JUDGED` judges so many of them from cold (and skips the check against the ledger).
 */
export async function clearances(_seconds: number, full: boolean): Promise<Figures> {
  useConfig(testConfig());
  useSecrets({ encryption: Buffer.alloc(32, 1), hashing: Buffer.alloc(32, 2) });
  const dialect = full || process.env['DATABASE_URL'] ? 'postgres' : 'sqlite';
  const only = Number(process.env['BENCH_PEOPLE'] ?? 0);
  const sizes = only > 0 ? [only] : full ? FULL : [SOME];
  const growth: Size[] = [];
  for (const people of sizes) {
    growth.push(await measured(dialect, people));
    process.stderr.write(`${JSON.stringify(growth.at(-1))}\n`);
  }
  const first = growth[0] ?? {};
  return {
    name: 'clearance', settings: { ...machine(), database: dialect }, perSecond: {}, p50Ms: {}, p95Ms: {}, cpuSecondsPer1000: {},
    people: first['people'] ?? 0, programmes: PROGRAMMES, coldSeconds: first['coldSeconds'] ?? 0, onePersonMs: first['onePersonMs'] ?? 0, growth,
  };
}

async function measured(dialect: 'sqlite' | 'postgres', people: number): Promise<Size> {
  const { choice, remove } = await scratch(dialect);
  const db = await openDatabase(choice);
  try {
    await migrate(db);
    setClock(TODAY);
    const made = await timed(() => populate(people));
    await analyse(db);
    const cpu = process.cpuUsage();
    const judged = Math.min(people, Number(process.env['BENCH_JUDGED'] ?? people));
    const cold = await timed(() => judge(judged));
    const { user, system } = process.cpuUsage(cpu);
    const plans = await scans();
    const rebuilt = judged < people ? 'not asked' : await timed(() => rebuildProjections({ check: true }).then((differences) => {
      if (differences.length > 0) throw new Error(JSON.stringify(differences[0]));
    }));
    return {
      people, judged, events: people * 20, madeSeconds: made, coldSeconds: cold, coldCpuSeconds: rounded((user + system) / 1e6), checkSeconds: rebuilt, plans,
      onePersonMs: await median(people, (i) => gateAsKnown(reader(), `ap${i}`, 'before-start-of-duty', { on: '2026-07-15' })),
      asKnownMs: await median(people, (i) => gateAsKnown(reader(), `ap${i}`, 'before-start-of-duty', { on: '2026-07-01', knownOn: '2026-06-10' })),
      afterEventMs: await median(people, (i) => inTransaction(async (tx) => {
        await lockPeople(tx, [`p${i}`]);
        await refreshPerson(tx, `p${i}`);
      })),
      listMs: await median(1, () => recruitList(reader(), { paths: ['/o1/'], today: '2026-07-15', page: 1 }, TODAY), 5),
      countsMs: await median(1, () => recruitCounts(reader(), { paths: ['/o1/'], today: '2026-07-15' }), 5),
    };
  } finally {
    await closeDatabase(db);
    await remove();
  }
}

async function analyse(db: Database): Promise<void> {
  await db.writing.query('ANALYZE');
}

/** As every change is judged, only with some hundreds of people in each transaction. */
async function judge(most: number): Promise<void> {
  for (let [after, judged] = ['', 0]; judged < most;) {
    const people = await assignedPeopleAfter(reader(), after, STEP);
    const last = people.at(-1);
    if (last === undefined) return;
    [after, judged] = [last, judged + people.length];
    await inTransaction(async (tx) => {
      await lockPeople(tx, people);
      await refreshPeople(tx, people);
    });
  }
}

/** Whether the plans of the as-known queries use indexes alone. */
async function scans(): Promise<string> {
  const plans = await plansOfAsKnown();
  if (plans === null) return 'not asked on SQLite';
  process.stderr.write(plans.flatMap(({ query, lines }) => [query, ...lines.map((line) => `  ${line}`), '']).join('\n'));
  const scanned = plans.flatMap(({ sequential }) => sequential);
  return scanned.length === 0 ? 'indexes only' : `scans ${scanned.join(', ')}`;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return rounded((performance.now() - began) / 1000);
}

async function median(people: number, run: (i: number) => Promise<unknown>, times = ASKED): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    await run((n * 7919) % people + 1);
    taken.push(performance.now() - began);
  }
  return rounded(taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN);
}

