import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as server from '~/server';
import { copyOf, keptCity } from './kept-city';
import { giveReadyStore } from './ready-queue';

/** The built program, loaded into this process: what is tested is what is shipped, and its clock can be set. */
export const loadProgram = async (): Promise<typeof server> =>
  (await import(/* @vite-ignore */ pathToFileURL(path.resolve('build/server/server.js')).href)) as typeof server;

export interface DemoServer {
  program: typeof server;
  url: string;
  dataDir: string;
  told: string[];
  stop(): Promise<void>;
}

/** The built program running in this process on a folder of its own. A demonstration city is the one that is kept, unless something is asked for of it. */
export async function startInProcess({ demo, env = {} }: { demo: boolean; env?: Record<string, string> }): Promise<DemoServer> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shanggang-running-'));
  if (!demo || Object.keys(env).length > 0) return startOn(dataDir, { demo, env });
  const city = await keptCity(livedThrough);
  copyOf(city, dataDir);
  const running = await startOn(dataDir, { demo: false, env });
  return { ...running, told: [...city.told, ...running.told] };
}

async function startOn(dataDir: string, { demo, env }: { demo: boolean; env: Record<string, string> }): Promise<DemoServer> {
  const program = await loadProgram();
  const told: string[] = [];
  await giveReadyStore(env['DATA_DIR'] ?? dataDir);
  const running = await program.start({
    env: { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...env }, work: true, demo, tell: (line) => told.push(line),
  });
  return { program, url: running.url, dataDir, told, stop: () => running.stop() };
}

async function livedThrough(folder: string): Promise<string[]> {
  const { told, stop } = await startOn(folder, { demo: true, env: {} });
  await stop();
  return told;
}

/** Names and password of the demonstration's sign-ins, by role, as printed. */
export function toldSignIns(told: string[]): { password: string; names: Record<string, string> } {
  const text = told.join('\n');
  const password = /password for all of these: (\S+)/.exec(text)?.[1] ?? '';
  const names = Object.fromEntries([...text.matchAll(/^ {2}\S+ ([a-zA-Z ]+): (\S+)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']));
  return { password, names };
}
