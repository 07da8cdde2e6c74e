import type { Browser, Locator, Page } from 'playwright-core';
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

/** A page of somebody who is signed in, without scripts, as everything here must work. */
async function as(name: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${city.url}/sign-in`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', toldSignIns(city.told).password);
  await page.click('main form button[type=submit]');
  return page;
}

/** The same places with scripts, for what only they can look at. */
async function faults(name: string, places: string[], width: number, locale: string): Promise<string[]> {
  const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
  const page = await context.newPage();
  await signIn(page, city.url, name, toldSignIns(city.told).password);
  const found: string[] = [];
  for (const path of places) {
    await page.goto(`${city.url}${path}`);
    found.push(...(await axeViolations(page)).map((one) => `${path} ${one}`), ...(await sideways(page) > 0 ? [`${path} too wide`] : []));
  }
  await context.close();
  return found;
}

const STARTED = /紧急上岗|已于.+上岗/;

const pathOf = (page: Page): string => new URL(page.url()).pathname;

describe('a waiver and a start', () => {
  it('go from the refusal over two people to the record, without scripts', async () => {
    const hr = await as('renshi');
    await hr.goto(`${city.url}/hr/recruits?status=overdue`);
    const overdue = hr.locator('main tr', { has: hr.locator('a[href^="/hr/clearance/"]') });
    const link = (row: Locator) => row.locator('a[href^="/hr/clearance/"]').first().getAttribute('href');
    const clearance = await link(overdue.filter({ hasNotText: STARTED }).first()) ?? '';
    const started = await link(overdue.filter({ hasText: STARTED }).first()) ?? '';

    await hr.goto(`${city.url}${started}/start`);
    await expect(hr.textContent('main')).resolves.toMatch(/已登记上岗|等待另一人确认/);
    await expect(hr.locator('main form').count()).resolves.toBe(0);

    await hr.goto(`${city.url}${clearance}/start`);
    const today = await hr.inputValue('form[id=record] input[name=startedOn]');
    await hr.click('form[id=record] button[type=submit]');
    await expect(hr.textContent('main')).resolves.toContain('还不具备上岗条件');
    await expect(hr.textContent('main')).resolves.toMatch(/未达到|未通过/);

    await hr.goto(`${city.url}${clearance}/waiver`);
    await hr.selectOption('select[name=requirementCode]', { label: '全部要求（整项上岗资格）' });
    await hr.fill('textarea[name=reason]', '培训中心因台风停课两周。');
    await hr.fill('textarea[name=proof]', '培训中心通知〔2026〕12 号');
    await hr.setInputFiles('input[name=file]', { name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') });
    await hr.click('main form button[type=submit]');
    await expect(hr.textContent('.error-summary')).resolves.toContain('只接受 PDF');
    await hr.setInputFiles('input[name=file]', { name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
    await hr.click('main form button[type=submit]');
    await hr.waitForURL(/done=asked/);
    const waiver = pathOf(hr);
    await expect(hr.textContent('main')).resolves.toContain('您提出了这项申请');
    expect(await hr.locator('form[id=decide]').count()).toBe(0);

    const other = await as('guanli');
    await other.goto(`${city.url}${waiver}`);
    await other.check('input[name=decision][value=grant]');
    await other.fill('form[id=decide] textarea[name=reason]', '情况属实，同意。');
    await other.click('form[id=decide] button[type=submit]');
    await other.waitForURL(/done=granted/);

    await hr.goto(`${city.url}${clearance}`);
    await expect(hr.textContent('h1')).resolves.toContain('凭豁免可以上岗');
    await hr.goto(`${city.url}${clearance}?on=${today}&known=2026-01-01`);
    await expect(hr.textContent('main')).resolves.toContain('与现在所知不同');

    await hr.goto(`${city.url}${clearance}/start`);
    await hr.locator('details:has(form[id=emergency]) > summary').click();
    await hr.fill('form[id=emergency] textarea[name=reason]', '防汛值守缺人，需要立即到岗。');
    await hr.click('form[id=emergency] button[type=submit]');
    await hr.waitForURL(/done=proposed/);
    const start = pathOf(hr);
    const places = [clearance, `${clearance}/start`, `${clearance}/waiver`, waiver, '/hr/waivers', '/hr/starts', '/hr/confirmations', start];
    expect(await faults('renshi', places, 1366, 'en-GB')).toEqual([]);
    expect(await faults('renshi', places, 360, 'zh-CN')).toEqual([]);
  }, 180_000);
});
