import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { gatewayServer, type GatewayServer } from '../support/gateway-server';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

let city: DemoServer;
let browser: Browser;
let gateway: GatewayServer;
let said = { status: 200, body: '{"errcode":0}' };
beforeAll(async () => {
  [city, browser, gateway] = await Promise.all([startInProcess({ demo: true }), launchChromium(), gatewayServer(() => said)]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await city.stop();
  await gateway.close();
});

const main = (page: Page): Promise<string> => page.locator('main').innerText();
const submit = (page: Page, name: string): Promise<void> => page.locator('main').getByRole('button', { name, exact: true }).click();

async function signedIn(role: 'HR officer' | 'administrator', scripts: boolean, width = 1366): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: 800 }, javaScriptEnabled: scripts });
  const page = await context.newPage();
  const { names, password } = toldSignIns(city.told);
  await signIn(page, city.url, role === 'administrator' ? 'guanli' : names[role] ?? '', password);
  return page;
}

async function addGateway(page: Page, name: string): Promise<void> {
  await page.goto(`${city.url}/admin/gateways/new`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=url]', gateway.url);
  await page.fill('input[name=signingPassword]', 'a secret that both know');
  await submit(page, '保存');
  await page.waitForURL(/\/admin\/gateways\/[\da-f-]{36}/);
}

describe('a gateway', { timeout: 240_000 }, () => {
  it('is added without JavaScript, tested with a signed request, and says what the other side refused', async () => {
    const page = await signedIn('administrator', false);
    await addGateway(page, '市短信平台');
    expect(await page.content()).not.toContain('a secret that both know');
    await page.fill('input[name=address]', '13900001234');
    await submit(page, '发送测试消息');
    expect(await main(page)).toContain('网关已接受测试消息');
    const request = gateway.requests.at(-1);
    expect(request?.headers['x-signature']).toMatch(/^[\da-f]{64}$/);
    expect(JSON.parse(request?.body ?? '{}')).toMatchObject({ mobile: '13900001234', content: expect.stringContaining('测试消息') as string });

    said = { status: 200, body: '{"errcode":40003,"errmsg":"no such user"}' };
    await page.fill('input[name=address]', '13900001234');
    await submit(page, '发送测试消息');
    expect(await main(page)).toContain('no such user');
    said = { status: 200, body: '{"errcode":0}' };
    await page.context().close();
  });

  it('is refused beside the field with a placeholder that does not exist or without a secret, and keeps what was typed', async () => {
    const page = await signedIn('administrator', true);
    await page.goto(`${city.url}/admin/gateways/new`);
    await page.fill('input[name=name]', '网关甲');
    await page.fill('input[name=url]', gateway.url);
    await submit(page, '保存');
    await page.locator('.error-summary').waitFor();
    await page.fill('textarea[name=body]', '{"to":"{{address}}","text":"{{words}}"}');
    await page.fill('input[name=signingPassword]', 'a secret that both know');
    await submit(page, '保存');
    await expect.poll(() => main(page)).toContain('没有“words”这个占位符');
    expect(await page.inputValue('input[name=name]')).toBe('网关甲');
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });

  it.each([1366, 390])('has pages that everybody can use, at %i pixels', async (width) => {
    const page = await signedIn('administrator', true, width);
    await addGateway(page, `网关 ${width}`);
    for (const path of ['', '/admin/gateways', '/admin/gateways/new']) {
      if (path) await page.goto(`${city.url}${path}`);
      expect({ path, axe: await axeViolations(page), sideways: await sideways(page) }).toEqual({ path, axe: [], sideways: 0 });
    }
    await page.context().close();
  });
});

describe('slips', { timeout: 240_000 }, () => {
  it('are printed unit by unit, and noted as handed over without JavaScript', async () => {
    const page = await signedIn('HR officer', false);
    await page.goto(`${city.url}/hr/notices/slips`);
    await page.locator('main table').getByRole('link').first().click();
    const names = await page.locator('.activation-slip-title strong').allInnerTexts();
    expect(names.length).toBeGreaterThan(0);
    await submit(page, '登记转交');
    expect(await main(page)).toContain(`已登记 ${names.length} 张通知单交给本人`);
    await page.context().close();
  });

  it.each([1366, 390])('have a page that everybody can use, at %i pixels', async (width) => {
    const page = await signedIn('HR officer', true, width);
    await page.goto(`${city.url}/hr/notices/slips`);
    await page.locator('main table').getByRole('link').first().click();
    await page.locator('.activation-slip').first().waitFor();
    expect({ axe: await axeViolations(page), sideways: await sideways(page) }).toEqual({ axe: [], sideways: 0 });
    await page.context().close();
  });
});
