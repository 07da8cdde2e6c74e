import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, addWorkingDays, dateAt, startOfDate } from '~/kernel/calendar';
import { axeViolations, complaints } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { CityDatabase } from '../support/city-database';
import { qrOfPdf, textOfPdf } from '../support/pdf';
import { startInProcess, type DemoServer } from '../support/running';
import { answerRightly } from '../support/sitting';
import { button, Visits } from '../support/visits';

const ZONE = 'Asia/Shanghai';
const today = () => dateAt(Date.now(), ZONE);
const startOfDuty = addWorkingDays(today(), 12);

/** 2026年7月1日 */
const inChinese = (date: string): string => {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
};

/**
 * The chain that the product exists for, in an ordinary empty installation, in the order in which a city
 * lives it. Each step stands on the one before.
 */
/** Presses a button and waits for the answer: then it is done. A page that is quiet for a moment says nothing of that. */
const answered = (page: Page, what: Locator) => Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'), what.click()]);

describe('from an empty installation to a cleared civil servant', () => {
  let house: DemoServer;
  let browser: Browser;
  let db: CityDatabase;
  let people: Visits;
  const codes = new Map<string, string>();
  const said: string[] = [];

  async function someone(): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 768 } });
    const page = await context.newPage();
    const heard = complaints(page);
    context.on('close', () => said.push(...heard));
    return { context, page };
  }

  beforeAll(async () => {
    [house, browser] = await Promise.all([startInProcess({ demo: false }), launchChromium()]);
    db = new CityDatabase(house.dataDir);
    people = new Visits(house.url);
  });
  afterAll(async () => {
    house.program.resetClock();
    await browser.close();
    await db.close();
    await house.stop();
  });

  it('the first administrator comes in by the printed link, loads the items, makes a unit and accounts', async () => {
    const { context, page } = await someone();
    const link = /(http:\S+\/activate\S+)/.exec(house.told.join('\n'))?.[1] ?? '';
    await page.goto(link);
    await button(page, '继续').click();
    await people.choosePassword(page);
    await page.goto(`${house.url}/admin/banks`);
    await page.locator('select[name=course]').last().selectOption('e-government-foundations');
    await page.locator('input[name=aware]').check();
    await answered(page, button(page, '载入'));
    await page.locator('select[name=exam]').selectOption({ label: '电子政务基础与网络化办公' });
    await page.locator('select[name=bank]').selectOption({ index: 1 });
    await answered(page, button(page, '保存'));
    await page.goto(`${house.url}/hr/units/new`);
    await page.locator('select[name=parentId]').selectOption({ index: 1 });
    await page.locator('input[name=name]').fill('财政局');
    await page.locator('input[name=code]').fill('201');
    await button(page, /添加|增加|新建/).last().click();
    await expect.poll(() => page.getByText('财政局').count()).toBeGreaterThan(0);
    codes.set('renshi', await people.openPure(page, 'renshi', 'hr'));
    codes.set('jiankao', await people.openPure(page, 'jiankao', 'invigilator'));
    codes.set('L0001', await people.openLeader(page, 'L0001'));
    await context.close();
  });

  it('an HR officer types an intake of three and prints their slips', async () => {
    const { context, page } = await someone();
    await people.activate(page, 'renshi', codes.get('renshi') ?? '');
    await page.goto(`${house.url}/hr/intakes/new`);
    await page.fill('input[name=name]', '2026 年第一批');
    await page.locator('select[name=organisationId]').selectOption({ index: 1 });
    await page.fill('input[name=startOfDuty]', startOfDuty);
    for (const [i, name] of ['王晓梅', '李建国', '赵一凡'].entries()) {
      await page.fill(`input[name="row.${i}.name"]`, name);
      await page.fill(`input[name="row.${i}.recruitmentNumber"]`, `20260${i + 1}`);
      await page.fill(`input[name="row.${i}.organisationCode"]`, '201');
      await page.fill(`input[name="row.${i}.post"]`, '科员');
    }
    await page.locator('button[name=do][value=save]').last().click();
    await page.waitForURL(/\/hr\/intakes\/[0-9a-f-]{36}/);
    await page.goto(`${page.url().replace(/\?.*/, '')}/slips`);
    await button(page, /生成 3 张激活单/).click();
    await expect.poll(() => page.locator('.activation-slip').count()).toBe(3);
    for (const slip of await page.locator('.activation-slip').all()) {
      const text = await slip.innerText();
      codes.set(/20260\d/.exec(text)?.[0] ?? '', /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text)?.[0] ?? '');
    }
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  });

  it('a recruit sees what is missing and by when, reads every lesson, and takes the exam across a closed browser', async () => {
    const { context, page } = await someone();
    await people.activate(page, '202601', codes.get('202601') ?? '');
    await page.goto(`${house.url}/home`);
    await expect.poll(() => page.locator('h1').innerText()).toBe('尚不能上岗');
    expect(await page.locator('main').innerText()).toContain(inChinese(startOfDuty));
    await people.readAll(page, 'e-government-foundations');
    await page.goto(`${house.url}/exams/e-government-foundations`);
    await page.locator('main form[method=post] button').click();
    await page.waitForURL(/\/attempts\//);
    const attemptId = /attempts\/([0-9a-f-]+)/.exec(page.url())?.[1] ?? '';
    const keys = await db.keysOf(attemptId);
    for (const key of keys.slice(0, 5)) await answerRightly(page, key);
    await expect.poll(() => page.locator('[data-save=saved]').count(), { timeout: 15_000 }).toBe(5);
    const state = await context.storageState();
    const before = await people.secondsLeft(page);
    await context.close();

    const again = await browser.newContext({ locale: 'zh-CN', storageState: state });
    const reopened = await again.newPage();
    const heard = complaints(reopened);
    await reopened.goto(`${house.url}/attempts/${attemptId}`);
    await expect.poll(() => reopened.locator('[data-save=saved]').count()).toBe(5);
    expect(before - (await people.secondsLeft(reopened))).toBeGreaterThanOrEqual(0);
    expect(before - (await people.secondsLeft(reopened))).toBeLessThan(60);
    await people.finishExam(reopened, keys.slice(5), 2);
    expect(await axeViolations(reopened)).toEqual([]);
    expect(heard).toEqual([]);
    await again.close();
  }, 180_000);

  it('the result is released, the credential issued, and the recruit may start on the day of duty', async () => {
    const { context, page } = await someone();
    await people.signIn(page, '202601');
    await expect.poll(async () => {
      await page.goto(`${house.url}/home`);
      return page.locator('h1').innerText();
    }, { timeout: 30_000, interval: 500 }).toContain('上岗');
    await expect.poll(async () => {
      await page.goto(`${house.url}/home`);
      return page.locator('main').innerText();
    }, { timeout: 30_000, interval: 500 }).toMatch(/SG-\d{4}-\d{6}/);
    const main = await page.locator('main').innerText();
    expect(await page.locator('h1').innerText()).not.toContain('尚不能');
    expect(main).toContain(inChinese(startOfDuty));
    await context.close();
  });

  it('a stranger scans the QR code of the PDF and sees the credential’s live status', async () => {
    const { context, page } = await someone();
    await people.signIn(page, '202601');
    const { number } = await db.one<{ number: string }>('SELECT number FROM credentials');
    const pdf = await page.request.get(`${house.url}/credentials/${number}.pdf`);
    expect(pdf.status()).toBe(200);
    const printed = await pdf.body();
    expect(await textOfPdf(printed)).toContain(number);
    expect(await textOfPdf(printed)).toContain('王晓梅');
    const scanned = (await qrOfPdf(printed)) ?? '';
    expect(scanned).toContain(`${house.url}/check/${number}`);
    await context.close();

    const stranger = await someone();
    await stranger.page.goto(scanned);
    expect(await stranger.page.locator('main').innerText()).toMatch(/有效/);
    expect(await stranger.page.locator('main').innerText()).toContain('王晓梅');
    expect(await axeViolations(stranger.page)).toEqual([]);
    await stranger.context.close();
  });

  it('when the time and the tolerance are up with the browser closed, a job hands in what was saved', async () => {
    const { context, page } = await someone();
    await people.activate(page, '202602', codes.get('202602') ?? '');
    await people.readAll(page, 'e-government-foundations');
    await page.goto(`${house.url}/exams/e-government-foundations`);
    await page.locator('main form[method=post] button').click();
    await page.waitForURL(/\/attempts\//);
    const attemptId = /attempts\/([0-9a-f-]+)/.exec(page.url())?.[1] ?? '';
    for (const key of (await db.keysOf(attemptId)).slice(0, 3)) await answerRightly(page, key);
    await expect.poll(() => page.locator('[data-save=saved]').count(), { timeout: 15_000 }).toBe(3);
    await context.close();

    house.program.setClock(Date.now() + 63 * 60_000);
    await house.program.SWEEPS['exams.sweep']?.run(Date.now() + 63 * 60_000);
    await expect.poll(() => db.one('SELECT a.hand_in_cause, a.state, r.answered, a.handed_in_at - a.deadline_at AS off FROM attempts a JOIN receipts r ON r.attempt_id = a.id WHERE a.id = $attemptId', { attemptId }), { timeout: 20_000 })
      .toMatchObject({ hand_in_cause: 'deadline', state: 'released', answered: 3, off: 0 });
    const returned = await someone();
    await people.signIn(returned.page, '202602');
    await returned.page.goto(`${house.url}/attempts/${attemptId}/result`);
    expect(await returned.page.locator('main').innerText()).toMatch(/没有通过|未通过|不合格/);
    await returned.page.goto(`${house.url}/exams/e-government-foundations`);
    expect(await returned.page.locator('main').innerText()).toContain('再考');
    await returned.context.close();
    house.program.resetClock();
  }, 120_000);

  it('who does nothing is reminded, then seen as overdue by HR, with the reason', async () => {
    const noon = (date: string) => startOfDate(date, ZONE) + 12 * 3_600_000;
    const due = await db.one<{ due_on: string }>(`SELECT a.due_on FROM assignments a JOIN identifiers i ON i.person_id = a.person_id WHERE i.value = '202603'`);
    for (let day = addDays(today(), 1); day <= addDays(due.due_on, 1); day = addDays(day, 1)) {
      house.program.setClock(noon(day));
      await house.program.SWEEPS['notices.plan']?.run(noon(day));
    }
    const recruit = await someone();
    await people.activate(recruit.page, '202603', codes.get('202603') ?? '');
    await recruit.page.goto(`${house.url}/notices`);
    expect(await recruit.page.locator('main').innerText()).toContain('期限');
    await recruit.context.close();

    const hr = await someone();
    await people.signIn(hr.page, 'renshi');
    await hr.page.goto(`${house.url}/hr/recruits`);
    const row = (name: string) => hr.page.locator('tr', { hasText: name }).innerText();
    expect(await row('赵一凡')).toMatch(/已逾期[^]*0/);
    expect(await row('王晓梅')).toContain('可以上岗');
    expect(await row('李建国')).toMatch(/考试没有通过/);
    expect(await axeViolations(hr.page)).toEqual([]);
    await hr.context.close();
    house.program.resetClock();
  }, 120_000);

  it('a leader finds the policy course, enrols, completes it, and it counts as learning hours', async () => {
    const { context, page } = await someone();
    await people.activate(page, 'L0001', codes.get('L0001') ?? '');
    await page.goto(`${house.url}/courses/leading-e-government`);
    await answered(page, button(page, '选学这门课'));
    await people.readAll(page, 'leading-e-government');
    await expect.poll(async () => {
      await page.goto(`${house.url}/hours`);
      return page.locator('main').innerText();
    }, { timeout: 20_000, interval: 500 }).toMatch(/领导干部电子政务[^]*6 小时/);
    await context.close();
  }, 120_000);

  it('an invigilator lets a candidate go on at another device when theirs breaks', async () => {
    const broken = await someone();
    await people.signIn(broken.page, '202603');
    await people.readAll(broken.page, 'e-government-foundations');
    await broken.page.goto(`${house.url}/exams/e-government-foundations`);
    await broken.page.locator('main form[method=post] button').click();
    await broken.page.waitForURL(/\/attempts\//);
    const address = broken.page.url();

    const other = await someone();
    await people.signIn(other.page, '202603');
    await other.page.goto(address);
    expect(await other.page.locator('h1').innerText()).toContain('另一台设备');

    const invigilator = await someone();
    await people.activate(invigilator.page, 'jiankao', codes.get('jiankao') ?? '');
    await invigilator.page.goto(`${house.url}/invigilate/e-government-foundations`);
    await invigilator.page.getByRole('link', { name: /赵一凡|202603/ }).first().click();
    await invigilator.page.waitForURL(/\/invigilate\/[^/]+\/[0-9a-f-]{36}/);
    await invigilator.page.locator('details:has(input[name=reason]) summary').click();
    await invigilator.page.locator('input[name=reason]').fill('考生电脑死机');
    await answered(invigilator.page, invigilator.page.locator('form:has(input[name=reason]) button[type=submit]'));

    await other.page.goto(address);
    await other.page.locator('main form[method=post] button').click();
    await expect.poll(() => other.page.locator('fieldset.player-item').count()).toBe(5);
    await broken.page.goto(address);
    expect(await broken.page.locator('h1').innerText()).toContain('另一台设备');
    for (const { context } of [broken, other, invigilator]) await context.close();
  }, 120_000);

  it('gave the browser nothing to complain about', () => {
    expect(said).toEqual([]);
  });
});
