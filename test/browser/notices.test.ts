import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

describe('notices', () => {
  let city: DemoServer;
  let browser: Browser;
  beforeAll(async () => {
    [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await city.stop();
  });

  /** A page of somebody who is signed in, without scripts, as everything here must work. */
  async function as(role: string): Promise<Page> {
    const { password, names } = toldSignIns(city.told);
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 900 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${city.url}/sign-in`);
    await page.fill('input[name=name]', names[role] ?? '');
    await page.fill('input[name=password]', password);
    await page.click('main form button[type=submit]');
    return page;
  }

  /** The page as it is, looked at with scripts: a copy of its words and forms. */
  async function expectSound(page: Page): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    await context.addCookies(await page.context().cookies());
    const copy = await context.newPage();
    await copy.goto(page.url());
    expect({ path: page.url(), axe: await axeViolations(copy), sideways: await sideways(copy) }).toEqual({ path: page.url(), axe: [], sideways: 0 });
    await context.close();
  }

  it('are worded by an administrator: a wrong placeholder is refused beside its field and what was typed stays', async () => {
    const page = await as('administrator');
    await page.goto(`${city.url}/admin/notices/assigned`);
    await page.fill('input[name=titleZh]', '请办理：{{programme}}');
    await page.fill('textarea[name=textZh]', '最迟{{deadline}}。');
    await page.click('button[name=do][value=save]');
    expect(await page.locator('.field--wrong').innerText()).toContain('这种通知没有占位符“deadline”');
    expect(await page.inputValue('textarea[name=textZh]')).toBe('最迟{{deadline}}。');
    expect(await page.inputValue('input[name=titleZh]')).toBe('请办理：{{programme}}');

    await page.fill('textarea[name=textZh]', '最迟{{dueOn}}。');
    await page.locator('button[formmethod=get]').click();
    expect(await page.locator('main').innerText()).toContain('请办理：岗前培训');
    expect(await page.locator('main').innerText()).toContain('这是还没有保存的内容');
    await page.click('button[name=do][value=save]');
    await page.waitForURL(/done=saved/);
    await expectSound(page);
    await page.goto(`${city.url}/admin/notices`);
    expect(await page.locator('main').innerText()).toContain('请办理：岗前培训');
  }, 120_000);

  it('come as the person wants them, within the rules, and their dates into a calendar of their own by a secret address', async () => {
    const page = await as('recruit');
    await page.goto(`${city.url}/notices/preferences`);
    expect(await page.locator('main').innerText()).toMatch(/按规定不能关闭：.*账号安全/);
    await page.selectOption('select[name=hour]', '14');
    await page.check('input[name=lang][value=zh]');
    await page.check('input[name=off][value=weekly]');
    await page.click('main form button[type=submit]');
    await page.waitForURL(/done=saved/);
    expect([await page.inputValue('select[name=hour]'), await page.isChecked('input[name=off][value=weekly]')]).toEqual(['14', true]);

    await page.goto(`${city.url}/notices/calendar`);
    await page.getByRole('button', { name: '生成订阅地址' }).click();
    await page.waitForURL(/done=made/);
    const address = await page.locator('code').innerText();
    const feed = async (url: string) => fetch(`${city.url}${new URL(url).pathname}`);
    const found = await feed(address);
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(await found.text()).toMatch(/^BEGIN:VCALENDAR[\s\S]*TZID:Asia\/Shanghai[\s\S]*END:VCALENDAR/);
    await expectSound(page);
    await page.getByRole('button', { name: '换一个地址' }).click();
    await page.waitForURL(/done=renewed/);
    expect((await feed(address)).status).toBe(404);
  }, 120_000);

  it('that are ahead are counted by day and kind, and each number opens the people behind it', async () => {
    const page = await as('HR officer');
    await page.goto(`${city.url}/hr/notices/outlook`);
    const figure = page.locator('main td a').first();
    const count = Number(await figure.innerText());
    await figure.click();
    await page.waitForURL(/kind=/);
    expect(await page.locator('table').first().locator('tbody tr').count()).toBe(count);
    await expectSound(page);
    await page.goto(`${city.url}/hr/notices`);
    await page.locator('main tbody a').first().click();
    await page.waitForURL(/\/hr\/notices\/[0-9a-f-]{36}/);
    expect(await page.locator('main').innerText()).toContain('发送记录');
    await expectSound(page);
  }, 120_000);
});
