import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { CityDatabase } from '../support/city-database';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';
import { answerRightly } from '../support/sitting';

/** The recruit of the demonstration who has read everything and not yet sat the exam; a paper may lie ready. */
async function readyRecruit(db: CityDatabase): Promise<string> {
  const { value } = await db.one<{ value: string }>(`SELECT i.value FROM identifiers i
    JOIN enrolments e ON e.person_id = i.person_id AND e.completed_at IS NOT NULL AND e.source = 'assigned'
    LEFT JOIN attempts a ON a.person_id = i.person_id AND a.state <> 'prepared'
    WHERE i.kind = 'recruitment' AND a.id IS NULL ORDER BY i.value LIMIT 1`);
  return value;
}

describe('a learner whose browser has no JavaScript', { timeout: 120_000 }, () => {
  let city: DemoServer;
  let browser: Browser;
  let db: CityDatabase;
  let page: Page;
  let attemptId: string;

  beforeAll(async () => {
    [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
    db = new CityDatabase(city.dataDir);
    const context = await browser.newContext({ locale: 'zh-CN', javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    page = await context.newPage();
  }, 300_000);
  afterAll(async () => {
    await browser.close();
    await db.close();
    await city.stop();
  });

  const main = () => page.locator('main').innerText();

  it('signs in, sees what is missing, and reads a lesson with its questions', async () => {
    const { password, names } = toldSignIns(city.told);
    await signIn(page, city.url, names['recruit'] ?? '', password);
    expect(await page.locator('h1').innerText()).toBe('尚不能上岗');
    await page.locator('main a[href*="/courses/e-government-foundations/"]').first().click();
    expect(await sideways(page)).toBe(0);
    const { pathname } = new URL(page.url());
    for (const choice of await page.locator('main fieldset').all()) await choice.locator('input[type=radio]').first().check();
    await page.getByRole('button', { name: /看看|对答案|核对|检查/ }).first().click();
    await expect.poll(main).toMatch(/答对|答错|正确|不对/);
    await page.goto(`${city.url}${pathname}`);
    await page.getByRole('button', { name: /^标为已读/ }).click();
    await page.waitForURL((url) => url.pathname !== pathname);
    await page.context().clearCookies();
  });

  it('writes the whole exam a page at a time, turns back, and finds everything stored', async () => {
    await signIn(page, city.url, await readyRecruit(db), toldSignIns(city.told).password);
    await page.goto(`${city.url}/exams/e-government-foundations`);
    await page.locator('main form[method=post] button').click();
    await page.waitForURL(/\/attempts\//);
    attemptId = /attempts\/([0-9a-f-]+)/.exec(page.url())?.[1] ?? '';
    const keys = await db.keysOf(attemptId);
    for (let i = 0; i < keys.length; i += 5) {
      await page.waitForSelector(`#item-${i + 5}`);
      expect(await page.locator('fieldset.player-item').count()).toBe(5);
      for (const key of keys.slice(i, i + 5)) await answerRightly(page, key);
      const to = i + 5 < keys.length ? `item-${i + 6}` : 'item-1';
      await page.locator(`button[name=to][value="${to}"]`).first().click();
    }
    await expect.poll(main).toContain(`已答 ${keys.length} 题`);
    expect(await sideways(page)).toBe(0);
    const { stored } = await db.one<{ stored: number }>('SELECT COUNT(*) AS stored FROM responses WHERE attempt_id = $attemptId', { attemptId });
    expect(stored).toBe(keys.length);
  });

  it('has a clock in a little frame that renews itself, so that what is typed stays', async () => {
    const frame = page.frameLocator('iframe');
    expect(await frame.locator('body').innerText()).toMatch(/\d/);
    expect(await frame.locator('meta[http-equiv=refresh]').count()).toBe(1);
  });

  it('hands in after a summary, gets a receipt that can be checked, and then the result and the permission', async () => {
    await page.locator('button[name=to][value=hand-in]').first().click();
    await page.waitForURL(/\/hand-in/);
    await page.getByRole('button', { name: '确认交卷' }).click();
    await page.waitForURL(/\/receipt/);
    const { number, hash } = await db.one<{ number: string; hash: string }>('SELECT number, hash FROM receipts WHERE attempt_id = $attemptId', { attemptId });
    expect(await main()).toContain(number);
    await expect.poll(async () => {
      await page.goto(`${city.url}/attempts/${attemptId}/result`);
      return main();
    }, { timeout: 60_000, interval: 500 }).toMatch(/合格：100%/);
    await expect.poll(async () => {
      await page.goto(`${city.url}/home`);
      return page.locator('h1').innerText();
    }, { timeout: 60_000, interval: 500 }).not.toContain('尚不能');
    await page.goto(`${city.url}/receipts`);
    await page.fill('input[name=number]', number);
    await page.fill('input[name=hash]', hash.slice(0, 16));
    await page.getByRole('button', { name: '查证' }).click();
    await expect.poll(main).toContain('一致：现在存的答卷就是交卷时的那一份');
  });

  it('is told plainly when the password is wrong, with the name kept', async () => {
    await page.context().clearCookies();
    await page.goto(`${city.url}/sign-in`);
    await page.fill('input[name=name]', '202630001');
    await page.fill('input[name=password]', 'not this one');
    await page.click('main form button[type=submit]');
    await expect.poll(main).toMatch(/不对|不正确|有误/);
    expect(await page.inputValue('input[name=name]')).toBe('202630001');
    expect(await page.inputValue('input[name=password]')).toBe('');
    expect(await page.locator('[aria-invalid=true], .error-summary, [role=alert]').count()).toBeGreaterThan(0);
  });

  it('meets accessible pages', async () => {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 740 } });
    const other = await context.newPage();
    await signIn(other, city.url, await readyRecruit(db), toldSignIns(city.told).password);
    await other.goto(`${city.url}/exams/e-government-foundations`);
    await other.locator('main form[method=post] button').click();
    await other.waitForURL(/\/attempts\//);
    expect(await axeViolations(other)).toEqual([]);
    await other.goto(`${other.url().replace(/\?.*/, '')}/hand-in`);
    expect(await axeViolations(other)).toEqual([]);
    await other.goto(`${city.url}/attempts/${attemptId}/result`);
    expect(await axeViolations(other)).toEqual([]);
    await context.close();
  });
});
