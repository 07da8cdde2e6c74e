import type { Browser, BrowserContextOptions, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { CityDatabase } from '../support/city-database';
import { PDF } from '../support/records';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

let city: DemoServer;
let browser: Browser;
let db: CityDatabase;
beforeAll(async () => {
  [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
  db = new CityDatabase(city.dataDir);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await db.close();
  await city.stop();
});

const DESK = { locale: 'zh-CN', viewport: { width: 1366, height: 900 } } as const;

async function as(name: string, how: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ ...DESK, ...how })).newPage();
  await signIn(page, city.url, name, toldSignIns(city.told).password);
  return page;
}

const main = (page: Page): Promise<string> => page.locator('main').innerText();
const open = (page: Page, path: string) => page.goto(`${city.url}${path}`);
const numberOf = async (name: string): Promise<string> =>
  (await db.one<{ value: string }>(`SELECT i.value FROM identifiers i JOIN persons p ON p.id = i.person_id WHERE p.name = $name AND i.kind = 'recruitment'`, { name })).value;

/** What is wrong with the page as it stands, on a desk and on a phone. */
async function faults(page: Page): Promise<string[]> {
  const found = await axeViolations(page);
  await page.setViewportSize({ width: 360, height: 740 });
  found.push(...await axeViolations(page));
  if (await sideways(page) > 0) found.push('too wide for a phone');
  await page.setViewportSize(DESK.viewport);
  return found;
}

async function contentOf(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Follows a link that leads to a file. */
async function taken(page: Page, href: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`main a[href="${href}"]`).click()]);
  return contentOf(download);
}

