import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { giveReadyStore } from './ready-queue';

/** The built product running as a process of its own, on a free port and a folder of its own. */
export interface ServerProcess {
  url: string;
  dataDir: string;
  /** Everything printed so far, for example the first administrator's link. */
  output(): string;
  /** SIGKILL, as a power cut would: nothing is told to the program. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  child: ChildProcess;
}

export type WorkerProcess = Pick<ServerProcess, 'stop' | 'kill' | 'output' | 'child'>;

export interface ServerOptions {
  dataDir?: string;
  port?: number;
  args?: string[];
  env?: Record<string, string>;
  script?: string;
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

export const freshFolder = (name = 'server'): string => mkdtempSync(path.join(tmpdir(), `shanggang-${name}-`));

const START_MAY_TAKE_MS = 120_000;

/** An environment with nothing in it but what the program is given, and what Node needs to run. */
function cleanEnv(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { NODE_ENV: 'production', PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', LOG_LEVEL: 'warn', ...extra };
}

/** Starts `build/server/server.js` and waits until it answers that it is ready. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? freshFolder();
  const port = options.port ?? (await freePort());
  await giveReadyStore(dataDir);
  const { child, output, exited } = run(options.script ?? 'build/server/server.js', options.args ?? [], { PORT: String(port), DATA_DIR: dataDir, ...options.env });
  const url = `http://localhost:${port}`;
  await Promise.race([
    answers(`http://127.0.0.1:${port}/health/live`),
    exited.then((code) => { throw new Error(`the server ended with ${code}:\n${output()}`); }),
  ]).catch((error: unknown) => {
    // Nobody would have a hold on it.
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url, dataDir, child,
    output,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Starts the server without waiting for it to answer: it may have reasons not to. */
export function runServer(env: Record<string, string>): { output(): string; ended(): boolean; stop(): Promise<number | null> } {
  const { child, output, exited } = run('build/server/server.js', [], env);
  return {
    output,
    ended: () => child.exitCode !== null,
    stop: async () => {
      child.kill('SIGKILL');
      return exited;
    },
  };
}

/** `npm run worker` as a process of its own: jobs without a web server. */
export function startWorker(env: Record<string, string>): WorkerProcess {
  const { child, output, exited } = run('build/server/worker.js', [], env);
  return {
    output, child,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

function run(script: string, args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  // Whatever ends this process must not leave a server behind.
  const abandon = () => void child.kill('SIGKILL');
  process.once('exit', abandon);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => {
    process.removeListener('exit', abandon);
    resolve(code);
  }));
  return { child, output: () => output, exited };
}

async function answers(address: string): Promise<void> {
  const until = Date.now() + START_MAY_TAKE_MS;
  for (;;) {
    const ok = await fetch(address).then((response) => response.ok, () => false);
    if (ok) return;
    if (Date.now() > until) throw new Error(`${address} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
