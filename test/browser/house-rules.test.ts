import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

let city: DemoServer;
let browser: Browser;
beforeAll(async () => {
  [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await city.stop();
});

const main = (page: Page): Promise<string> => page.locator('main').innerText();
const submit = (page: Page, name: string): Promise<void> => page.locator('main').getByRole('button', { name, exact: true }).click();

async function opened(scripts: boolean, width = 1366): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: 800 }, javaScriptEnabled: scripts });
  const page = await context.newPage();
  await signIn(page, city.url, 'guanli', toldSignIns(city.told).password);
  await page.goto(`${city.url}/admin/notices/rules`);
  return page;
}

describe('the house rules of notices', { timeout: 240_000 }, () => {
  it('are changed without JavaScript, say who changed them, and go back to what the product came with', async () => {
    const page = await opened(false);
    expect(await main(page)).toContain('还没有修改过');
    await page.selectOption('select[name=digestHour]', '10');
    await page.uncheck('input[name="ladders.exam"][value="-30"]');
    for (const box of await page.locator('input[name="ladders.declaration"]').all()) await box.uncheck();
    await page.uncheck('input[name=paper]');
    await submit(page, '保存规则');
    expect(await main(page)).toContain('通知规则已保存');
    expect(await main(page)).toContain('最近一次修改');
    expect(await page.inputValue('select[name=digestHour]')).toBe('10');
    expect(await page.isChecked('input[name="ladders.exam"][value="-30"]')).toBe(false);
    expect(await page.isChecked('input[name="ladders.exam"][value="-14"]')).toBe(true);
    expect(await page.locator('input[name="ladders.declaration"]:checked').count()).toBe(0);
    expect(await page.isChecked('input[name=paper]')).toBe(false);

    await submit(page, '恢复');
    expect(await main(page)).toContain('已恢复系统自带的规则');
    expect(await page.inputValue('select[name=digestHour]')).toBe('9');
    expect(await page.isChecked('input[name="ladders.exam"][value="-30"]')).toBe(true);
    await page.context().close();
  });

  it('refuse a digest in quiet hours beside its field, and keep what was typed', async () => {
    const page = await opened(false);
    await page.fill('input[name=quietUntil]', '09:30');
    await page.uncheck('input[name="ladders.course"][value="7"]');
    await submit(page, '保存规则');
    expect(await page.locator('.field--wrong', { has: page.locator('select[name=digestHour]') }).innerText()).toContain('免打扰时段内');
    expect(await page.inputValue('input[name=quietUntil]')).toBe('09:30');
    expect(await page.isChecked('input[name="ladders.course"][value="7"]')).toBe(false);
    await page.context().close();
  });

  it('are not overwritten by a page that was opened before somebody else changed them, however often it is sent', async () => {
    const [first, second] = [await opened(false), await opened(false)];
    await second.selectOption('select[name=weeklyOn]', '3');
    await submit(second, '保存规则');
    await first.selectOption('select[name=weeklyOn]', '5');
    for (let time = 0; time < 2; time += 1) {
      await submit(first, '保存规则');
      expect(await main(first)).toContain('别人改动了这条记录');
      expect(await first.inputValue('select[name=weeklyOn]')).toBe('5');
    }
    await first.getByRole('link', { name: '重新打开，查看现在的规则' }).click();
    expect(await first.inputValue('select[name=weeklyOn]')).toBe('3');
    await Promise.all([first.context().close(), second.context().close()]);
  });

  it.each([1366, 390])('have a page that everybody can use, at %i pixels', async (width) => {
    const page = await opened(true, width);
    expect({ axe: await axeViolations(page), sideways: await sideways(page) }).toEqual({ axe: [], sideways: 0 });
    await page.context().close();
  });
});
