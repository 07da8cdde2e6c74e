/**
 * A real Chromium for browser tests from nothing but npm packages. The package's binary needs a few
 * libraries (nss, nspr, expat) that a bare machine lacks; the package carries those too.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { z } from 'zod';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none', '--no-first-run',
  '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** A running browser; the caller closes it. The first call on a machine unpacks 180 MB (a few seconds). */
export async function launchChromium(): Promise<Browser> {
  try {
    return await chromium.launch(await launchOptions());
  } catch {
    // The machine's own libraries come first; only where they are missing do the package's step in.
    ownLibraries = true;
    return chromium.launch(await launchOptions());
  }
}

let ownLibraries = false;

/** With what the browser is started; for a browser with a profile of its own after one was launched without. */
export async function launchOptions(): Promise<LaunchOptions> {
  const folder = await unpacked();
  const libraries = ownLibraries ? { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } : {};
  return { executablePath: join(folder, 'chromium'), args: ARGS, env: { ...plainEnvironment(), ...fontsOf(folder), ...libraries } };
}

const plainEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** A machine without fonts gets the package's one Latin face; Chinese then shows as boxes, which tests do not mind. */
const fontsOf = (folder: string): Record<string, string> =>
  existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') };

/**
 * The folder with the unpacked binary. The package unpacks into the temporary folder under fixed names
 * and takes a half written file for a whole one, so a process of its own does it aside, and one rename
 * puts it in place: test files running at once cannot meet a half of it.
 */
export async function unpacked(): Promise<string> {
  const folder = join(tmpdir(), `shanggang-chromium-${await packageVersion()}`);
  if (existsSync(folder)) return folder;
  const staging = await mkdtemp(join(tmpdir(), 'shanggang-chromium-new-'));
  // Without this variable the package leaves the libraries packed.
  const env = { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  const script = `await (await import(${JSON.stringify(require.resolve('@sparticuz/chromium'))})).default.executablePath()`;
  await run(process.execPath, ['--input-type=module', '-e', script], { env, cwd: dirname(require.resolve('@sparticuz/chromium')) });
  await writeFile(join(staging, 'fonts', 'fonts.conf'), fontList(join(folder, 'fonts')));
  await rename(staging, folder).catch(() => rm(staging, { recursive: true, force: true }));
  return folder;
}

/** The package's own list names folders that only its usual host has. */
const fontList = (dir: string): string =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${dir}</dir><cachedir>${dir}/cache</cachedir></fontconfig>`;

async function packageVersion(): Promise<string> {
  const file = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..', 'package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, 'utf8'))).version;
}
