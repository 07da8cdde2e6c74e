import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '~/db';
import { minutes } from '~/kernel/clock';
import { configure, databaseChoice } from '~/start/boot';
import { axeViolations, complaints } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { HALL_EXAM, prepareHall, type Seat } from '../support/exam-hall';
import { seatAttempts } from '../support/running-attempts';
import { freePort, freshFolder, removeFolder, startServer, type ServerProcess } from '../support/server';
import { examIdOf, invigilatorCookie, watchedSitting, type Watched } from '../support/watched';

const SEATS = 30;
const deviceOf = (seat: number): string => `device-${String(seat).padStart(8, '0')}`;
/** What happens on one page is seen on the other within this time. */
const SOON = { timeout: 5000, interval: 100 };

describe('an invigilator and a candidate, each in a browser', () => {
  let server: ServerProcess;
  let db: Database;
  let browser: Browser;
  let seats: Seat[];
  let attempts: string[];
  let sitting: Watched;
  let cookie: string;
  const said: string[] = [];

  beforeAll(async () => {
    const dataDir = freshFolder('console');
    const port = await freePort();
    const env = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' };
    seats = await prepareHall(env, SEATS, 120);
    [server, browser] = await Promise.all([startServer({ dataDir, port }), launchChromium()]);
    db = await openDatabase(databaseChoice(configure(env)));
    const startedAt = Date.now() - minutes(10);
    attempts = await seatAttempts(seats, { startedAt, deadlineAt: startedAt + minutes(120), deviceOf });
    sitting = await watchedSitting({ examId: await examIdOf(HALL_EXAM), seats, attempts, rooms: 2, name: (i) => `考生${String(i + 1).padStart(2, '0')}` });
    cookie = await invigilatorCookie();
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await closeDatabase(db);
    removeFolder(server.dataDir);
  });

  async function open(path: string, cookies: string, more: { javaScriptEnabled?: boolean } = {}): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1024, height: 768 }, ...more });
    await context.addCookies(cookies.split('; ').map((one) => ({ name: one.split('=')[0] ?? '', value: one.slice(one.indexOf('=') + 1), url: server.url })));
    const page = await context.newPage();
    const heard = complaints(page);
    context.on('close', () => said.push(...heard));
    await page.goto(`${server.url}${path}`);
    return { context, page };
  }
  const consolePage = (more = {}) => open(`/invigilate/sittings/${sitting.sittingId}`, cookie, more);
  const candidate = (seat: number) => open(`/attempts/${attempts[seat] ?? ''}`, `${seats[seat]?.cookie ?? ''}; device=${deviceOf(seat)}`);
  const row = (page: Page, seat: number) => page.locator('.console-row', { hasText: `考生${String(seat + 1).padStart(2, '0')}` });
  const stands = async (seat: number): Promise<{ deadline: string; state: string; pausedAt: string | null }> =>
    (await (await fetch(`${server.url}/attempts/${attempts[seat] ?? ''}/standing`, { headers: { cookie: `${seats[seat]?.cookie ?? ''}; device=${deviceOf(seat)}` } })).json()) as { deadline: string; state: string; pausedAt: string | null };

  /** Ticks somebody, chooses an act, answers the question. */
  async function actOn(page: Page, seat: number, kind: string, fill: Record<string, string>): Promise<void> {
    await row(page, seat).locator('input[type=checkbox]').check();
    if (['hand-in', 'void', 'refuse', 'exempt', 'note'].includes(kind)) await page.locator('.console-more summary').click();
    await page.locator(`.console-bar button[value=${kind}]`).click();
    await page.locator('.console-panel').waitFor();
    for (const [name, value] of Object.entries(fill)) await page.locator(`.console-panel [name=${name}]`).fill(value);
    if (kind === 'hand-in' || kind === 'void') await page.locator('.console-panel label.option').click();
    await page.locator('.console-panel button[type=submit]').click();
    await page.waitForURL(new RegExp(`done=${kind}`));
  }

  it('a message arrives, a pause and its end are seen, given time reaches the running clock', async () => {
    const watcher = await consolePage();
    await expect.poll(() => watcher.page.locator('.console-link').innerText()).toBe('实时更新');
    const writer = await candidate(0);
    await writer.page.locator('fieldset.player-item').first().waitFor();
    await actOn(watcher.page, 0, 'message', { text: '请核对第 3 题' });
    await expect.poll(() => writer.page.getByText('请核对第 3 题').count(), SOON).toBeGreaterThan(0);
    const before = Date.parse((await stands(0)).deadline);
    await actOn(watcher.page, 0, 'pause', { reason: '停电' });
    await expect.poll(() => writer.page.locator('main').innerText(), SOON).toMatch(/暂停/);
    await expect.poll(() => row(watcher.page, 0).innerText(), SOON).toContain('已暂停');
    await actOn(watcher.page, 0, 'resume', { reason: '来电' });
    await expect.poll(() => row(watcher.page, 0).innerText(), SOON).not.toContain('已暂停');
    await actOn(watcher.page, 0, 'time', { minutes: '30', reason: '补时' });
    await expect.poll(() => row(watcher.page, 0).innerText(), SOON).toMatch(/1[34]\d 分/);
    expect(Date.parse((await stands(0)).deadline) - before).toBeGreaterThanOrEqual(minutes(30));
    await watcher.context.close();
    await writer.context.close();
  }, 120_000);

  it('a second device is permitted and takes over; then the paper is collected', async () => {
    const watcher = await consolePage();
    const second = await open(`/attempts/${attempts[1] ?? ''}`, `${seats[1]?.cookie ?? ''}; device=device-another`);
    await actOn(watcher.page, 1, 'device', { reason: '键盘坏了' });
    await expect.poll(() => row(watcher.page, 1).innerText(), SOON).toContain('可换机');
    await second.page.reload();
    await second.page.getByRole('button', { name: '在本机接着作答' }).click();
    await second.page.locator('fieldset.player-item').first().waitFor();
    await expect.poll(() => row(watcher.page, 1).innerText(), SOON).not.toContain('可换机');
    await actOn(watcher.page, 1, 'hand-in', { reason: '本人要求' });
    await expect.poll(() => row(watcher.page, 1).innerText(), SOON).toContain('已交卷');
    expect((await stands(1)).state).not.toBe('in-progress');
    await watcher.context.close();
    await second.context.close();
  }, 120_000);

  it('keeps what is ticked, filtered and scrolled while rows change, and is fit for fingers and screen readers', async () => {
    const { context, page } = await consolePage();
    await row(page, 20).locator('input[type=checkbox]').check();
    await page.locator('input[name=search]').fill('考生0');
    await expect.poll(() => page.locator('.console-row').count()).toBe(9);
    expect(await page.locator('.console-scope').innerText()).toContain('已选 1 人');
    await page.locator('input[name=search]').fill('');
    await expect.poll(() => page.locator('.console-row').count()).toBeGreaterThan(9);
    await page.evaluate(() => window.scrollTo(0, 700));
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(700);
    const top = async () => Math.round((await row(page, 12).boundingBox())?.y ?? -1);
    const before = await top();
    await actOn((await consolePage()).page, 4, 'pause', { reason: '测试' });
    await expect.poll(() => row(page, 4).innerText(), SOON).toContain('已暂停');
    // The list of who needs somebody has grown above; what is looked at stays where it is.
    expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
    expect(await row(page, 20).locator('input[type=checkbox]').isChecked()).toBe(true);
    const small = await page.locator('.console-bar button:visible, .console-tick label').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).length);
    expect(small).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  }, 120_000);

  it('works without JavaScript', async () => {
    const { context, page } = await consolePage({ javaScriptEnabled: false });
    await row(page, 6).locator('input[type=checkbox]').check();
    await page.locator('.console-bar button[value=message]').click();
    await page.locator('.console-panel button[type=submit]').click();
    await expect.poll(() => page.locator('.error-summary').count(), SOON).toBe(1);
    await page.locator('.console-panel textarea').fill('请坐到 7 号');
    await page.locator('.console-panel button[type=submit]').click();
    expect(await page.locator('.banner').innerText()).toContain('已给 1 人发消息');
    await context.close();
  }, 60_000);

  it('gave the browser nothing to complain about', () => {
    // The refused form without JavaScript is told by its status.
    expect(said.filter((one) => !one.includes('422'))).toEqual([]);
  });
});
