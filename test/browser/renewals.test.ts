import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dateAt } from '~/kernel/calendar';
import { axeViolations, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { CityDatabase } from '../support/city-database';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';
import { Visits } from '../support/visits';

/** Of the demonstration: their window is open, a change of law asks a short course of them, and HR has asked to move their end. */
const HOLDER = '江月白';
const WATCH = '汛期应急值守资格';
const DELTA = 'digital-skills-for-residents';

interface Held {
  number: string;
  state: string;
  replaced: string | null;
}

interface Cycle {
  name: string;
  id: string;
  programme: string;
  cycle: number;
  until: string | null;
  rule: string | null;
}

describe('renewals', () => {
  let city: DemoServer;
  let browser: Browser;
  let db: CityDatabase;
  let password: string;

  beforeAll(async () => {
    [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
    db = new CityDatabase(city.dataDir);
    ({ password } = toldSignIns(city.told));
  });
  afterAll(async () => {
    await browser.close();
    await db.close();
    await city.stop();
  });

  async function as(name: string, locale = 'zh-CN'): Promise<Page> {
    const context = await browser.newContext({ locale, viewport: locale === 'zh-CN' ? { width: 1366, height: 900 } : { width: 360, height: 740 } });
    const page = await context.newPage();
    await signIn(page, city.url, name, password);
    return page;
  }

  /** The page that is open, and the same in English on a phone, are sound. */
  async function expectSound(page: Page, name: string): Promise<void> {
    const { pathname, search } = new URL(page.url());
    const other = await as(name, 'en-GB');
    await other.goto(`${city.url}${pathname}${search}`);
    for (const one of [page, other]) expect({ path: pathname, axe: await axeViolations(one), sideways: await sideways(one) }).toEqual({ path: pathname, axe: [], sideways: 0 });
    await other.context().close();
  }

  /** The number that stands beside a word which opens its list. */
  const countIn = async (page: Page, state: string): Promise<number> => Number(await page.locator('.counts > div', { has: page.locator(`a[href*="state=${state}"]`) }).locator('dd').innerText());
  const numberOf = async (name: string): Promise<string> => (await db.one<{ v: string }>(`SELECT c.sign_in_name AS v FROM accounts c JOIN persons p ON p.id = c.person_id WHERE p.name = $name`, { name })).v;
  const cycles = () => db.select<Cycle>(`SELECT p.name, a.id, v.title_zh AS programme, a.cycle, c.cleared_until AS "until", c.rule_until AS rule FROM clearances c JOIN assignments a ON a.id = c.assignment_id
    JOIN persons p ON p.id = a.person_id JOIN programme_versions v ON v.id = a.programme_version_id WHERE c.cleared_until IS NOT NULL ORDER BY p.name, v.title_zh, a.cycle`);
  const held = () => db.select<Held>(`SELECT k.number, k.state, f.number AS replaced FROM credentials k JOIN persons p ON p.id = k.person_id JOIN assignments a ON a.id = k.assignment_id
    JOIN programme_versions v ON v.id = a.programme_version_id LEFT JOIN credentials f ON f.id = k.replaces WHERE p.name = $name AND v.title_zh = $programme ORDER BY k.number`, { name: HOLDER, programme: WATCH });

  it('are extended by a second person, who moves this end and no other', async () => {
    const before = await cycles();
    const own = before.find(({ name, programme }) => name === HOLDER && programme === WATCH);
    const page = await as('guanli');
    await page.goto(`${city.url}/hr/clearance/${own?.id}/extension`);
    await expectSound(page, 'guanli');
    await page.check('input[name=decision][value=grant]');
    await page.fill('form[id=decide] textarea[name=reason]', '住院证明已附，同意。');
    await page.click('form[id=decide] button[type=submit]');
    await page.getByText('已批准延期').waitFor();
    const after = await cycles();
    const moved = after.filter((one, i) => one.until !== before[i]?.until);
    expect(moved).toEqual([{ ...own, until: addDays(own?.until ?? '', 21) }]);
    expect(after.map(({ rule }) => rule)).toEqual(before.map(({ rule }) => rule));
  }, 180_000);

  it('are told to the holder when the window opens; the short course and the pledge bring credential n+1, which takes the place of n', async () => {
    const name = await numberOf(HOLDER);
    const page = await as(name);
    await page.goto(`${city.url}/home`);
    const text = await page.locator('main').innerText();
    expect(text).toMatch(/现在可以复训，请在.*前完成。到期前一直有效/);
    expect(text).toContain('因法规变更');
    await expectSound(page, name);
    const [first, ...more] = await held();
    expect([first?.state, more]).toEqual(['valid', []]);

    await new Visits(city.url).readAll(page, DELTA);
    await page.goto(`${city.url}/home`);
    expect(await page.locator('main').innerText()).not.toContain('因法规变更');
    const { id: renewal } = await db.one<{ id: string }>(`SELECT a.id FROM assignments a JOIN persons p ON p.id = a.person_id JOIN programme_versions v ON v.id = a.programme_version_id
      WHERE p.name = $name AND v.title_zh = $programme AND a.cycle = 2`, { name: HOLDER, programme: WATCH });
    await page.locator(`main a[href^="/my/declarations/${renewal}/"]`).first().click();
    await page.waitForURL(/\/my\/declarations\//);
    await expectSound(page, name);
    await page.check('input[name=agreed]');
    await page.fill('input[name=name]', HOLDER);
    await page.fill('input[name=password]', password);
    await page.locator('main form button[type=submit]').click();
    await page.locator('.banner--success').first().waitFor();
    await expect.poll(held, { timeout: 60_000, interval: 1000 }).toHaveLength(2);
    const [former, next] = await held();
    expect([former, next]).toMatchObject([{ number: first?.number, state: 'superseded' }, { state: 'valid', replaced: first?.number }]);

    await page.goto(`${city.url}/credentials/${former?.number}`);
    expect(await page.locator('main').innerText()).toContain('换发');
    await page.goto(`${city.url}/credentials/${next?.number}`);
    expect(await page.locator('main').innerText()).toContain(former?.number ?? '');
    await expectSound(page, name);
  }, 240_000);

  it('by a change of law are previewed with numbers by who plans them, and started by another with the numbers that were seen', async () => {
    const hr = await as('renshi');
    await hr.goto(`${city.url}/admin/recertifications/new`);
    await expectSound(hr, 'renshi');
    await hr.fill('input[name=titleZh]', '防汛预案修订补训');
    await hr.fill('input[name=titleEn]', 'The flood plan as amended');
    await hr.fill('input[name=basis]', '《临江市防汛应急预案》（修订）第八条');
    await hr.locator('label', { hasText: WATCH }).first().click();
    await hr.locator('select[name=courseId]').selectOption({ label: '电子政务基础与网络化办公' }).catch(() => hr.locator('select[name=courseId]').selectOption({ index: 1 }));
    const today = dateAt(Date.now(), 'Asia/Shanghai');
    await hr.fill('input[name=until]', addDays(today, 20));
    await hr.fill('input[name=countsFrom]', today);
    await hr.locator('main form button[type=submit]').click();
    await hr.waitForURL(/done=planned/);
    const path = new URL(hr.url()).pathname;
    await hr.getByText('现在启动').first().waitFor();
    const affected = await countIn(hr, 'affected');
    const holders = await db.select(`SELECT DISTINCT c.person_id FROM clearances c JOIN assignments a ON a.id = c.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
      WHERE v.title_zh = $programme AND c.status = 'cleared'`, { programme: WATCH });
    expect(affected).toBe(holders.length);
    await hr.locator('a[href*="state=affected"]').click();
    await hr.waitForURL(/state=affected/);
    await expect.poll(() => hr.locator('#people tbody tr').count()).toBe(affected);
    await expectSound(hr, 'renshi');
    expect(await hr.locator('form#start').count()).toBe(0);

    const chief = await as('guanli');
    await chief.goto(`${city.url}${path}`);
    await chief.locator('form#start button[type=submit]').click();
    await chief.locator('.banner--success').first().waitFor();
    await expect.poll(async () => (await db.one<{ state: string }>('SELECT state FROM recertifications WHERE id = $id', { id: path.split('/').at(-1) ?? '' })).state, { timeout: 60_000, interval: 1000 }).toBe('running');
    await chief.goto(`${city.url}${path}`);
    expect(await countIn(chief, 'open')).toBe(affected);
    await expectSound(chief, 'guanli');
    // Until that day nobody loses anything.
    const [own] = (await cycles()).filter(({ name, programme, cycle }) => name === HOLDER && programme === WATCH && cycle === 2);
    expect(own?.until).toBe(addDays(today, 20));
  }, 240_000);
});
