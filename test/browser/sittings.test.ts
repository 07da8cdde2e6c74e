import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

let city: DemoServer;
let browser: Browser;
beforeAll(async () => {
  [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await city.stop();
});

/** A page of somebody who is signed in; without scripts, as everything here must work. */
async function as(name: string, width = 1366): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: 800 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${city.url}/sign-in`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', toldSignIns(city.told).password);
  await page.click('main form button[type=submit]');
  return page;
}

/** The same place with scripts, for what only they can look at. */
async function faults(name: string, path: string, width: number): Promise<string[]> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: 800 } });
  const page = await context.newPage();
  await signIn(page, city.url, name, toldSignIns(city.told).password);
  await page.goto(`${city.url}${path}`);
  const found = [...await axeViolations(page), ...(await sideways(page) > 0 ? ['too wide'] : [])];
  await context.close();
  return found;
}

const pathOf = (page: Page): string => new URL(page.url()).pathname;

describe('a sitting', () => {
  it('is planned, booked by a candidate, and admitted at the door by the ticket', async () => {
    const planner = await as('renshi');
    await planner.goto(`${city.url}/sittings/new`);
    await planner.selectOption('select[name=examId]', { label: '领导干部电子政务' });
    await planner.selectOption('select[name=organisationId]', { index: 1 });
    await planner.fill('input[name=title]', '加试');
    await planner.fill('input[name=startsAt]', '2030-03-01T09:00');
    await planner.check('input[name=booking][value=self]');
    await planner.fill('input[name="rooms[0].name"]', '小礼堂');
    await planner.fill('input[name="rooms[0].seats"]', '1');
    await planner.fill('textarea[name=networks]', '考场内网');
    await planner.click('main form button[type=submit] >> text=保存场次');
    await expect(planner.textContent('.error-summary')).resolves.toContain('“考场内网”不是网段');
    expect(await planner.inputValue('input[name="rooms[0].name"]')).toBe('小礼堂');
    await planner.fill('textarea[name=networks]', '10.1.0.0/16');
    await planner.click('main form button[type=submit] >> text=保存场次');
    await planner.waitForURL(/done=saved/);
    const sittingPath = pathOf(planner);

    const candidate = await as('L00001', 360);
    await candidate.goto(`${city.url}/exams/leading-e-government/sittings`);
    await candidate.click('button[aria-label="改到这一场：加试"]');
    await candidate.waitForURL(/\/bookings\//);
    const ticket = (await candidate.textContent('.ticket-number strong')) ?? '';
    expect(await candidate.textContent('.ticket')).toContain('小礼堂，1 号座');
    expect(await candidate.textContent('.ticket')).toContain('照片以身份证件为准');

    const next = await as('L00004', 360);
    await next.goto(`${city.url}/exams/leading-e-government/sittings`);
    await expect(next.textContent('main')).resolves.toContain('已满，0 人候补');

    const door = await as('jiankao', 390);
    await door.goto(`${city.url}/sittings/ticket/${ticket}`);
    await door.click('button[value=admitted]');
    await door.waitForLoadState();
    await expect(door.textContent('main')).resolves.toContain('已放行');

    await planner.goto(`${city.url}${sittingPath}`);
    await expect(planner.textContent('main')).resolves.toContain('已放行');
    expect(await faults('renshi', sittingPath, 1366)).toEqual([]);
    expect(await faults('L00001', pathOf(candidate), 360)).toEqual([]);
    expect(await faults('jiankao', `/sittings/ticket/${ticket}`, 390)).toEqual([]);
  }, 120_000);
});
