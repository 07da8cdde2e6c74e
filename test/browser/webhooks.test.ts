import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import type { Browser, Page } from 'playwright-core';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { gatewayServer, type GatewayServer } from '../support/gateway-server';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

let city: DemoServer;
let browser: Browser;
let receiver: GatewayServer;
let status = 204;
beforeAll(async () => {
  [city, browser, receiver] = await Promise.all([startInProcess({ demo: true }), launchChromium(), gatewayServer(() => ({ status }))]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await city.stop();
  await receiver.close();
});

const main = (page: Page): Promise<string> => page.locator('main').innerText();

async function administrator(scripts: boolean, width = 1366): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: 800 }, javaScriptEnabled: scripts });
  const page = await context.newPage();
  await signIn(page, city.url, 'guanli', toldSignIns(city.told).password);
  return page;
}

async function openApplication(page: Page): Promise<void> {
  await page.goto(`${city.url}/admin/applications`);
  await page.locator('main').getByRole('link', { name: '云江市人社局人事系统' }).click();
  await page.waitForURL(/applications\/[\da-f-]{36}/);
}

/** Sets one up at the pages. @returns the secret that is shown once; the page is then the webhook's own */
async function setUp(page: Page): Promise<string> {
  await openApplication(page);
  await page.locator('main').getByRole('link', { name: '设置推送' }).click();
  await page.waitForURL(/\/webhooks$/);
  await page.fill('input[name=url]', receiver.url);
  await page.click('main form button[type=submit]');
  const secret = await page.locator('.banner strong.code').innerText();
  await page.locator('main').getByRole('link', { name: '打开这个推送' }).click();
  await page.waitForURL(/\/admin\/webhooks\/[\da-f-]{36}$/);
  return secret;
}

/** The table of messages as it is now. */
async function messages(page: Page): Promise<string> {
  await page.reload();
  return page.locator('main table').first().innerText();
}

const press = (page: Page, name: string): Promise<void> => page.locator('main').getByRole('button', { name, exact: true }).click();

/** Hands on what changed, as the program does every five seconds. */
const handOn = async (): Promise<void> => {
  await city.program.SWEEPS['exchange.webhooks']?.run(Date.now());
};
const sent = (type: string) => receiver.requests.filter(({ body }) => (JSON.parse(body) as { type: string }).type === type);

describe('messages about changes', { timeout: 240_000 }, () => {
  it('are set up without JavaScript, tested, sent since a day with signatures that the guide’s own lines accept, and sent again after they failed', async () => {
    const page = await administrator(false);
    const secret = await setUp(page);
    expect(secret).toMatch(/^whsec_/);
    expect(await main(page)).not.toContain(secret);

    status = 500;
    await press(page, '发送测试消息');
    expect(await main(page)).toContain('测试消息已安排发送');
    await expect.poll(() => sent('webhook.test').length, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect.poll(() => messages(page), { timeout: 30_000, interval: 1000 }).toContain('再试');
    await page.locator('summary', { hasText: '发送记录' }).click();
    expect(await page.locator('details table').last().innerText()).toContain('500');

    status = 204;
    await expect.poll(() => messages(page), { timeout: 60_000, interval: 1000 }).toContain('已送达');

    await page.locator('summary', { hasText: '重新发送一段时间的消息' }).click();
    await page.fill('input[name=since]', new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10));
    await press(page, '重新发送');
    expect(await main(page)).toContain('已安排重新发送');
    await handOn();
    await expect.poll(() => sent('clearance.changed').length, { timeout: 60_000 }).toBeGreaterThan(0);
    const [message] = sent('clearance.changed');
    const headers = message?.headers as Record<string, string>;
    expect(new Verifier(secret).verify(message?.body ?? '', headers)).toMatchObject({ type: 'clearance.changed' });

    await page.goto(`${city.url}/developers`);
    const lines = (await page.locator('pre').allInnerTexts()).find((text) => text.includes('function isGenuine')) ?? '';
    const isGenuine = runInNewContext(`${lines}\nisGenuine`, { require: createRequire(import.meta.url), Buffer, Date, Math, Number }) as (key: string, given: Record<string, string>, body: string) => boolean;
    expect([isGenuine(secret, headers, message?.body ?? ''), isGenuine(secret, headers, `${message?.body ?? ''} `)]).toEqual([true, false]);
    await page.context().close();
  });

  it('can be paused and resumed, and one that arrived can be sent once more under its id', async () => {
    const page = await administrator(true);
    await setUp(page);
    await press(page, '发送测试消息');
    await expect.poll(() => messages(page), { timeout: 60_000, interval: 1000 }).toContain('已送达');
    const id = sent('webhook.test').at(-1)?.headers['webhook-id'];
    await page.locator('main').getByRole('button', { name: '再发一次序号 0 的消息' }).click();
    await expect.poll(() => sent('webhook.test').filter(({ headers }) => headers['webhook-id'] === id).length, { timeout: 30_000 }).toBe(2);

    await press(page, '暂停');
    await expect.poll(() => main(page)).toContain('已暂停');
    const before = receiver.requests.length;
    await press(page, '发送测试消息');
    await expect.poll(() => main(page)).toContain('测试消息已安排发送');
    await handOn();
    expect(receiver.requests.length).toBe(before);
    await press(page, '恢复');
    await expect.poll(() => receiver.requests.length, { timeout: 30_000 }).toBe(before + 1);
    await page.context().close();
  });

  it('refuses an address that cannot be sent to beside the field, and keeps what was typed', async () => {
    const page = await administrator(true);
    await openApplication(page);
    await page.locator('main').getByRole('link', { name: '设置推送' }).click();
    await page.fill('input[name=url]', 'ftp://renshi.example/hook');
    await page.click('main form button[type=submit]');
    await page.locator('.error-summary').waitFor();
    expect(await page.inputValue('input[name=url]')).toBe('ftp://renshi.example/hook');
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });

  it.each([1366, 390])('has pages that everybody can use, at %i pixels', async (width) => {
    const page = await administrator(true, width);
    const look = async () => expect({ at: new URL(page.url()).pathname, axe: await axeViolations(page), sideways: await sideways(page) }).toMatchObject({ axe: [], sideways: 0 });
    await openApplication(page);
    await look();
    await page.locator('main table').getByRole('link').first().click();
    await page.waitForURL(/\/admin\/webhooks\//);
    await look();
    await page.goto(`${city.url}/developers#webhooks`);
    await look();
    await page.context().close();
  });
});
