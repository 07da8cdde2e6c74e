import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS } from '../support/access-table';
import { axeViolations, complaints, sideways, signIn, withCookie } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { ROLES, signInAll, type Role } from '../support/roles';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';
import { addressOf, samplesOf } from '../support/samples';

/** What is not a page: files and the clock's little frame. */
const NOT_PAGES = /\.(?:ics|csv|xlsx|pdf|seb|json|zip|svg)$|\/proof$|\/files\/|\/media\/|^GET \/credentials|^GET \/(status|issuer)|\/clock$|^GET \/exams\/:slug\/waiting$/;

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

/** Pages whose content only the person sees whom it concerns, and those that need more than an address's parameters. */
const OWN = (known: Record<string, string>): { name: string; path: string }[] => [
  ...['', '/hand-in', '/seb'].map((rest) => ({ name: known['running name'] ?? '', path: `/attempts/${known['attempt']}${rest}` })),
  ...['receipt', 'result'].map((rest) => ({ name: known['finding name'] ?? '', path: `/attempts/${known['/adjudicate/:attempt attempt']}/${rest}` })),
  ...['/home', '/my/record', '/my/evidence?kind=first-aid-certificate', '/my/events', `/my/declarations/${known['assignment']}/${known['code']}`].map((path) => ({ name: known['holder name'] ?? '', path })),
  { name: known['finding name'] ?? '', path: '/my/findings' },
  { name: known['finding name'] ?? '', path: `/my/findings/${known['/my/findings/:id id']}` },
  { name: known['booking name'] ?? '', path: `/bookings/${known['booking']}` },
  { name: known['booking name'] ?? '', path: '/exams/leading-e-government/sittings' },
  { name: 'jiankao', path: `/findings/new?attempt=${known['/adjudicate/:attempt attempt']}` },
  { name: 'guanli', path: '/admin/exams/leading-e-government' },
  { name: 'guanli', path: '/admin/calendar/preview?from=2031-10-08&kind=off&note=国庆补假' },
  ...[`past-imports/${known['past import done']}`, `merges/${known['merge done']}`, `merges/${known['parting done']}`, `transfers/${known['transfer done']}`].map((page) => ({ name: 'renshi', path: `/hr/${page}` })),
  ...['/hr/search?q=xu', '/hr/search?q=nobody-here', '/hr/funnel?by=week', '/hr/funnel/people?step=cleared&only=1', '/hr/week/people?step=passed'].map((path) => ({ name: 'renshi', path })),
  { name: 'guanli', path: `/hr/waivers/${known['/hr/waivers/:id id']}` },
];

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
    await visit(context, PAGES.filter((page) => page.role === role).map(({ pattern }) => ({ name: `${role} ${pattern}`, path: addressOf(pattern, samples) })), wrong);
    await context.close();
  }
  return { ...wrong, ...await ownPages(look) };
}

async function ownPages(look: Look): Promise<Record<string, string[]>> {
  const wrong: Record<string, string[]> = {};
  const pages = OWN(samples);
  for (const name of new Set(pages.map((page) => page.name))) {
    const context = await browser.newContext({ viewport: { width: look.width, height: 768 }, locale: look.locale, colorScheme: look.colorScheme });
    const first = await context.newPage();
    await signIn(first, city.url, name, toldSignIns(city.told).password);
    await first.close();
    await visit(context, pages.filter((page) => page.name === name).map(({ path }) => ({ name: `${name} ${path}`, path })), wrong);
    await context.close();
  }
  return wrong;
}

/** Windows that are open side by side: while one waits, another works. */
const LANES = 3;

/** Opens each address and notes under its name what is wrong there. */
async function visit(context: BrowserContext, places: { name: string; path: string }[], wrong: Record<string, string[]>): Promise<void> {
  const waiting = [...places];
  await Promise.all(Array.from({ length: LANES }, async () => {
    const lane: Lane = await context.newPage().then((page) => ({ page, said: complaints(page), asked: unanswered(page) }));
    for (let place = waiting.shift(); place; place = waiting.shift()) {
      const found = await faultsOf(lane, place.path);
      if (found.length > 0) wrong[place.name] = found;
    }
    await lane.page.close();
  }));
}

interface Lane {
  page: Page;
  /** What the browser complained about and nobody has looked at yet. */
  said: string[];
  asked: Set<Request>;
}

/** What the page has asked for and not got yet, streams apart: those never end. */
function unanswered(page: Page): Set<Request> {
  const asked = new Set<Request>();
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') asked.add(request);
  });
  // Not when its last byte is there: an answer that nobody reads never ends.
  page.on('response', (response) => asked.delete(response.request()));
  page.on('requestfailed', (request) => asked.delete(request));
  return asked;
}

async function faultsOf({ page, said, asked }: Lane, path: string): Promise<string[]> {
  const response = await page.goto(`${city.url}${path}`);
  const runs = await running(page, asked);
  const status = response?.status() ?? 0;
  const wide = await sideways(page);
  return [
    ...(status >= 500 ? [`answered ${status}`] : []),
    ...(runs ? [] : ['is not taken over by its script, or never stops asking the server']),
    ...(wide > 0 ? [`${wide} px too wide`] : []),
    ...(await axeViolations(page)),
    ...said.splice(0).filter((line) => !(status >= 400 && line.includes('Failed to load resource'))),
  ];
}

/**
 * Waits until the page's script has taken over what the server drew, its first effects are through, and what they
 * asked the server for is there. What fails later is still heard while axe looks at the page.
 */
async function running(page: Page, asked: Set<Request>): Promise<boolean> {
  const until = performance.now() + 15_000;
  while (performance.now() < until) {
    await page.evaluate(() => new Promise<void>((done) => {
      requestIdleCallback(() => setTimeout(done, 50), { timeout: 2000 });
    }));
    if (asked.size === 0 && await takenOver(page)) return true;
  }
  return false;
}

const takenOver = (page: Page): Promise<boolean> => page.evaluate(() => {
  const key = Object.keys(document).find((name) => name.startsWith('__reactContainer$'));
  const tree = key && (document as unknown as Record<string, ReactRoot>)[key]?.stateNode.current;
  return tree ? tree.memoizedState?.isDehydrated === false : false;
});

/** What React 18 notes at the document: the tree as it stands, and whether it is still the server's. */
interface ReactRoot {
  stateNode: { current: { memoizedState: { isDehydrated?: boolean } | null } };
}

describe('every page', () => {
  it.each<{ name: string; look: Look }>([
    { name: 'in Chinese on a desk', look: { locale: 'zh-CN', width: 1366, colorScheme: 'light' } },
    { name: 'in English on a phone, dark', look: { locale: 'en-GB', width: 360, colorScheme: 'dark' } },
  ])('is accessible, fits its window and gives the browser nothing to complain about, $name', async ({ look }) => {
    expect(await eachPage(look)).toEqual({});
  }, 240_000);
});
