import { ACCESS } from '../../support/access-table';
import { HttpClient } from '../../support/http';
import { cpuSeconds } from '../../support/process-cpu';
import { startInProcess, toldSignIns } from '../../support/running';
import { addressOf, samplesOf } from '../../support/samples';
import { freePort, removeFolder, startServer, type ServerProcess } from '../../support/server';
import { machine } from '../load';
import { rounded } from '../report';
import { multiply } from './multiply';

const PEOPLE = 10_000;
/** The first call of each page warms up and is not counted. */
const CALLS = 5;

interface Page {
  /** Milliseconds from the request to the last byte: the median. */
  p50Ms: number;
  /** Milliseconds that the server computed, all threads: the mean. It says what a page costs on a busy machine as well. */
  cpuMs: number;
  kilobytes: number;
}

export interface HrFigures {
  name: string;
  settings: Record<string, string | number>;
  pages: Record<string, Page>;
  /** Pages that took longer than what was promised. */
  slower: string[];
  /** Pages about something that the demonstration city has none of: not measured. */
  without: string[];
}

const PROMISED_MS = 300;

/** Files are written for as long as they are long; nobody waits for a page there. */
const NO_PAGE = /\.(?:csv|xlsx|pdf|json|zip)$|\/files\/|\/proof$/;

/** Searches and filters that are asked beside the pages themselves. */
const ASKED = [
  '/hr/search?q=wang', '/hr/search?q=wxm', '/hr/search?q=王', '/hr/search?q=20263', '/hr/search?q=远之处', '/hr/recruits?status=overdue', '/hr/recruits?q=王', '/hr/recruits?page=100', '/hr/people?q=王', '/hr/people?page=150',
  '/hr/funnel?by=intake', '/hr/funnel?by=week', '/hr/funnel/people?step=begun', '/hr/week/people?step=passed',
];

/** How long each page of the HR officer's takes with 10,000 people, SQLite in one process. BENCH_PEOPLE sets another number. */
export async function hrPages(): Promise<HrFigures> {
  const people = Number(process.env['BENCH_PEOPLE'] ?? PEOPLE);
  const city = await startInProcess({ demo: true });
  await city.stop();
  const signIns = toldSignIns(city.told);
  const known = await multiply(city.dataDir, people);
  const samples = await samplesOf(city.dataDir, signIns.names['recruit'] ?? '');
  const server = await startServer({ dataDir: city.dataDir, port: await freePort() });
  try {
    const { pages, without } = await measured(server, await signedIn(server.url, signIns), [...Object.keys(ACCESS).filter((route) => route.startsWith('GET /hr') && ACCESS[route]?.hr === 'yes' && !NO_PAGE.test(route)).map((route) => addressOf(route.slice(4), samples)), ...ASKED]);
    return { name: 'hr', settings: { ...machine(), people: known, calls: CALLS, database: 'sqlite' }, pages, without, slower: Object.entries(pages).filter(([, page]) => page.p50Ms > PROMISED_MS).map(([path]) => path) };
  } finally {
    await server.stop();
    removeFolder(city.dataDir);
  }
}

async function signedIn(url: string, { password, names }: ReturnType<typeof toldSignIns>): Promise<string> {
  const client = new HttpClient(url, 1);
  const answer = await client.call('/sign-in', { method: 'POST', form: { name: names['HR officer'] ?? '', password } });
  client.close();
  const cookie = [answer.headers['set-cookie']].flat().map((one) => String(one).split(';')[0]).find((one) => one?.startsWith('sid='));
  if (!cookie) throw new Error(`the HR officer cannot sign in: ${answer.status}`);
  return cookie;
}

async function measured(server: ServerProcess, cookie: string, paths: readonly string[]): Promise<Pick<HrFigures, 'pages' | 'without'>> {
  const client = new HttpClient(server.url, 1);
  const pages: Record<string, Page> = {};
  const without = paths.filter((path) => path.includes('missing-'));
  for (const path of paths.filter((one) => !without.includes(one))) {
    const times: number[] = [];
    let [bytes, before] = [0, 0];
    for (let call = 0; call <= CALLS; call += 1) {
      if (call === 1) before = cpuSeconds(server.child.pid ?? 0);
      const from = performance.now();
      const answer = await client.call(encodeURI(path), { cookie });
      if (call > 0) times.push(performance.now() - from);
      if (answer.status !== 200 && answer.status !== 302) throw new Error(`${path} was answered with ${answer.status}`);
      bytes = Buffer.byteLength(answer.text);
    }
    const cpu = cpuSeconds(server.child.pid ?? 0) - before;
    pages[path] = { p50Ms: rounded(times.sort((a, b) => a - b)[Math.floor(CALLS / 2)] ?? Number.NaN, 1), cpuMs: rounded((cpu / CALLS) * 1000, 1), kilobytes: Math.round(bytes / 1024) };
    process.stderr.write(`${String(pages[path].p50Ms).padStart(9)} ms ${String(pages[path].cpuMs).padStart(8)} CPU ms ${String(pages[path].kilobytes).padStart(6)} KB  ${path}\n`);
  }
  client.close();
  return { pages, without };
}
