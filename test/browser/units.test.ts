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

/** A page of the administrator, without scripts, as everything here must work. */
async function withoutScripts(): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${city.url}/sign-in`);
  await page.fill('input[name=name]', 'guanli');
  await page.fill('input[name=password]', toldSignIns(city.told).password);
  await page.click('main form button[type=submit]');
  return page;
}

const main = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';

async function addUnit(page: Page, name: string, code: string): Promise<string> {
  await page.goto(`${city.url}/hr/units/new`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=code]', code);
  await page.click('main form button[type=submit]');
  await page.waitForURL(/done=added/);
  return new URL(page.url()).pathname;
}

/** How many roles are given at the organisation itself. */
const given = (page: Page): Promise<number> => page.locator('main td', { hasText: /^直接授予$/ }).count();

describe('organisations', () => {
  it('are added, recoded, moved on a day, taken back, closed and opened again, without scripts', async () => {
    const page = await withoutScripts();
    const unit = await addUnit(page, '大数据中心', 'DSJ');
    await page.goto(`${city.url}${unit}/edit`);
    await page.fill('input[name=code]', '00');
    await page.click('main form button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('00');
    await expect(page.inputValue('input[name=name]')).resolves.toBe('大数据中心');
    await page.fill('input[name=code]', 'DSJ-2');
    await page.click('main form button[type=submit]');
    await page.waitForURL(/done=edited/);
    await expect(main(page)).resolves.toContain('DSJ-2');

    // Somebody of a unit, so that the preview has people, roles and programmes to tell of.
    await page.goto(`${city.url}/hr/units`);
    await page.locator('main table').last().locator('tbody tr').nth(1).locator('a').click();
    const full = new URL(page.url()).pathname;
    await page.goto(`${city.url}${full}/change`);
    await page.check('input[name=kind][value=merge]');
    await page.fill('input[name=effectiveOn]', '2020-01-01');
    await page.click('form[id=look] button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('依据或原因');
    await page.fill('input[name=reason]', '市编发〔2026〕8 号');
    await page.locator('select[name=targetId]').selectOption({ label: (await page.locator('select[name=targetId] option', { hasText: '大数据中心' }).textContent()) ?? '' });
    await page.click('form[id=look] button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('不能早于今天');
    await page.fill('input[name=effectiveOn]', '2099-01-01');
    await page.click('form[id=look] button[type=submit]');
    await expect(main(page)).resolves.toMatch(/并入“大数据中心”[\s\S]*涉及人员[1-9]/);
    await page.click('form[id=confirm] button[type=submit]');
    await page.waitForURL(/done=planned/);
    await page.goto(`${city.url}/hr/units`);
    await expect(main(page)).resolves.toContain('并入 大数据中心');

    await page.goto(`${city.url}${full}`);
    await page.locator('details:has(form[id=withdraw]) > summary').click();
    await page.locator('form[id=withdraw] select').selectOption({ index: 1 });
    await page.fill('form[id=withdraw] input[name=reason]', '方案调整');
    await page.click('form[id=withdraw] button[type=submit]');
    await page.waitForURL(/done=withdrawn/);
    await expect(main(page)).resolves.toContain('已撤回');

    await page.goto(`${city.url}${full}/change`);
    await page.check('input[name=kind][value=close]');
    await page.fill('input[name=reason]', '撤销');
    await page.click('form[id=look] button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toMatch(/还有 \d+ (?:人|个下级单位)/);
    await page.goto(`${city.url}${unit}/change`);
    await page.check('input[name=kind][value=close]');
    await page.fill('input[name=reason]', '撤销');
    await page.click('form[id=look] button[type=submit]');
    await page.click('form[id=confirm] button[type=submit]');
    await page.waitForURL(/done=carried/);
    await page.fill('form[id=reopen] input[name=reason]', '误操作');
    await page.click('form[id=reopen] button[type=submit]');
    await page.waitForURL(/done=reopened/);
  }, 180_000);

  it('get administrators of their own, who are known by number or sign-in name, and lose them again', async () => {
    const page = await withoutScripts();
    const unit = await addUnit(page, '城西分局', 'CX');
    const summary = page.locator('details:has(form[id=grant]) > summary');
    await summary.click();
    await page.fill('form[id=grant] input[name=name]', 'nobody-of-that-name');
    await page.selectOption('form[id=grant] select', 'hr');
    await page.click('form[id=grant] button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('nobody-of-that-name');
    await page.fill('form[id=grant] input[name=name]', 'renshi');
    await page.click('form[id=grant] button[type=submit]');
    await page.waitForURL(/done=granted/);
    await expect(given(page)).resolves.toBe(1);
    await page.goto(`${city.url}/hr/units/administrators?q=${encodeURIComponent('城西分局')}`);
    await expect(main(page)).resolves.toContain('共 1 条');
    await page.goto(`${city.url}${unit}`);
    await page.locator('form.post-button button', { hasText: '收回' }).first().click();
    await page.waitForURL(/done=ended/);
    await expect(given(page)).resolves.toBe(0);
  }, 120_000);

  it('are fit for all: by axe, on a phone, in both languages', async () => {
    const found: string[] = [];
    for (const [locale, width] of [['zh-CN', 1366], ['en-GB', 360]] as const) {
      const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
      const page = await context.newPage();
      await signIn(page, city.url, 'guanli', toldSignIns(city.told).password);
      await page.goto(`${city.url}/hr/units`);
      const unit = (await page.locator('main table').last().locator('tbody tr').nth(1).locator('a').getAttribute('href')) ?? '';
      for (const path of ['/hr/units', '/hr/units?on=2026-01-01', '/hr/units/new', '/hr/units/administrators', unit, `${unit}/edit`, `${unit}/change`]) {
        await page.goto(`${city.url}${path}`);
        await page.waitForLoadState('networkidle');
        found.push(...(await axeViolations(page)).map((one) => `${path} ${one}`), ...(await sideways(page) > 0 ? [`${path} too wide`] : []));
        const shots = process.env['SHOTS'];
        if (shots) await page.screenshot({ path: `${shots}/${locale}-${path.replaceAll(/[^a-z]/g, '_')}.png`, fullPage: true });
      }
      await page.check('input[name=kind][value=move]');
      await page.locator('select[name=targetId]').selectOption({ index: 3 });
      await page.fill('input[name=reason]', '机构改革');
      await page.click('form[id=look] button[type=submit]');
      await page.locator('form[id=confirm], .error-summary').first().waitFor();
      found.push(...(await axeViolations(page)).map((one) => `preview ${one}`), ...(await sideways(page) > 0 ? ['preview too wide'] : []));
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${locale}-preview.png`, fullPage: true });
      await context.close();
    }
    expect(found).toEqual([]);
  }, 180_000);
});
