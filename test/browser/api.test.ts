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

async function administrator(scripts: boolean, width = 1366): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: 800 }, javaScriptEnabled: scripts });
  const page = await context.newPage();
  await signIn(page, city.url, 'guanli', toldSignIns(city.told).password);
  return page;
}

const ask = (token: string, path: string): Promise<Response> => fetch(`${city.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } });

async function register(page: Page, name: string): Promise<string> {
  await page.goto(`${city.url}/admin/applications/new`);
  await page.fill('input[name=name]', name);
  await page.selectOption('select[name=organisationId]', { index: 1 });
  for (const scope of ['clearance.check', 'clearances.read', 'people.read']) await page.check(`input[value="${scope}"]`);
  await page.click('main form button[type=submit]');
  await page.locator('.banner strong.code').waitFor();
  return page.locator('.banner strong.code').innerText();
}

describe('an application', { timeout: 240_000 }, () => {
  it('is registered at the page without JavaScript, asks with the token that is shown once, and is refused once it is revoked', async () => {
    const page = await administrator(false);
    const token = await register(page, '区人事系统');
    const first = await ask(token, '/people?limit=5');
    expect([first.status, first.headers.get('set-cookie')]).toEqual([200, null]);
    expect(((await first.json()) as { items: unknown[] }).items).toHaveLength(5);

    await page.locator('main').getByRole('link', { name: '打开这个应用' }).click();
    expect(await main(page)).not.toContain(token);
    expect(await main(page)).toContain('GET /people');

    await page.locator('summary', { hasText: '换发令牌' }).click();
    await page.locator('form:has(input[name=expiresOn]) button').click();
    const renewed = await page.locator('.banner strong.code').innerText();
    expect([(await ask(token, '/people')).status, (await ask(renewed, '/people')).status]).toEqual([401, 200]);

    await page.locator('summary', { hasText: '作废令牌' }).click();
    await page.fill('input[name=reason]', '系统下线');
    await page.locator('form:has(input[name=reason]) button').click();
    await page.waitForURL(/done=revoked/);
    expect(await main(page)).toContain('系统下线');
    const refused = await ask(renewed, '/people');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([401, 'api.token-revoked']);
    await page.context().close();
  });

  it('says beside the field what is missing, and keeps what was typed', async () => {
    const page = await administrator(true);
    await page.goto(`${city.url}/admin/applications/new`);
    await page.fill('input[name=name]', '没有勾选的系统');
    await page.click('main form button[type=submit]');
    await page.locator('.error-summary').waitFor();
    expect(await page.inputValue('input[name=name]')).toBe('没有勾选的系统');
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });

  it.each([1366, 390])('has pages that everybody can use, at %i pixels', async (width) => {
    const page = await administrator(true, width);
    for (const path of ['/admin/applications', '/admin/applications/new', '/developers']) {
      await page.goto(`${city.url}${path}`);
      expect({ path, axe: await axeViolations(page), sideways: await sideways(page) }).toEqual({ path, axe: [], sideways: 0 });
    }
    await page.goto(`${city.url}/admin/applications`);
    await page.locator('main').getByRole('link', { name: '云江市人社局人事系统' }).click();
    await page.waitForURL(/applications\/[\da-f-]{36}/);
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });
});

describe('the guide for developers', () => {
  it('tells every operation of the description in both languages, without signing in and without JavaScript', async () => {
    const described = (await (await fetch(`${city.url}/api/v1/openapi.json`)).json()) as { openapi: string; paths: Record<string, object> };
    expect(described.openapi).toMatch(/^3\.1/);
    for (const [locale, word] of [['zh-CN', '请求示例'], ['en-GB', 'Request']] as const) {
      const context = await browser.newContext({ locale, javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`${city.url}/developers`);
      const text = await main(page);
      expect(Object.keys(described.paths).filter((path) => !text.includes(`/api/v1${path}`))).toEqual([]);
      expect(text).toContain(word);
      expect(text).toContain('curl');
      await context.close();
    }
  });
});
