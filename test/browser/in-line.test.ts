import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Sequelize } from 'sequelize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways, withCookie } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { HALL_EXAM, prepareHall, type Seat } from '../support/exam-hall';
import { startInProcess, type DemoServer } from '../support/running';

const EXAM = `/exams/${HALL_EXAM}`;

describe('the line before the start, when one may start at once', { timeout: 120_000 }, () => {
  let house: DemoServer;
  let browser: Browser;
  let seats: Seat[];
  let folder: string;
  let disk: Sequelize;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'shanggang-line-'));
    seats = await prepareHall({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }, 6, 30);
    [house, browser] = await Promise.all([startInProcess({ demo: false, env: { DATA_DIR: folder, START_AT_ONCE: '1' } }), launchChromium()]);
    disk = new Sequelize({ dialect: 'sqlite', storage: path.join(folder, 'shanggang.sqlite'), logging: false });
  });
  afterAll(async () => {
    await browser.close();
    await disk.close();
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const press = (cookie: string) => fetch(house.url + EXAM, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ intent: 'start' }) });

  const waiting = (cookie: string) => fetch(`${house.url}${EXAM}/waiting?again`, { headers: { cookie } });

  async function as(seat: Seat | undefined, javaScriptEnabled: boolean): Promise<Page> {
    const context = await browser.newContext({ locale: 'zh-CN', javaScriptEnabled, viewport: { width: 360, height: 740 } });
    await withCookie(context, house.url, seat?.cookie);
    const page = await context.newPage();
    await page.goto(house.url + EXAM);
    return page;
  }

  /** Presses start while somebody else's start cannot get to the disk, until the page tells the place. */
  async function told(page: Page, cookie: string): Promise<void> {
    const pressed = page.getByRole('button', { name: '开始考试' }).click();
    // A press is kept waiting for a while; another page of the same person makes the server answer it.
    const nudge = setInterval(() => void waiting(cookie), 500);
    await page.waitForURL(`**${EXAM}/waiting*`);
    clearInterval(nudge);
    await pressed;
  }

  async function inLine(first: number, javaScriptEnabled: boolean): Promise<Page> {
    const [ahead, behind] = seats.slice(first);
    if (!ahead || !behind) throw new Error('too few seats');
    // Both are known to be there before: signs of life are written too.
    await fetch(house.url + EXAM, { headers: { cookie: ahead.cookie } });
    const page = await as(behind, javaScriptEnabled);
    await disk.query('BEGIN IMMEDIATE');
    const started = press(ahead.cookie);
    // Called ahead of those who start, and not coming yet.
    for (const { cookie } of seats.slice(4)) await waiting(cookie);
    try {
      await told(page, behind.cookie);
      expect(await page.locator('main').innerText()).toContain('排队进入考试：您在第 1 位');
      expect(await sideways(page)).toBe(0);
      if (javaScriptEnabled) expect(await axeViolations(page)).toEqual([]);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/in-line.png` });
    } finally {
      await disk.query('ROLLBACK');
    }
    expect((await started).headers.get('location')).toMatch(/^\/attempts\//);
    return page;
  }

  it('goes on by itself to the exam', async () => {
    const page = await inLine(0, true);
    await page.waitForURL('**/attempts/*');
    expect(await page.locator('form').count()).toBeGreaterThan(0);
  });

  it('says that it is time, and goes on by the button, without JavaScript', async () => {
    const page = await inLine(2, false);
    await page.getByText('轮到您了').waitFor();
    await page.getByRole('button', { name: '继续' }).click();
    await page.waitForURL('**/attempts/*');
    expect(await page.locator('form').count()).toBeGreaterThan(0);
  });
});