describe('the own record', () => {
  it('is read and taken as PDF and signed JSON, which anybody can check; what was altered is refused', async () => {
    const person = await as(await numberOf('江月白'));
    await open(person, '/my/record');
    await expect(main(person)).resolves.toMatch(/江月白[^]*红十字救护员证|红十字救护员证/);
    expect(await faults(person)).toEqual([]);
    expect((await taken(person, '/my/record.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    const signed = (await taken(person, '/my/record.json')).toString('utf8');
    expect(signed).toContain('江月白');

    const stranger = await (await browser.newContext(DESK)).newPage();
    const check = async (text: string): Promise<string> => {
      await open(stranger, '/check');
      await stranger.setInputFiles('input[name=file]', { name: 'record.json', mimeType: 'application/json', buffer: Buffer.from(text) });
      await stranger.locator('form:has(input[name=file]) button[type=submit]').click();
      await stranger.locator('main .banner').first().waitFor();
      return main(stranger);
    };
    await expect(check(signed)).resolves.toContain('签名后没有改动');
    expect(await faults(stranger)).toEqual([]);
    const altered = await check(signed.replaceAll('江月白', '江明白'));
    expect(altered).toContain('档案被改动过');
    expect(altered).not.toContain('江明白');
    expect(await faults(stranger)).toEqual([]);
  }, 180_000);
});

describe('papers of the past', () => {
  it('are checked cell by cell, corrected, and counted once another person has approved them, without scripts', async () => {
    const hr = await as('renshi', { javaScriptEnabled: false });
    const number = await numberOf('程立');
    const sheet = (name: string) => Buffer.from(`报考号或工号,姓名,类别,代码,名称,发证单位,日期,有效期至,学时\n${number},${name},证书,first-aid-certificate,红十字救护员证,省红十字会,2024年6月1日,2027-05-31,\n`);
    const upload = async (name: string): Promise<void> => {
      await open(hr, '/hr/past-imports/new');
      await hr.fill('input[name=source]', '人事科档案柜一号');
      await hr.setInputFiles('input[name=file]', { name: '补录.csv', mimeType: 'text/csv', buffer: sheet(name) });
      await hr.setInputFiles('input[name=scan]', { name: '原件.pdf', mimeType: 'application/pdf', buffer: PDF });
      await hr.locator('main form:has(input[name=source]) button[type=submit]').click();
    };
    await upload('程力');
    const cell = hr.locator('main td:has(.field-error)');
    expect(await cell.count()).toBe(1);
    await expect(cell.innerText()).resolves.toMatch(/程力[^]*程立/);
    expect(await hr.getByRole('button', { name: '提交批准' }).count()).toBe(0);
    await hr.getByRole('button', { name: '撤回' }).click();

    await upload('程立');
    expect(await cell.count()).toBe(0);
    await hr.getByRole('button', { name: '提交批准' }).click();
    await hr.waitForURL(/done=asked/);
    expect(await hr.locator('input[name=decision]').count()).toBe(0);

    const other = await as('fuhe');
    const { pathname } = new URL(hr.url());
    await open(other, pathname);
    expect(await faults(other)).toEqual([]);
    await other.check('input[name=decision][value=approved]');
    await other.fill('form[id=decide] input[name=reason]', '与原件核对无误');
    await other.locator('form[id=decide] button[type=submit]').click();
    await other.waitForURL(/done=approved/);
    await expect.poll(async () => { await open(other, pathname); return main(other); }, { timeout: 20_000, interval: 500 }).toContain('已导入');
    const { id } = await db.one<{ id: string }>('SELECT person_id AS id FROM identifiers WHERE value = $number', { number });
    await open(hr, `/hr/people/${id}/record`);
    await expect(main(hr)).resolves.toContain('红十字救护员证');
  }, 180_000);
});

describe('two records of one person', () => {
  it('become one after a preview and a second person’s word, and can be parted again', async () => {
    const hr = await as('renshi');
    const [first, second] = await db.select<{ value: string; id: string }>(`SELECT i.value, p.id FROM identifiers i JOIN persons p ON p.id = i.person_id WHERE p.name = '孟晓彤' ORDER BY i.value`);
    await open(hr, '/hr/merges/new');
    await hr.fill('input[name=survivor]', first?.value ?? '');
    await hr.fill('input[name=merged]', second?.value ?? '');
    await hr.locator('form[id=look] button[type=submit]').click();
    await hr.locator('form[id=propose]').waitFor();
    await expect(main(hr)).resolves.toMatch(/报考号|号码/);
    expect(await faults(hr)).toEqual([]);
    await hr.fill('form[id=propose] input[name=reason]', '本人再次说明：确系同一人');
    await hr.locator('form[id=propose] button[type=submit]').click();
    await hr.waitForURL(/\/hr\/merges\/[0-9a-f-]{36}$/);
    const { pathname } = new URL(hr.url());
    expect(await hr.locator('form[id=decide]').count()).toBe(0);

    const other = await as('fuhe');
    await open(other, pathname);
    expect(await faults(other)).toEqual([]);
    await other.check('input[name=decision][value=merged]');
    await other.fill('form[id=decide] input[name=reason]', '身份证一致');
    await other.locator('form[id=decide] button[type=submit]').click();
    await other.locator('form[id=decide]').waitFor({ state: 'detached' });
    const ownerOf = async (value: string) => (await db.one<{ id: string }>('SELECT person_id AS id FROM identifiers WHERE value = $value', { value })).id;
    await expect(ownerOf(second?.value ?? '')).resolves.toBe(first?.id);

    await open(hr, pathname);
    expect(await faults(hr)).toEqual([]);
    await hr.locator('details:has(form[id=part]) > summary').click();
    await hr.fill('form[id=part] input[name=reason]', '查明是两个人');
    await hr.locator('form[id=part] button[type=submit]').click();
    await hr.locator('form[id=part]').waitFor({ state: 'detached' });
    await expect(ownerOf(second?.value ?? '')).resolves.toBe(second?.id);
  }, 180_000);
});

describe('somebody who goes over to another organisation', () => {
  it('is proposed by one side, taken over by the other, and followed by the former office up to its last day only', async () => {
    const hr = await as('renshi');
    const { id } = await db.one<{ id: string }>(`SELECT id FROM persons WHERE name = '江月白'`);
    await open(hr, `/hr/people/${id}/transfer`);
    await hr.selectOption('select[name=organisationId]', (await db.one<{ id: string }>(`SELECT id FROM organisations WHERE name = '临江市财政局'`)).id);
    await hr.fill('input[name=reason]', '财政局借调期满，正式调入');
    await hr.locator('main form:has(input[name=endsOn]) button[type=submit]').click();
    await hr.waitForURL(/\/hr\/transfers\/[0-9a-f-]{36}$/);
    const { pathname } = new URL(hr.url());
    expect(await hr.locator('form[id=accept]').count()).toBe(0);
    expect(await faults(hr)).toEqual([]);

    const other = await as('fuhe');
    await open(other, pathname);
    await other.fill('form[id=accept] input[name=startOfDuty]', '2020-01-01');
    await other.fill('form[id=accept] input[name=reason]', '同意接收');
    await other.locator('form[id=accept] button[type=submit]').click();
    await other.locator('.error-summary').waitFor();
    expect(await other.inputValue('form[id=accept] input[name=reason]')).toBe('同意接收');
    expect(await faults(other)).toEqual([]);
    const { day } = await db.one<{ day: string }>(`SELECT ends_on AS day FROM transfers WHERE id = $id`, { id: pathname.split('/').at(-1) ?? '' });
    await other.fill('form[id=accept] input[name=startOfDuty]', day);
    await other.locator('form[id=accept] button[type=submit]').click();
    await other.locator(`main a[href="/hr/people/${id}/record"]`).waitFor();
    await expect(main(other)).resolves.toContain('已接收');
  }, 180_000);

  it('shows the former office how things stood on the last day there, without files or contact', async () => {
    const [officer, moved] = ['L00001', 'L00004'];
    const accountOf = (value: string) => db.one<{ account: string; person: string }>(`SELECT c.id AS account, c.person_id AS person FROM accounts c JOIN identifiers i ON i.person_id = c.person_id WHERE i.value = $value`, { value });
    const administrator = await as('guanli');
    await open(administrator, `/admin/accounts/${(await accountOf(officer)).account}`);
    await administrator.locator('details:has(select[name=role]) > summary').click();
    await administrator.selectOption('select[name=role]', 'hr');
    const { id: unit } = await db.one<{ id: string }>(`SELECT a.organisation_id AS id FROM transfers t JOIN appointments a ON a.id = t.appointment_id WHERE t.state = 'accepted' AND t.person_id = $person`, { person: (await accountOf(moved)).person });
    await administrator.selectOption('select[name=organisationId]', unit);
    await administrator.locator('form:has(select[name=role]) button[type=submit]').click();
    await expect.poll(async () => (await db.select(`SELECT id FROM roles WHERE role = 'hr' AND organisation_id = $unit`, { unit })).length, { timeout: 10_000 }).toBe(1);

    const former = await as(officer);
    await open(former, '/hr/transfers');
    expect(await faults(former)).toEqual([]);
    const { person } = await accountOf(moved);
    await open(former, `/hr/people/${person}/record`);
    await expect(main(former)).resolves.toContain('您看到的是截至');
    await expect(main(former)).resolves.not.toContain('副主任');
    expect(await former.locator(`main a[href^="/hr/people/${person}/record."]`).count()).toBe(0);
    expect(await faults(former)).toEqual([]);
    expect((await former.goto(`${city.url}/hr/people/${person}/record.json`))?.status()).toBe(403);
    expect((await former.goto(`${city.url}/hr/people/${person}`))?.status()).toBe(403);
  }, 180_000);
});
