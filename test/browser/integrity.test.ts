import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { execute, inTransaction } from '~/db';
import { boot } from '~/start/boot';
import { adoptRootOrganisation } from '~/people';
import { aSignedInAccount } from '../support/actors';
import { axeViolations, sideways, withCookie } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { HALL_EXAM, prepareHall, type Seat } from '../support/exam-hall';
import { startInProcess, type DemoServer } from '../support/running';

const SOON = { timeout: 20_000 };
/** A whole exam and all that follows, on a busy machine. */
const A_LIFE = 120_000;
const ROLES = ['invigilator', 'adjudicator', 'second'] as const;

/** Observations and findings, as the people live them who are concerned. */
describe('integrity without cruelty', () => {
  let house: DemoServer;
  let browser: Browser;
  let seats: Seat[];
  let folder: string;
  const office: Record<string, string> = {};
  const open: BrowserContext[] = [];
  let next = 0;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'shanggang-integrity-'));
    const env = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
    seats = await prepareHall(env, 3, 30);
    const ground = await boot(env);
    await inTransaction((tx) => execute(tx, `UPDATE exams SET observed = '["left-page","paste"]', idle_minutes = 5, release = 'by-person' WHERE slug = $slug`, { slug: HALL_EXAM }));
    const { id } = await adoptRootOrganisation();
    for (const role of ROLES) office[role] = (await aSignedInAccount({ role: role === 'second' ? 'adjudicator' : role, organisationId: id })).cookie;
    await ground.close();
    [house, browser] = await Promise.all([startInProcess({ demo: false, env: { DATA_DIR: folder } }), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of open.splice(0)) await context.close();
  });

  async function pageOf(cookie: string | undefined, given: { width?: number; javaScriptEnabled?: boolean } = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: given.width ?? 1366, height: 768 }, javaScriptEnabled: given.javaScriptEnabled ?? true });
    open.push(context);
    await withCookie(context, house.url, cookie);
    return context.newPage();
  }
  const seat = (): string => seats[next++]?.cookie ?? '';

  async function start(page: Page): Promise<string> {
    await page.goto(`${house.url}/exams/${HALL_EXAM}`);
    await page.getByRole('button', { name: '开始考试' }).click();
    await page.waitForURL(/\/attempts\//);
    return /\/attempts\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  }

  /** The page goes out of sight, as another window over it would make it. */
  const show = (page: Page, state: 'hidden' | 'visible') => page.evaluate((wanted) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => wanted });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

  it('tells before the start what is recorded and what is not, records just that, and shows it to the candidate', async () => {
    const page = await pageOf(seat());
    await page.goto(`${house.url}/exams/${HALL_EXAM}`);
    const told = await page.locator('#recorded').innerText();
    expect(told).toContain('离开考试页面');
    expect(told).toContain('不记录粘贴的内容');
    expect(told).not.toContain('作答比阅读还快');
    expect(await axeViolations(page)).toEqual([]);
    const attempt = await start(page);
    await page.waitForSelector('header [data-unsent="0"]');
    await show(page, 'hidden');
    // The leaving itself lasts: two seconds or less would be a slip.
    await page.waitForTimeout(2600);
    const sent = page.waitForResponse((answer) => answer.url().endsWith('/observations') && answer.request().postData()?.includes('left-page') === true, SOON);
    await show(page, 'visible');
    expect((await sent).status()).toBe(204);
    await page.locator('button[value=item-40]').first().click();
    const field = page.locator('#item-40 input[type=text]');
    await field.focus();
    const pasted = page.waitForResponse((answer) => answer.url().endsWith('/observations') && answer.request().postData()?.includes('paste') === true, SOON);
    await field.evaluate((box) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', '抄来的一句话');
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    const body = (await pasted).request().postData() ?? '';
    expect(body).toContain('"count":6');
    expect(body).not.toContain('抄来');
    await page.goto(`${house.url}/attempts/${attempt}/hand-in`);
    await page.getByRole('button', { name: '交卷' }).click();
    await page.waitForURL(/receipt/);
    const record = await page.locator('#recorded').innerText();
    expect(record).toMatch(/离开考试页面：1 次，共 [2-9] 秒/);
    expect(record).toContain('粘贴：1 次，共 6 个字符（不含内容）');
    expect(await axeViolations(page)).toEqual([]);
  }, A_LIFE);

  it('lets a finding be proposed, answered without JavaScript, decided and appealed, each by another person', async () => {
    const cookie = seat();
    const attempt = await start(await pageOf(cookie));
    const invigilator = await pageOf(office['invigilator']);
    await invigilator.goto(`${house.url}/findings/new?attempt=${attempt}`);
    await invigilator.getByLabel('事实和依据').fill('10:12 起两次查看手机，监考人员在场看到。');
    expect(await axeViolations(invigilator)).toEqual([]);
    await invigilator.getByRole('button', { name: '提出认定' }).click();
    await invigilator.waitForURL(/\/findings\/[0-9a-f-]{36}/);
    const id = /findings\/([0-9a-f-]{36})/.exec(invigilator.url())?.[1] ?? '';
    await invigilator.getByText('考生还没有说明').waitFor();

    const candidate = await pageOf(cookie, { javaScriptEnabled: false, width: 360 });
    await candidate.goto(`${house.url}/my/findings/${id}`);
    expect(await candidate.locator('main').innerText()).toContain('这还不是结论');
    await candidate.locator('textarea[name=statement]').fill('看的是手表上的时间。');
    await candidate.getByRole('button', { name: '提交说明' }).click();
    expect(await candidate.locator('main').innerText()).toContain('说明已收到');

    const adjudicator = await pageOf(office['adjudicator']);
    await adjudicator.goto(`${house.url}/findings`);
    await adjudicator.getByRole('link', { name: '候考人员' }).first().click();
    await adjudicator.waitForURL(/findings\/[0-9a-f-]{36}/);
    await adjudicator.getByText('成立，警告').click();
    await adjudicator.getByRole('button', { name: '作出决定' }).click();
    await adjudicator.getByText('这一项太短').or(adjudicator.getByText('请填写这一项')).first().waitFor();
    await adjudicator.getByLabel('理由').fill('记录和说明一致，予以警告。');
    expect(await axeViolations(adjudicator)).toEqual([]);
    await adjudicator.getByRole('button', { name: '作出决定' }).click();
    await adjudicator.waitForURL(/done=decided/);

    await candidate.goto(`${house.url}/my/findings/${id}`);
    await candidate.locator('textarea[name=appeal]').fill('没有看手机，不同意警告。');
    await candidate.getByRole('button', { name: '提交申诉' }).click();
    expect(await candidate.locator('main').innerText()).toContain('申诉已收到');
    await adjudicator.goto(`${house.url}/findings/${id}`);
    expect(await adjudicator.locator('main').innerText()).toContain('作出原决定的人不能审查申诉');

    const second = await pageOf(office['second']);
    await second.goto(`${house.url}/findings/${id}`);
    await second.getByText('申诉成立，撤销原决定').click();
    await second.getByLabel('理由').fill('没有证据说明看的是手机。');
    await second.getByRole('button', { name: '审查申诉' }).click();
    await second.waitForURL(/done=decided/);
    const after = await pageOf(cookie, { width: 360 });
    await after.goto(`${house.url}/my/findings/${id}`);
    expect(await after.locator('main').innerText()).toContain('原决定已撤销，对您没有影响');
    expect(await axeViolations(after)).toEqual([]);
    expect(await sideways(after)).toBe(0);
  }, A_LIFE);
});
