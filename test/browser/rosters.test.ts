import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvFile } from '~/kernel/csv';
import { openSheets } from '~/people';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { aSheet, anIdentityNumber } from '../support/rosters';
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

/** The personnel officer, without scripts, as everything here must work. */
async function officer(): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 900 }, javaScriptEnabled: false, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${city.url}/sign-in`);
  await page.fill('input[name=name]', 'renshi');
  await page.fill('input[name=password]', toldSignIns(city.told).password);
  await page.click('main form button[type=submit]');
  return page;
}

const pathOf = (page: Page): string => new URL(page.url()).pathname;
const text = (page: Page) => page.textContent('main');

/** Loads the page anew until it says this: a job is at work. */
async function until(page: Page, words: string): Promise<void> {
  const place = `${city.url}${pathOf(page)}`;
  await expect.poll(async () => { await page.goto(place); return text(page); }, { timeout: 60_000, interval: 500 }).toContain(words);
}

async function upload(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.goto(`${city.url}/hr/rosters/new`);
  await page.setInputFiles('input[name=file]', { name, mimeType: 'application/octet-stream', buffer });
  await page.click('main form button[type=submit]');
}

const NUMBER = anIdentityNumber('1991-04-09');

describe('a roster', () => {
  it('goes from the file over the dry run into effect and back, without scripts', async () => {
    const page = await officer();
    await page.click('nav a[href="/hr/rosters"]');
    await page.click('main a[href="/hr/rosters/new"]');

    await upload(page, '旧表.xls', Buffer.from('d0cf11e0a1b11ae1000000', 'hex'));
    await expect(text(page)).resolves.toContain('另存为');

    const rows = [['冯一鸣', 'LT-01', NUMBER, '科员', '2026-07-01'], ['陈可', 'LT-02', '', '科员', '下个月'], ['卫青', 'LT-01', '', '科员', '2026-07-01']];
    await upload(page, '花名册.xlsx', await aSheet(['姓名', '工号', '身份证号', '岗位', '上岗日期'], rows));
    await until(page, '其中 2 行有错');
    await expect(text(page)).resolves.toContain('上岗日期“下个月”：日期看不懂');
    await expect(text(page)).resolves.toContain('与第 2 行的号码重复');
    const roster = pathOf(page);

    // All or nothing is refused while rows are wrong; what was chosen stays.
    await page.check('input[name=mode][value=all]');
    await page.click('form[id=apply] button[type=submit]');
    await expect(text(page)).resolves.toContain('还有 2 行有错');

    const [download] = await Promise.all([page.waitForEvent('download'), page.click('main a[href$="bad.xlsx"]')]);
    const content = await (await import('node:fs/promises')).readFile(await download.path());
    const opened = await openSheets(content, { packed: 1e7, unpacked: 1e8 });
    const lines: string[][] = [];
    if (opened.ok) for await (const { cells } of opened.value[0]?.lines() ?? []) lines.push(cells);
    expect(lines.map((cells) => cells[0])).toEqual(['姓名', '陈可', '卫青']);
    expect(lines[1]?.[5]).toContain('日期看不懂');

    await page.check('input[name=mode][value=good]');
    await page.click('form[id=apply] button[type=submit]');
    await until(page, '打印激活单');
    await expect(text(page)).resolves.toContain('1 行已于');
    await expect(text(page)).resolves.not.toContain(NUMBER);

    await page.click('main a[href$="/slips"]');
    await page.click('main form button[type=submit]');
    await expect(text(page)).resolves.toContain('冯一鸣');
    expect(await page.locator('.one-time-code').count()).toBe(2);

    await page.goto(`${city.url}${roster}`);
    await page.click('summary:has-text("撤销导入")');
    await page.fill('form[id=undo] input[name=reason]', '传错了文件');
    await page.click('form[id=undo] button[type=submit]');
    await until(page, '已撤销 1 人');
    await page.goto(`${city.url}/hr/people?q=${encodeURIComponent('冯一鸣')}`);
    await expect(text(page)).resolves.toContain('没有符合条件的人员');
  });

  it('has its columns set by hand once, and remembers them', async () => {
    const page = await officer();
    const file = (name: string) => Buffer.from(csvFile(['甲', '乙', '丙', '丁'], [[name, `LX-${name.length}`, '科员', '2026-07-01'], ['韩信', 'LX-9', '科员', '2026-07-01']]));
    await upload(page, '无名列.csv', file('杨修'));
    await expect(text(page)).resolves.toContain('请您指定');
    await page.click('main a[href$="/columns"]');
    await page.selectOption('select[name=column0]', 'name');
    await page.click('main form button[type=submit]');
    await expect(text(page)).resolves.toContain('请指定哪一列是工号');
    await page.selectOption('select[name=column1]', 'staffNumber');
    await page.selectOption('select[name=column2]', 'post');
    await page.selectOption('select[name=column3]', 'startOfDuty');
    await page.click('main form button[type=submit]');
    await until(page, '新登记 2 人');
    await upload(page, '无名列二.csv', file('杨小修'));
    await until(page, '新登记 2 人');
  });

  it('asks whether somebody is known under another name, and takes the answer', async () => {
    const page = await officer();
    await page.goto(`${city.url}/hr/rosters`);
    await page.click('main a:has-text("2026年12月人员花名册")');
    await until(page, '等您决定');
    await expect(text(page)).resolves.toContain('系统里这个号码登记的姓名是');
    await expect(text(page)).resolves.not.toContain('→ 临江市人民政府');
    await page.click('button:has-text("同一个人，改用新姓名")');
    await expect.poll(() => text(page)).toContain('已决定：是同一个人');
  });

  it('is fit for all: by axe, on a phone, in both languages', async () => {
    const found: string[] = [];
    for (const [locale, width] of [['zh-CN', 1366], ['en', 360]] as const) {
      const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
      const page = await context.newPage();
      await signIn(page, city.url, 'renshi', toldSignIns(city.told).password);
      await page.goto(`${city.url}/hr/rosters`);
      const roster = await page.getAttribute('main a[href^="/hr/rosters/0"]:has-text("2026年12月")', 'href') ?? '';
      for (const path of ['/hr/rosters', '/hr/rosters/new', roster, `${roster}/columns`, `${roster}/slips`]) {
        await page.goto(`${city.url}${path}`);
        await page.waitForLoadState('networkidle');
        found.push(...(await axeViolations(page)).map((one) => `${path} ${one}`), ...(await sideways(page) > 0 ? [`${path} too wide`] : []));
        const shots = process.env['SHOTS'];
        if (shots) await page.screenshot({ path: `${shots}/${locale}-${path.replaceAll('/', '_').replace(/[0-9a-f-]{36}/, 'id')}.png`, fullPage: true });
      }
      await context.close();
    }
    expect(found).toEqual([]);
  }, 90_000);
});
