import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boot } from '~/start/boot';
import { adoptRootOrganisation } from '~/people';
import { aSignedInAccount } from '../support/actors';
import { axeViolations, sideways, withCookie } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { CityDatabase } from '../support/city-database';
import { HALL_EXAM, prepareHall, type Seat } from '../support/exam-hall';
import { startInProcess, type DemoServer } from '../support/running';
import { answerRightly } from '../support/sitting';

describe('practice', () => {
  let house: DemoServer;
  let browser: Browser;
  let seat: Seat | undefined;
  let administrator: string;
  let folder: string;
  let database: CityDatabase;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'shanggang-practice-'));
    const env = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
    [seat] = await prepareHall(env, 1, 30);
    const ground = await boot(env);
    const { id } = await adoptRootOrganisation();
    administrator = (await aSignedInAccount({ role: 'administrator', organisationId: id })).cookie;
    await ground.close();
    [house, browser] = await Promise.all([startInProcess({ demo: false, env: { DATA_DIR: folder } }), launchChromium()]);
    database = new CityDatabase(folder);
  });
  afterAll(async () => {
    await browser.close();
    await database.close();
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function as(cookie: string | undefined, width: number): Promise<Page> {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: 768 } });
    await withCookie(context, house.url, cookie);
    return context.newPage();
  }

  it('is opened by an administrator, taken in the player, shows the keys afterwards, and is no attempt at the exam', async () => {
    const candidate = await as(seat?.cookie, 1366);
    await candidate.goto(`${house.url}/exams/${HALL_EXAM}`);
    expect(await candidate.getByRole('button', { name: '开始练习' }).count()).toBe(0);

    const admin = await as(administrator, 360);
    await admin.goto(`${house.url}/admin/exams/${HALL_EXAM}`);
    await admin.getByRole('button', { name: '开放练习' }).click();
    await admin.getByText('练习已开放').waitFor();
    expect(await axeViolations(admin)).toEqual([]);
    expect(await sideways(admin)).toBe(0);

    await candidate.reload();
    await candidate.getByRole('button', { name: '开始练习' }).click();
    await candidate.waitForURL(/\/attempts\//);
    const attempt = /\/attempts\/([0-9a-f-]{36})/.exec(candidate.url())?.[1] ?? '';
    const [first] = await database.keysOf(attempt);
    if (!first) throw new Error('a practice without items');
    await candidate.waitForSelector('header [data-unsent="0"]');
    await answerRightly(candidate, first);
    await candidate.goto(`${house.url}/attempts/${attempt}/hand-in`);
    await candidate.getByRole('button', { name: '交卷' }).click();
    await candidate.waitForURL(/receipt/);
    await expect.poll(async () => {
      await candidate.goto(`${house.url}/attempts/${attempt}/result`);
      return candidate.getByRole('heading', { name: '答案和解析' }).count();
    }, { timeout: 30_000, interval: 500 }).toBe(1);
    const shown = await candidate.locator('main').innerText();
    expect(shown).toContain('这是练习，不是成绩');
    expect(await candidate.locator('.practice-review').innerText()).toContain('答案：');
    expect(await axeViolations(candidate)).toEqual([]);

    const real = await database.one<{ n: number }>(`SELECT COUNT(*) AS n FROM attempts a JOIN exams e ON e.id = a.exam_id WHERE e.practice_of IS NULL`);
    expect(real.n).toBe(0);
    expect((await database.one<{ n: number }>('SELECT COUNT(*) AS n FROM evidence')).n).toBe(0);
    await candidate.goto(`${house.url}/exams/${HALL_EXAM}`);
    await candidate.getByRole('button', { name: '开始考试' }).waitFor();

    await admin.getByRole('button', { name: '停止练习' }).click();
    await admin.getByText('练习未开放').waitFor();
    await candidate.reload();
    expect(await candidate.getByRole('button', { name: '开始练习' }).count()).toBe(0);
  }, 120_000);
});
