import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { prepareHall, type Seat } from '../support/exam-hall';
import { A_LIFE, choose, chosen, goTo, item, mainText, noticed, saved, SOON, startExam, stateOf, TO_PREPARE } from '../support/player-page';
import { startInProcess, type DemoServer } from '../support/running';

const MINUTES = 30;
/** The exam's tolerance is a minute; then the attempt is closed. */
const AFTER_TOLERANCE = 70_000;

/** An exam as candidates live it when something goes wrong. Each has a seat of their own. */
describe('the player', { timeout: A_LIFE }, () => {
  let house: DemoServer;
  let browser: Browser;
  let seats: Seat[];
  let folder: string;
  let context: BrowserContext;
  let next = 0;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'shanggang-player-'));
    seats = await prepareHall({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }, 18, MINUTES);
    [house, browser] = await Promise.all([startInProcess({ demo: false, env: { DATA_DIR: folder } }), launchChromium()]);
  }, TO_PREPARE);
  afterAll(async () => {
    house.program.resetClock();
    await browser.close();
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    house.program.resetClock();
    await context.close();
  });

  const seatCookie = (seat: Seat) => ({ name: 'sid', value: seat.cookie.split('=')[1] ?? '', url: house.url });

  async function sitDown(given: { javaScript?: boolean; width?: number; seat?: Seat; script?: string } = {}): Promise<{ page: Page; seat: Seat }> {
    const seat = given.seat ?? seats[next++];
    if (!seat) throw new Error('no seat is left');
    context = await browser.newContext({ locale: 'zh-CN', viewport: { width: given.width ?? 1366, height: 768 }, javaScriptEnabled: given.javaScript ?? true });
    if (given.script) await context.addInitScript(given.script);
    await context.addCookies([seatCookie(seat)]);
    return { page: await context.newPage(), seat };
  }

  const start = (page: Page): Promise<string> => startExam(page, house.url);

  it('saves while one writes, says so in words, and shows everything again after the browser was closed', async () => {
    const { page } = await sitDown();
    const attempt = await start(page);
    await choose(page, 1, 1);
    await expect.poll(() => stateOf(page, 1), SOON).toBe('saved');
    expect(await item(page, 1).locator('[data-save]').textContent()).toBe('已保存');
    await goTo(page, 40);
    await item(page, 40).locator('input[type=text]').fill('受理凭证');
    await item(page, 40).locator('input[type=checkbox]').check();
    await saved(page);
    const clockBefore = await page.locator('[data-clock]').textContent();
    expect(clockBefore).toMatch(/^29:/);
    await page.close();
    const again = await context.newPage();
    await again.goto(`${house.url}/attempts/${attempt}?item=40`);
    expect(await item(again, 40).locator('input[type=text]').inputValue()).toBe('受理凭证');
    expect(await item(again, 40).locator('input[type=checkbox]').isChecked()).toBe(true);
    await expect.poll(() => again.locator('[data-clock]').textContent(), SOON).toMatch(/^29:/);
    expect(await axeViolations(again)).toEqual([]);
  });

  it('keeps answers on the device while offline, over a restart of the browser, and sends them when it can', async () => {
    const { page } = await sitDown();
    const attempt = await start(page);
    await saved(page);
    await context.setOffline(true);
    await choose(page, 2, 0);
    await expect.poll(() => stateOf(page, 2), SOON).toBe('kept');
    await goTo(page, 6);
    await choose(page, 6, 2);
    await noticed(page, '连不上服务器');
    expect(await axeViolations(page)).toEqual([]);
    await page.close();
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(`${house.url}/attempts/${attempt}?item=6`);
    await expect.poll(() => chosen(again, 6, 2), SOON).toBe(true);
    await saved(again);
    await again.reload();
    expect(await again.locator('.player-answered').textContent()).toContain('已答 2 题');
  });

  it('lets two tabs of one device write without harm', async () => {
    const { page } = await sitDown();
    const attempt = await start(page);
    const other = await context.newPage();
    await other.goto(`${house.url}/attempts/${attempt}`);
    await saved(other);
    await choose(page, 1, 0);
    await choose(other, 1, 2);
    await saved(other);
    await saved(page);
    await page.reload();
    expect(await chosen(page, 1, 2)).toBe(true);
  });

  it('says that the sign-in is gone, and loses nothing when the candidate signs in again', async () => {
    const { page, seat } = await sitDown();
    const attempt = await start(page);
    await saved(page);
    await context.clearCookies({ name: 'sid' });
    await choose(page, 3, 1);
    await noticed(page, '登录已经过期');
    expect(await page.locator('.banner a').getAttribute('href')).toBe(`/sign-in?next=/attempts/${attempt}`);
    await context.addCookies([seatCookie(seat)]);
    await page.goto(`${house.url}/attempts/${attempt}`);
    await saved(page);
    expect(await chosen(page, 3, 1)).toBe(true);
  });

  it('shows the server’s time on a device whose clock is a year wrong, and closes at the deadline', async () => {
    const { page } = await sitDown({ script: 'const right = Date.now.bind(Date); Date.now = () => right() + 365 * 86_400_000;' });
    const attempt = await start(page);
    await choose(page, 1, 0);
    await saved(page);
    expect(await page.locator('[data-clock]').textContent()).toMatch(/^29:/);
    house.program.advanceClock((MINUTES * 60 - 20) * 1000);
    await choose(page, 2, 0);
    await saved(page);
    await expect.poll(() => page.locator('[data-clock]').textContent(), SOON).toMatch(/^0:[01]\d$/);
    await expect.poll(() => page.locator('[data-announce]').textContent(), SOON).toContain('还剩');
    house.program.advanceClock(60_000);
    // By all that the page could know this was changed in time; the server says that the time is over, and takes it.
    await choose(page, 3, 0);
    await page.waitForURL(new RegExp(`${attempt}/receipt`));
    await expect.poll(() => mainText(page), SOON).toContain('时间到，自动交卷');
    expect(await mainText(page)).toContain('3 题，共 40 题');
  });

  it('tells the second device to ask the invigilator', async () => {
    const { page, seat } = await sitDown();
    const attempt = await start(page);
    const first = context;
    const { page: second } = await sitDown({ seat });
    await second.goto(`${house.url}/attempts/${attempt}`);
    expect(await mainText(second)).toContain('监考人员');
    expect(await second.locator('fieldset').count()).toBe(0);
    expect(await axeViolations(second)).toEqual([]);
    await first.close();
  });

  it('is handed in with what is open and marked named first, and pressed twice gives one receipt', async () => {
    const { page } = await sitDown();
    await start(page);
    await choose(page, 1, 0);
    await item(page, 2).locator('.player-flag input').check();
    await page.locator('button[value=hand-in]').first().click();
    await page.waitForURL(/hand-in$/);
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['还没有答的题', '标记过的题']);
    expect(await axeViolations(page)).toEqual([]);
    const confirm = page.getByRole('button', { name: '确认交卷' });
    await confirm.dblclick();
    await page.waitForURL(/receipt/);
    await expect.poll(() => mainText(page), SOON).toMatch(/HZ-\w{5}-\w{5}/);
    await page.goBack();
    await expect.poll(() => page.url(), SOON).toContain('receipt');
  });

  it('can be written with the keyboard alone', async () => {
    const { page } = await sitDown();
    await start(page);
    await saved(page);
    await item(page, 1).locator('input[type=radio]').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await saved(page);
    await goTo(page, 36);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('item-36');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
    await goTo(page, 40);
    await item(page, 40).locator('input[type=text]').fill('答案');
    await page.keyboard.press('Enter');
    await saved(page);
    expect(page.url()).toContain('page=8');
  });

  it.each([{ width: 360 }, { width: 683 }])('fits a window of $width pixels', async ({ width }) => {
    const { page } = await sitDown({ width });
    await start(page);
    for (const number of [1, 21, 36]) {
      await goTo(page, number);
      expect(await sideways(page)).toBeLessThanOrEqual(0);
    }
    expect(await axeViolations(page)).toEqual([]);
  });

  describe('without JavaScript', () => {
    it('is one form a page, with a clock that refreshes itself, until the receipt', async () => {
      const { page } = await sitDown({ javaScript: false });
      const attempt = await start(page);
      await expect.poll(() => page.frames()[1]?.locator('body').textContent(), SOON).toContain('还剩 29 分钟');
      await choose(page, 1, 1);
      await item(page, 2).locator('.player-flag input').check();
      await page.getByRole('button', { name: '保存并到下一页' }).click();
      await page.waitForURL(/item=6/);
      await goTo(page, 36);
      for (const [i, select] of (await item(page, 36).locator('select').all()).entries()) await select.selectOption({ index: i + 1 });
      await goTo(page, 40);
      await item(page, 40).locator('input[type=text]').fill('凭证');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('.player-answered').textContent(), SOON).toContain('已答 3 题');
      await goTo(page, 1);
      expect(await chosen(page, 1, 1)).toBe(true);
      await page.locator('button[value=hand-in]').first().click();
      await page.getByRole('button', { name: '确认交卷' }).click();
      await page.waitForURL(new RegExp(`${attempt}/receipt`));
      expect(await mainText(page)).toContain('3 题，共 40 题');
    });

    it('holds what was typed when the sign-in ran out, and sends it again', async () => {
      const { page, seat } = await sitDown({ javaScript: false });
      await start(page);
      await context.clearCookies({ name: 'sid' });
      await choose(page, 1, 2);
      await page.getByRole('button', { name: '保存并到下一页' }).click();
      expect(await mainText(page)).toContain('什么都没有丢');
      await context.addCookies([seatCookie(seat)]);
      await page.getByRole('button', { name: '重新发送' }).click();
      await page.waitForURL(/item=6/);
      expect(await page.locator('.player-answered').textContent()).toContain('已答 1 题');
    });

    it('counts a page of answers that arrives within the tolerance, and hands in with it', async () => {
      const { page } = await sitDown({ javaScript: false });
      await start(page);
      await choose(page, 1, 2);
      house.program.advanceClock(MINUTES * 60_000 + 1000);
      await page.getByRole('button', { name: '保存并到下一页' }).click();
      await page.waitForURL(/receipt\?counted=1/);
      expect(await mainText(page)).toContain('1 项答案在截止前改动');
      expect(await mainText(page)).toContain('1 题，共 40 题');
    });

    it('says that a page of answers came too late, and keeps it', async () => {
      const { page } = await sitDown({ javaScript: false });
      await start(page);
      await choose(page, 1, 2);
      house.program.advanceClock(MINUTES * 60_000 + AFTER_TOLERANCE);
      await page.getByRole('button', { name: '保存并到下一页' }).click();
      await page.waitForURL(/receipt\?late=1/);
      expect(await mainText(page)).toContain('1 项在截止时间之后到达');
      await expect.poll(async () => {
        await page.reload();
        return mainText(page);
      }, SOON).toContain('0 题，共 40 题');
    });
  });
});
