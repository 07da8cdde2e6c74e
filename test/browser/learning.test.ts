import { mkdirSync, cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, complaints, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';

/** The courses of the product, and a picture in one that would run a script if it were let. */
function coursesWithPicture(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'shanggang-courses-'));
  cpSync('courses', dir, { recursive: true });
  const media = path.join(dir, 'digital-skills-for-residents', 'media');
  mkdirSync(media, { recursive: true });
  writeFileSync(path.join(media, 'bad.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script><text y="20">图</text></svg>');
  return dir;
}

describe('learning and authoring in a browser', () => {
  let city: DemoServer;
  let browser: Browser;
  let context: BrowserContext;
  let said: string[];

  beforeAll(async () => {
    [city, browser] = await Promise.all([startInProcess({ demo: true, env: { COURSES_DIR: coursesWithPicture() } }), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await city.stop();
  });
  afterEach(async () => {
    await context.close();
    expect(said.filter((line) => !line.includes('status of 422'))).toEqual([]);
  });

  async function open(role: 'visitor' | 'leader' | 'author' | 'administrator', look: { script?: boolean; width?: number } = {}): Promise<Page> {
    context = await browser.newContext({ locale: 'zh-CN', javaScriptEnabled: look.script ?? false, viewport: { width: look.width ?? 1280, height: 768 } });
    const page = await context.newPage();
    said = complaints(page);
    const { names, password } = toldSignIns(city.told);
    if (role !== 'visitor') await signIn(page, city.url, names[role] ?? '', password);
    return page;
  }
  const main = (page: Page) => page.getByRole('main');
  /** Waits until the page says so. */
  const sees = (page: Page, text: string | RegExp) => main(page).getByText(text).first().waitFor({ timeout: 10_000 });
  const press = async (page: Page, name: string | RegExp) => {
    await main(page).getByRole('button', { name }).first().click();
    await page.waitForLoadState('load');
  };
  const follow = async (page: Page, name: string | RegExp) => {
    await main(page).getByRole('link', { name }).first().click();
    await page.waitForLoadState('load');
  };

  it('a visitor reads an open course, checks the understanding and practises, all without JavaScript', async () => {
    const page = await open('visitor', { width: 360 });
    await page.goto(`${city.url}/courses`);
    await follow(page, '居民数字技能');
    await follow(page, '开始学习');
    await main(page).getByRole('heading', { name: '学习目标' }).waitFor();
    await main(page).locator('input[name=check-0]').first().check();
    await press(page, '看看对不对');
    await sees(page, /\d 题中答对 \d 题。/);
    expect(page.url()).toMatch(/#checks$/);
    expect(await main(page).locator('.verdict').count()).toBeGreaterThanOrEqual(3);
    expect(await main(page).locator('input[name=check-0]').first().isChecked()).toBe(true);
    await follow(page, /^下一课/);
    await page.goto(`${city.url}/courses/digital-skills-for-residents/practice`);
    await main(page).locator('.option-control').first().check();
    await press(page, '对答案');
    await sees(page, /本页 5 题/);
    expect(await main(page).locator('.verdict').count()).toBe(5);
    expect(await main(page).locator('.option-control').first().isChecked()).toBe(true);
  });

  it('a visitor sees what an assigned course is about and is led to the sign-in for its lessons', async () => {
    const page = await open('visitor');
    await page.goto(`${city.url}/courses/e-government-foundations`);
    await sees(page, '登录后学习这门课');
    expect(await main(page).locator('.lesson-title a').count()).toBe(0);
    for (const place of ['01-what-and-why', 'practice']) {
      await page.goto(`${city.url}/courses/e-government-foundations/${place}`);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    }
  });

  it('a picture of a course is shown, and runs nothing when opened by itself', async () => {
    const page = await open('visitor', { script: true });
    const answer = await page.goto(`${city.url}/courses/digital-skills-for-residents/media/bad.svg`);
    expect(answer?.headers()).toMatchObject({ 'content-type': 'image/svg+xml', 'x-content-type-options': 'nosniff' });
    expect(await page.title()).not.toBe('ran');
    expect(said.splice(0)).toEqual([expect.stringContaining('Blocked script execution')]);
    expect((await page.goto(`${city.url}/courses/digital-skills-for-residents/media/..%2Fcourse.md`))?.status()).toBe(404);
    said.splice(0);
  });

  it('a leader goes on where the reading stopped, to the end, and the course is completed', async () => {
    const page = await open('leader');
    await page.goto(`${city.url}/courses/leading-e-government`);
    const choose = main(page).getByRole('button', { name: '选学这门课' });
    if (await choose.count()) {
      await choose.click();
      await main(page).getByRole('link', { name: /^(继续学习|开始学习)/ }).waitFor();
    }
    for (let lesson = 0; lesson < 12 && !await main(page).getByText('这门课已学完').count(); lesson += 1) {
      await page.goto(`${city.url}/courses/leading-e-government`);
      const goOn = main(page).getByRole('link', { name: /^(继续学习|开始学习)/ });
      if (await goOn.count() === 0) break;
      await goOn.click();
      await press(page, /^标为已读/);
    }
    await sees(page, '这门课已学完');
    expect(new URL(page.url()).pathname).toBe('/courses/leading-e-government');
  });

  it('an administrator makes a bank, and loads public items only after saying that they are known to be public', async () => {
    const page = await open('administrator');
    await page.goto(`${city.url}/admin/banks`);
    const load = main(page).locator('form', { has: page.locator('input[name=aware]') });
    await load.locator('select').selectOption('digital-skills-for-residents');
    await load.getByRole('button').click();
    await sees(page, '请确认您知道这些试题是公开的。');
    await load.locator('input[name=aware]').check();
    await load.getByRole('button').click();
    await sees(page, /已载入 \d+ 道公开试题。/);
    const make = main(page).locator('form', { has: page.locator('input[name=title]') });
    await make.locator('select').selectOption({ label: '电子政务基础与网络化办公' });
    await make.locator('input[name=title]').fill('本市题库');
    await make.getByRole('button').click();
    await sees(page, /已建立题库“本市题库”/);
    expect(await main(page).getByRole('rowheader', { name: '本市题库' }).count()).toBe(1);
  });

  it('an author writes an item, is told what is wrong with it, corrects, changes and retires it, all without JavaScript', async () => {
    const page = await open('author', { width: 360 });
    await page.goto(`${city.url}/author/items/new`);
    await main(page).locator('input[name=type][value=multiple]').check();
    await press(page, '下一步');
    await main(page).locator('select[name=lesson]').selectOption('01-what-and-why');
    await main(page).locator('textarea[name=stem]').fill('下列做法正确的有');
    await main(page).locator('input[name="options[0]"]').fill('登记');
    await main(page).locator('input[name="options[1]"]').fill('核对');
    await main(page).locator('textarea[name=explanation]').fill('先核对，再登记。');
    await main(page).locator('input[name=key][value="0"]').check();
    await press(page, '保存试题');
    await sees(page, /多选题至少要有两个正确选项/);
    expect(await main(page).locator('input[name="options[1]"]').inputValue()).toBe('核对');
    await main(page).locator('input[name="options[2]"]').fill('先走');
    await main(page).locator('input[name=key][value="1"]').check();
    await press(page, '保存试题');
    await main(page).getByRole('heading', { level: 1, name: '试题 own-0001' }).waitFor();
    await follow(page, '修改');
    await main(page).locator('textarea[name=stem]').fill('收件时，下列做法正确的有');
    await press(page, '保存试题');
    await sees(page, '收件时，下列做法正确的有');
    await main(page).getByRole('link', { name: '第 1 版' }).waitFor();
    await main(page).locator('summary').click();
    await press(page, '停用这道题');
    await sees(page, '这道题已停用');
    await press(page, '恢复使用');
    await main(page).getByRole('link', { name: '修改' }).waitFor();
  });

  it('an author sees what a blueprint draws from and a whole paper, which stays the same when its key is shown', async () => {
    const page = await open('author');
    await page.goto(`${city.url}/author`);
    await follow(page, '电子政务基础与网络化办公');
    await sees(page, '这场考试从公开试题里抽题');
    await follow(page, '预览一份试卷');
    await sees(page, '第 40 题');
    const stems = () => main(page).locator('.paper .item-stem').allTextContents();
    const drawn = await stems();
    expect(drawn).toHaveLength(40);
    expect(await main(page).getByText('答案：').count()).toBe(0);
    await follow(page, '显示答案');
    await main(page).locator('.verdict').nth(39).waitFor();
    expect(await stems()).toEqual(drawn);
    expect(await main(page).getByText('答案：').count()).toBe(40);
    await follow(page, '另抽一份');
    await main(page).locator('.verdict').first().waitFor({ state: 'detached' });
    await sees(page, '第 40 题');
    expect(await stems()).not.toEqual(drawn);
  });

  it.each([{ name: 'on a desk', width: 1280 }, { name: 'on a phone', width: 360 }])('what only appears after an answer is accessible too, $name', async ({ width }) => {
    const page = await open('author', { script: true, width });
    const faults: Record<string, unknown> = {};
    const look = async (what: string) => {
      faults[what] = [...await axeViolations(page), await sideways(page)];
    };
    await page.goto(`${city.url}/courses/digital-skills-for-residents/01-first-steps`);
    await press(page, '看看对不对');
    await main(page).locator('.verdict').first().waitFor();
    await look('checks');
    await page.goto(`${city.url}/courses/e-government-foundations/practice?page=4`);
    await press(page, '对答案');
    await main(page).locator('.verdict').first().waitFor();
    await look('practice');
    for (const type of ['single', 'multiple', 'true-false', 'order', 'match', 'short']) {
      await page.goto(`${city.url}/author/items/new`);
      await main(page).locator(`input[name=type][value=${type}]`).check({ force: true });
      await press(page, '下一步');
      await page.waitForURL(/type=/);
      await press(page, '保存试题');
      await main(page).locator('.error-summary').waitFor();
      await look(type);
    }
    expect(faults).toEqual(Object.fromEntries(Object.keys(faults).map((what) => [what, [0]])));
  }, 120_000);

  it('a leader sees what counts against each target, in both languages, as charts and as tables', async () => {
    const page = await open('leader', { script: true, width: 360 });
    for (const [lang, said] of [['zh', /五年脱产和集中培训/], ['en', /Training off the job in five years/]] as const) {
      await context.addCookies([{ name: 'lang', value: lang, url: city.url }]);
      await page.goto(`${city.url}/hours`);
      await sees(page, said);
      await sees(page, lang === 'zh' ? /面授 .* 天，每天 7\.5 学时/ : /days of classroom training, 7\.5 a day/);
      expect(await axeViolations(page)).toEqual([]);
      expect(await sideways(page)).toBe(0);
      await main(page).locator('.chart summary').first().click();
      await main(page).locator('.chart table').first().waitFor();
      expect(await axeViolations(page)).toEqual([]);
    }
  });

  it('an administrator pastes a rule, is told the wrong line, reads what it would change and publishes it, without JavaScript', async () => {
    const page = await open('administrator');
    await page.goto(`${city.url}/admin/hour-rules`);
    await follow(page, '干部教育培训工作条例');
    await follow(page, '以此为底稿写新版本');
    const text = main(page).locator('textarea[name=written]');
    const written = (await text.inputValue()).replace("version: '1'", "version: '2'");
    await text.fill(written.replace('by: day, hours: 7.5', 'by: day, hours: lots'));
    await press(page, '检查并存为草稿');
    await sees(page, /第 \d+ 行：convert\.classroom\.hours 的类型不对/);
    await text.fill(written.replace('by: day, hours: 7.5', 'by: day, hours: 6'));
    await press(page, '检查并存为草稿');
    await press(page, '生成差异报告');
    await expect.poll(async () => {
      await page.reload();
      return main(page).innerText();
    }, { timeout: 20_000, interval: 300 }).toMatch(/减少的人[^]*发布这一版本/);
    await press(page, '发布这一版本');
    await expect.poll(async () => {
      await page.reload();
      return main(page).innerText();
    }, { timeout: 20_000, interval: 300 }).toMatch(/重算完成/);
  });
});
