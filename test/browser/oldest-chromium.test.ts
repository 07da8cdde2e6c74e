import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchOldestChromium, noOldestChromium, OldPage } from '../support/oldest-chromium';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

const COURSE = 'e-government-foundations';
const ITEMS_A_PAGE = 5;

describe.skipIf(noOldestChromium)(`Chromium 87${noOldestChromium ? ` (not here: ${noOldestChromium})` : ''}`, () => {
  let city: DemoServer;
  let browser: Browser;
  const said: string[] = [];

  beforeAll(async () => {
    [city, browser] = await Promise.all([startInProcess({ demo: true }), launchOldestChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await city.stop();
  });

  async function someone(role: string, size?: { width: number; height: number }): Promise<OldPage> {
    const { names, password } = toldSignIns(city.told);
    const page = await OldPage.open(browser, city.url, said, size);
    await page.signIn(names[role] ?? '', password);
    return page;
  }

  it('is what runs here', async () => {
    expect(await browser.version()).toMatch(/^HeadlessChrome\/87\./);
  });

  it('reads every lesson, takes the exam from the start to the receipt, and complains about nothing', async () => {
    const page = await someone('recruit');
    await readAll(page);
    await page.goto(`/exams/${COURSE}`);
    await page.press('开始考试');
    await page.until(`location.pathname.startsWith('/attempts/') && document.querySelector('[data-clock]')`);
    const kinds = await answerEverything(page);
    expect([...kinds].sort()).toEqual(['判断题', '单项选择题', '填空题', '多项选择题', '排序题', '连线题'].sort());
    await page.page.click('button[name=to][value=hand-in]');
    await page.until(`location.pathname.endsWith('/hand-in')`);
    // The page's first sign of life is answered; after the hand-in it would be refused, which the browser reports.
    await page.until(`performance.getEntriesByType('resource').some((one) => one.name.endsWith('/responses'))`);
    await page.press('确认交卷');
    await page.until(`location.pathname.endsWith('/receipt') && document.querySelector('main h1')`);
    expect(await page.text('main')).toMatch(/HZ-\w{5}-\w{5}/);
    expect(await page.text('main')).toContain('40 题，共 40 题');
    expect(said).toEqual([]);
  }, 180_000);

  it.each([
    { name: 'a recruit', role: 'recruit', paths: ['/home', '/courses', `/courses/${COURSE}`, `/courses/${COURSE}/01-what-and-why`, `/courses/${COURSE}/practice`, '/notices', '/account'] },
    { name: 'an HR officer', role: 'HR officer', paths: ['/hr', '/hr/recruits', '/hr/waiting', '/hr/people', '/hr/intakes', '/hr/intakes/new'] },
    { name: 'an invigilator', role: 'invigilator', paths: ['/invigilate', `/invigilate/${COURSE}`] },
  ])('opens the pages of $name, at 1366 pixels and on a phone, without a script error or sideways scrolling', async ({ role, paths }) => {
    const seen: { path: string; titled: boolean; sideways: number }[] = [];
    for (const size of [{ width: 1366, height: 768 }, { width: 360, height: 640 }]) {
      const page = await someone(role, size);
      for (const path of paths) {
        await page.goto(path);
        seen.push({ path, titled: (await page.text('main h1')) !== '', sideways: await page.sideways() });
      }
    }
    expect(seen).toEqual(seen.map(({ path }) => ({ path, titled: true, sideways: 0 })));
    expect(said).toEqual([]);
  }, 120_000);

  async function readAll(page: OldPage): Promise<void> {
    await page.goto(`/courses/${COURSE}`);
    const lessons = await page.all(`main a[href^="/courses/${COURSE}/"]`, 'one.pathname');
    for (const lesson of [...new Set(lessons)].filter((one) => /\/\d\d-/.test(one)).sort()) {
      await page.goto(lesson);
      if ((await page.all('main button', 'one.innerText')).every((words) => !words.startsWith('标为已读'))) continue;
      await page.press('标为已读');
      await page.until(`location.pathname !== ${JSON.stringify(lesson)}`);
    }
  }

  /** Answers all items page by page, each by its own controls. @returns the types that there were */
  async function answerEverything(page: OldPage): Promise<Set<string>> {
    const items = (await page.all('.player-nav button', 'one.value')).length;
    const kinds = new Set<string>();
    for (let first = 1; first <= items; first += ITEMS_A_PAGE) {
      // Where the page was scrolled to, the head may lie over the button: a person would scroll, this presses it.
      if (first > 1) await page.page.evaluate(`document.querySelector('.player-nav button[value=item-${first}]').click()`);
      await page.until(`document.querySelector('#item-${first}')`);
      for (let number = first; number < Math.min(first + ITEMS_A_PAGE, items + 1); number += 1) {
        kinds.add((await page.text(`#item-${number} .player-item-head`)).split('·')[0]?.trim().split(/\s/).at(-1) ?? '');
        await answer(page, `#item-${number}`);
      }
      await page.until(`[...document.querySelectorAll('[data-save]')].every((one) => one.dataset.save === 'saved' && one.innerText === '已保存')`);
    }
    await page.until(`document.querySelector('header [data-unsent]').dataset.unsent === '0'`);
    return kinds;
  }

  async function answer(page: OldPage, item: string): Promise<void> {
    const fields = await page.all(`${item} .option-control, ${item} select, ${item} input[type=text]`, 'one.type');
    const [kind] = fields;
    if (kind === 'text') return page.page.type(`${item} input[type=text]`, '受理凭证');
    if (kind === 'radio') return page.page.click(`${item} label.option`);
    if (kind === 'checkbox') {
      for (const place of [1, 2]) await page.page.click(`${item} label.option:nth-child(${place})`);
      return;
    }
    const names = await page.all(`${item} select`, 'one.name');
    for (const [place, name] of names.entries()) {
      const values = await page.all(`select[name="${name}"] option`, 'one.value');
      await page.page.select(`select[name="${name}"]`, values[place + 1] ?? '');
    }
  }
});
