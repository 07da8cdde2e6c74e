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
const ruling = (page: Page): Promise<string> => page.locator('.ruling p').last().innerText();

async function as(name: string, given: { scripts: boolean; width?: number; locale?: string }): Promise<Page> {
  const context = await browser.newContext({ locale: given.locale ?? 'zh-CN', viewport: { width: given.width ?? 1366, height: 800 }, javaScriptEnabled: given.scripts });
  const page = await context.newPage();
  await signIn(page, city.url, name, toldSignIns(city.told).password);
  return page;
}

/** Adds a requirement of a kind, fills in its form, and comes back to the draft. */
async function ask(page: Page, kind: string, fill: (page: Page) => Promise<unknown>, group?: string): Promise<void> {
  await page.selectOption('#add-kind', kind);
  if (group) await page.selectOption('#add-to', group);
  await page.locator('.combination-add form').first().getByRole('button', { name: '继续' }).click();
  await fill(page);
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/done=saved/);
}

describe('a programme', { timeout: 240_000 }, () => {
  it('is written, previewed and published by somebody without JavaScript, and reads back as a sentence', async () => {
    const page = await as('guanli', { scripts: false });
    await page.goto(`${city.url}/admin/programmes/new`);
    await page.fill('input[name=titleZh]', '网络安全上岗培训');
    await page.fill('input[name=titleEn]', 'Security before the start');
    await page.fill('input[name=slug]', 'Security');
    await page.click('main form button[type=submit]');
    await expect(page.textContent('.error-summary')).resolves.toContain('代号只能用小写字母');
    await page.fill('input[name=slug]', 'security');
    await page.click('main form button[type=submit]');
    await page.waitForURL(/done=created/);
    expect(await main(page)).toContain('还没有写要求');

    await ask(page, 'course', (one) => one.selectOption('select[name=course]', { index: 1 }));
    await page.locator('summary', { hasText: '增加一组' }).first().click();
    await page.locator('form:has(input[name=__form][value=group]) button').click();
    await page.waitForURL(/done=saved/);
    expect(await main(page)).toContain('这一组里没有要求');
    await ask(page, 'exam', async (one) => {
      await one.selectOption('select[name=exam]', { index: 1 });
      await one.fill('input[name=cut]', '75');
    }, '1');
    await ask(page, 'hours', async (one) => {
      await one.fill('input[name=hours]', '12.5');
      await one.check('input[name=window][value=calendar-year]');
    }, '1');
    await page.locator('button[aria-label^="上移：当年学习满"]').click();
    await page.waitForURL(/done=saved/);
    await page.selectOption('#rule-kind', 'organisation');
    await page.locator('.combination-add form').last().getByRole('button', { name: '继续' }).click();
    await page.locator('input[name=ids]').nth(1).check();
    await page.locator('main form button[type=submit]').first().click();
    await page.waitForURL(/done=saved/);
    expect(await ruling(page)).toMatch(/^新录用人员（任职单位在.+及其下属单位）须最迟于上岗日前第 3 个工作日做到：学完课程《.+》，并且（当年学习满 12\.5 学时，或者通过考试《.+》（不低于 75%））。达到全部要求后方可上岗。资格长期有效。$/);
    const draft = page.url().replace(/[?#].*/, '');

    await page.getByRole('link', { name: '预览适用的人' }).click();
    const people = Number(/适用于 (\d+) 人/.exec(await main(page))?.[1]);
    expect(people).toBeGreaterThan(0);
    await page.goto(`${draft}/publish`);
    await page.getByRole('button', { name: '看看会影响谁' }).click();
    await page.getByRole('button', { name: `确认发布，布置给 ${people} 人` }).click();
    await page.waitForURL(/done=published/);
    await expect.poll(async () => {
      await page.goto(draft);
      return main(page);
    }, { timeout: 60_000, interval: 500 }).toContain(`适用 ${people} 人，已布置 ${people} 人`);
  });

  it('is shown so that everybody can read it, in both languages, on a phone too', async () => {
    const found: Record<string, string[]> = {};
    for (const [locale, width] of [['zh-CN', 360], ['en-GB', 1366]] as const) {
      const page = await as('guanli', { scripts: true, locale, width });
      await page.goto(`${city.url}/admin/programmes`);
      await page.locator('main table a').first().click();
      await page.waitForURL(/programmes\/[0-9a-f-]{36}$/);
      if (locale === 'zh-CN') {
        await page.getByRole('button', { name: '起草新版本' }).click();
        await page.waitForURL(/versions/);
      } else await page.getByRole('link', { name: 'Go on with the draft' }).click();
      const draft = page.url().replace(/[?#].*/, '');
      for (const path of [draft, `${draft}/preview`, `${draft}/requirement?kind=hours`, `${draft}/condition?kind=organisation`, `${draft}/publish`, `${city.url}/admin/programmes`, `${city.url}/admin/calendar`]) {
        await page.goto(path);
        const faults = [...await axeViolations(page), ...(await sideways(page) > 0 ? ['too wide'] : [])];
        if (faults.length > 0) found[`${locale} ${path}`] = faults;
      }
      await page.context().close();
    }
    const hr = await as('renshi', { scripts: true, width: 360 });
    await hr.goto(`${city.url}/hr/exceptions`);
    expect(await axeViolations(hr)).toEqual([]);
    expect(found).toEqual({});
  });
});
