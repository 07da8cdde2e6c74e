import { continueRun, failedItems, openRun, pdfsOfRun, resumeRun, startRun, stopRun, zipped, type CredentialRun, type RunFilter } from '~/certification';
import { lockPeople } from '~/certification/assignments.repository';
import { insertProgramme } from '~/certification/programme.repository';
import { refreshPeople } from '~/certification/refresh.service';
import { closeDatabase, inTransaction, insert, migrate, openDatabase, reader } from '~/db';
import { setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { useSecrets } from '~/kernel/secrets';
import { must } from '~/kernel/result';
import { adoptRootOrganisation, type Organisation } from '~/people';
import { testConfig } from '../support/config';
import { scratch } from '../support/databases';
import { machine } from './load';
import { ASSIGNED_AT, TODAY } from './population';
import { rounded, type Figures } from './report';

const PEOPLE = 10_000;
const CHUNK = 500;
const SURNAMES = [...'王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧'];
const GIVEN = [...'伟芳敏静磊洋艳勇杰娟涛明超霞平刚桂英华玉兰建国文斌宇浩然欣怡子涵'];
/** Of a name that the font lacks a character of; the one who fails. */
const UNPRINTABLE = '王𬎆';

/**
 * Issues and prints credentials for everybody who is cleared in one run, as its jobs do: stopped after a third, taken up
 * again, with one person whose name cannot be printed; then all PDFs as one ZIP. SQLite, or PostgreSQL where DATABASE_URL
 * is set; one process, which draws the PDFs itself. `BENCH_PEOPLE` takes another size than 10,000.
 */
export async function credentials(): Promise<Figures> {
  useConfig(testConfig());
  useSecrets({ encryption: Buffer.alloc(32, 1), hashing: Buffer.alloc(32, 2) });
  const dialect = process.env['DATABASE_URL'] ? 'postgres' : 'sqlite';
  const people = Number(process.env['BENCH_PEOPLE'] ?? PEOPLE);
  const { choice, remove } = await scratch(dialect);
  const db = await openDatabase(choice);
  try {
    await migrate(db);
    setClock(TODAY);
    const root = await adoptRootOrganisation();
    await cleared(people, root);
    const measured = await issueAll(people, root);
    return { name: 'credentials', settings: { ...machine(), database: dialect }, perSecond: {}, p50Ms: {}, p95Ms: {}, cpuSecondsPer1000: {}, people, ...measured };
  } finally {
    await closeDatabase(db);
    await remove();
  }
}

/** People who have shown the one thing that their programme asks for. */
async function cleared(people: number, root: Organisation): Promise<void> {
  const versionId = await inTransaction((tx) => insertProgramme(tx, {
    slug: 'bench', titleZh: '岗前培训', titleEn: 'Training before the start', gate: 'before-start-of-duty', validity: { kind: 'for-ever' }, by: 'system:bench', effectiveOn: '2026-01-01',
    dueRule: { kind: 'before-start', workingDays: 3 }, appliesTo: { kind: 'organisation', ids: [root.id] }, requirements: [{ code: 'a', kind: 'external', targetId: 'x1' }],
  }));
  for (let from = 0; from < people; from += CHUNK) {
    const range = Array.from({ length: Math.min(CHUNK, people - from) }, (_, k) => from + k);
    await inTransaction(async (tx) => {
      await insert(tx, 'persons', range.map((i) => ({ id: `p${i}`, name: i === Math.floor(people / 2) ? UNPRINTABLE : nameOf(i), created_at: 1 })));
      await insert(tx, 'appointments', range.map((i) => ({ id: `ap${i}`, person_id: `p${i}`, organisation_id: root.id, kind: 'recruit', post: '科员', start_of_duty: '2026-07-01', created_at: 1 })));
      await insert(tx, 'assignments', range.map((i) => ({
        id: `a${i}`, person_id: `p${i}`, appointment_id: `ap${i}`, programme_version_id: versionId, assigned_at: ASSIGNED_AT, due_on: '2026-06-26', start_of_duty: '2026-07-01',
      })));
      await insert(tx, 'evidence', range.map((i) => ({ id: `e${i}`, person_id: `p${i}`, kind: 'external', ref: `e${i}`, target_id: 'x1', passed: 1, at: ASSIGNED_AT + i, facts: '{}' })));
      const ids = range.map((i) => `p${i}`);
      await lockPeople(tx, ids);
      await refreshPeople(tx, ids);
    });
  }
}

const nameOf = (i: number): string => `${SURNAMES[i % SURNAMES.length] ?? ''}${GIVEN[(i * 7) % GIVEN.length] ?? ''}${GIVEN[Math.floor(i / 30) % GIVEN.length] ?? ''}`;

async function issueAll(people: number, root: Organisation): Promise<Record<string, number | string>> {
  const filter: RunFilter = { paths: [root.path], programmeId: null, intakeId: null, organisationId: null, zh: '全部', en: 'All' };
  const memory = watchMemory();
  const began = performance.now();
  const cpu = process.cpuUsage();
  const id = must(await startRun('system:bench', filter));
  const startMs = performance.now() - began;
  await steps(id, root, (run) => run.total - run.waiting >= people / 3);
  must(await stopRun('system:bench', id));
  const stopped = await state(id, root);
  await continueRun(id);
  const idle = (await state(id, root)).waiting === stopped.waiting;
  must(await resumeRun('system:bench', id));
  await steps(id, root, (run) => run.state === 'done');
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const issueMb = memory();
  const { waiting, failed } = await state(id, root);
  const [first] = await failedItems(reader(), id);
  if (!idle || waiting > 0 || failed !== 1 || first?.name !== UNPRINTABLE) throw new Error(`the run ended with ${waiting} waiting, ${failed} failed; stopped: ${idle}`);
  return {
    startMs: rounded(startMs), seconds: rounded(seconds), cpuSeconds: rounded((user + system) / 1e6), perCredentialMs: rounded((seconds * 1000) / people), memoryMb: Math.round(issueMb), failed,
    ...await asZip(id),
  };
}

/** The run's jobs one after the other, as a worker takes them, until it has come so far. */
async function steps(id: string, root: Organisation, isThere: (run: CredentialRun) => boolean): Promise<void> {
  for (let run = await state(id, root), said = 0; !isThere(run); run = await state(id, root)) {
    await continueRun(id);
    const done = run.total - run.waiting;
    if (done - said >= 1000) process.stderr.write(`  ${(said = done)} of ${run.total}\n`);
  }
}

async function state(id: string, root: Organisation): Promise<CredentialRun> {
  const run = await openRun(id, [root.path]);
  if (!run) throw new Error('no run');
  return run;
}

async function asZip(id: string): Promise<{ zipSeconds: number; zipMb: number; zipMemoryMb: number }> {
  const memory = watchMemory();
  const began = performance.now();
  let bytes = 0;
  for await (const part of zipped(pdfsOfRun(id))) bytes += part.length;
  return { zipSeconds: rounded((performance.now() - began) / 1000), zipMb: Math.round(bytes / 1024 / 1024), zipMemoryMb: Math.round(memory()) };
}

/** The most memory that the process held beyond what it held at first, in MB. */
function watchMemory(): () => number {
  global.gc?.();
  const idle = process.memoryUsage.rss();
  let most = idle;
  const timer = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 20);
  return () => {
    clearInterval(timer);
    return (most - idle) / 1024 / 1024;
  };
}
