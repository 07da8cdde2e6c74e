import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS } from '../support/access-table';
import { axeViolations, complaints, sideways, withCookie } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { ROLES, signInAll, type Role } from '../support/roles';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';
import { addressOf, samplesOf } from '../support/samples';

/** What is not a page: files and the clock's little frame. */
const NOT_PAGES = /\.csv$|\/media\/|^GET \/credentials|\/clock$/;

let city: DemoServer;
let browser: Browser;
let cookies: Map<Role, string | undefined>;
let samples: Record<string, string>;

beforeAll(async () => {
  [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
  cookies = await signInAll(city);
  samples = await samplesOf(city.dataDir, toldSignIns(city.told).names['recruit'] ?? '');
});
afterAll(async () => {
  await browser.close();
  await city.stop();
});

/** Each page as the role that sees most of it: the last in the list that may. */
const PAGES = Object.entries(ACCESS)
  .filter(([route]) => route.startsWith('GET ') && !NOT_PAGES.test(route))
  .map(([route, seen]) => ({ pattern: route.slice(4), role: ROLES.filter((role) => seen[role] === 'yes').at(-1) ?? 'visitor' }));

interface Look {
  locale: string;
  width: number;
  colorScheme: 'light' | 'dark';
}

async function eachPage(look: Look): Promise<Record<string, string[]>> {
  const wrong: Record<string, string[]> = {};
  for (const role of ROLES) {
    const context = await browser.newContext({ viewport: { width: look.width, height: 768 }, locale: look.locale, colorScheme: look.colorScheme });
    await withCookie(context, city.url, cookies.get(role));
    for (const { pattern } of PAGES.filter((page) => page.role === role)) {
      const found = await faultsOf(context, addressOf(pattern, samples));
      if (found.length > 0) wrong[`${role} ${pattern}`] = found;
    }
    await context.close();
  }
  return wrong;
}

async function faultsOf(context: BrowserContext, path: string): Promise<string[]> {
  const page = await context.newPage();
  const said = complaints(page);
  const response = await page.goto(`${city.url}${path}`);
  await page.waitForLoadState('networkidle');
  const status = response?.status() ?? 0;
  const wide = await sideways(page);
  const found = [
    ...(status >= 500 ? [`answered ${status}`] : []),
    ...(wide > 0 ? [`${wide} px too wide`] : []),
    ...(await axeViolations(page)),
    ...said.filter((line) => !(status >= 400 && line.includes('Failed to load resource'))),
  ];
  await page.close();
  return found;
}

describe('every page', () => {
  it.each<{ name: string; look: Look }>([
    { name: 'in Chinese on a desk', look: { locale: 'zh-CN', width: 1366, colorScheme: 'light' } },
    { name: 'in English on a phone, dark', look: { locale: 'en-GB', width: 360, colorScheme: 'dark' } },
  ])('is accessible, fits its window and gives the browser nothing to complain about, $name', async ({ look }) => {
    expect(await eachPage(look)).toEqual({});
  }, 240_000);
});
