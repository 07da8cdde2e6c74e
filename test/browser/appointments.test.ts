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

/** A page of HR, without scripts, as everything here must work. */
async function withoutScripts(): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${city.url}/sign-in`);
  await page.fill('input[name=name]', 'renshi');
  await page.fill('input[name=password]', toldSignIns(city.told).password);
  await page.click('main form button[type=submit]');
  return page;
}

const main = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';

/** The page of the first person of a kind. */
async function somebody(page: Page, kind: string): Promise<string> {
  await page.goto(`${city.url}/hr/people?kind=${kind}`);
  return (await page.locator('main table tbody a').first().getAttribute('href')) ?? '';
}

describe('appointments of a person', () => {
  it('are added, corrected, moved and ended without scripts, each fault beside its field', async () => {
    const page = await withoutScripts();
    const person = await somebody(page, 'staff');
    await page.goto(`${city.url}${person}/appointments/new`);
    await page.selectOption('select[name=organisationId]', { index: 2 });
    await page.selectOption('select[name=nature]', 'main');
    await page.fill('input[name=post]', '兼任联络员');
    await page.fill('input[name=reason]', '工作需要');
    await page.fill('input[name=superior]', 'NO-SUCH');
    await page.click('main form button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('NO-SUCH');
    await expect(page.inputValue('input[name=post]')).resolves.toBe('兼任联络员');
    await page.fill('input[name=superior]', '');
    await page.click('main form button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('已有主职');
    await page.selectOption('select[name=nature]', 'concurrent');
    await page.click('main form button[type=submit]');
    await page.waitForURL(/done=added/);
    await expect(main(page)).resolves.toMatch(/主职[\s\S]*兼职/);

    await page.getByRole('link', { name: /兼任联络员/ }).click();
    const appointment = new URL(page.url()).pathname;
    await page.fill('form[id=correct] input[name=post]', '专职联络员');
    await page.fill('form[id=correct] input[name=reason]', '登记有误');
    await page.click('form[id=correct] button[type=submit]');
    await page.waitForURL(/done=corrected/);
    await page.goto(`${city.url}${appointment}`);
    await page.selectOption('form[id=move] select', { index: 1 });
    await page.fill('form[id=move] input[name=reason]', '分工调整');
    await page.click('form[id=move] button[type=submit]');
    await page.waitForURL(/done=moved/);
    await page.goto(`${city.url}${appointment}`);
    await expect(main(page)).resolves.toMatch(/曾在哪些单位[\s\S]*任职转到其他单位[\s\S]*更正任职/);
    await page.fill('form[id=end] input[name=lastDay]', '2020-01-01');
    await page.fill('form[id=end] input[name=reason]', '到期');
    await page.click('form[id=end] button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('不能早于');
    await page.fill('form[id=end] input[name=lastDay]', '2099-12-31');
    await page.click('form[id=end] button[type=submit]');
    await page.waitForURL(/done=ended/);
    await expect(main(page)).resolves.toContain('计划到 2099年12月31日');
  }, 180_000);

  it('belong to somebody whose name can be corrected, with the credentials that show the former one', async () => {
    const page = await withoutScripts();
    await page.goto(`${city.url}/hr/recruits?status=may-start`);
    const clearance = (await page.locator('main a[href^="/hr/clearance/"]').first().getAttribute('href')) ?? '';
    await page.goto(`${city.url}${clearance}`);
    const person = (await page.locator('main a[href^="/hr/people/"]').first().getAttribute('href')) ?? '';
    await page.goto(`${city.url}${person}/edit`);
    await page.fill('input[name=name]', '欧阳新名');
    await page.fill('input[name=email]', 'not an address');
    await page.click('main form button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('电子邮箱');
    await expect(page.inputValue('input[name=name]')).resolves.toBe('欧阳新名');
    await page.fill('input[name=email]', '');
    await page.fill('input[name=reason]', '户口簿更名');
    await page.click('main form button[type=submit]');
    await page.waitForURL(/done=renamed/);
    expect(await page.locator('main a[href^="/hr/credentials/"]').count()).toBeGreaterThan(0);
    await page.goto(`${city.url}${person}`);
    await expect(page.textContent('h1')).resolves.toBe('欧阳新名');
  }, 120_000);

  it('are fit for all: by axe, on a phone, in both languages', async () => {
    const found: string[] = [];
    for (const [locale, width] of [['zh-CN', 1366], ['en-GB', 360]] as const) {
      const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
      const page = await context.newPage();
      await signIn(page, city.url, 'renshi', toldSignIns(city.told).password);
      const person = await somebody(page, 'staff');
      await page.goto(`${city.url}${person}`);
      const appointment = (await page.locator('main a[href*="/appointments/0"]').first().getAttribute('href')) ?? '';
      for (const [name, path] of [['person', person], ['new', `${person}/appointments/new`], ['edit', `${person}/edit`], ['appointment', appointment]] as const) {
        await page.goto(`${city.url}${path}`);
        await page.waitForLoadState('networkidle');
        found.push(...(await axeViolations(page)).map((one) => `${name} ${one}`), ...(await sideways(page) > 0 ? [`${name} too wide`] : []));
        const shots = process.env['SHOTS'];
        if (shots) await page.screenshot({ path: `${shots}/${locale}-appointments-${name}.png`, fullPage: true });
      }
      await context.close();
    }
    expect(found).toEqual([]);
  }, 180_000);
});
