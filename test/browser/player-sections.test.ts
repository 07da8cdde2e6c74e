import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findExamBySlug, setPractice, type Exam } from '~/exams';
import { reader } from '~/db';
import { minutes, seconds } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { axeViolations, sideways } from '../support/browser';
import { HALL_EXAM } from '../support/exam-hall';
import { anExam } from '../support/exams';
import { answersStored, PlayerHouse, setExam } from '../support/player-house';
import { A_LIFE, attemptIn, choose, goTo, item, mainText, minutesLeft, saved, SOON, startExam, TO_PREPARE } from '../support/player-page';

/** Ten minutes and no way back; then the rest. */
const SECTIONS = JSON.stringify([
  { title: { zh: '基础知识', en: 'Foundations' }, lines: 2, minutes: 10, oneWay: true },
  { title: { zh: '办事实务', en: 'Practice' }, lines: 4, minutes: null, oneWay: false },
]);

describe('the player with sections, and in practice', { timeout: A_LIFE }, () => {
  let house: PlayerHouse;
  let exam: Exam;

  beforeAll(async () => {
    house = await PlayerHouse.prepare('player-sections', 6, 30);
    exam = await anExam({ items: 6, minutes: 60 });
    await setExam(exam.slug, { sections: SECTIONS });
  }, TO_PREPARE);
  afterAll(() => house.close());
  afterEach(() => house.tidy());

  const numbersShown = async (page: Page): Promise<number> => page.locator('nav .player-nav-cell').count();
  const section = (page: Page) => page.locator('.player-section').innerText();
  const nextSection = (page: Page) => page.locator('.player-steps button[value=section]');

  it('shows one section at a time, with its own time, and there is no way back', async () => {
    const { page } = await house.sitDown();
    const attempt = await startExam(page, house.url, exam.slug);
    await saved(page);
    expect(await numbersShown(page)).toBe(2);
    expect(await section(page)).toContain('第 1 部分（共 2 部分）：基础知识');
    expect(await section(page)).toContain('离开后不能返回');
    await expect.poll(() => page.locator('[data-section-clock]').textContent(), SOON).toMatch(/9:\d\d/);
    expect(await axeViolations(page)).toEqual([]);
    await choose(page, 1, 0);
    await nextSection(page).click();
    await page.waitForURL(/section$/);
    expect(await mainText(page)).toContain('不能再回来修改');
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: '进入下一部分' }).click();
    await item(page, 3).waitFor();
    await saved(page);
    expect(await section(page)).toContain('办事实务');
    expect(await page.locator('nav button[value=item-1]').count()).toBe(0);
    await page.goto(`${house.url}/attempts/${attempt}?item=1`);
    expect(await item(page, 1).count()).toBe(0);
    expect(await answersStored(attempt)).toBe(1);
  });

  it('goes on by itself when the time of a section is over, with what was written in it', async () => {
    const { page } = await house.sitDown();
    const attempt = await startExam(page, house.url, exam.slug);
    await saved(page);
    house.pass(minutes(10) - seconds(12));
    await expect.poll(() => page.locator('[data-section-clock]').textContent(), SOON).toMatch(/0:\d\d/);
    await choose(page, 1, 0);
    await item(page, 3).waitFor();
    await saved(page);
    expect(await answersStored(attempt)).toBe(1);
    expect(await minutesLeft(page)).toBeGreaterThan(45);
  });

  it('does the same without JavaScript', async () => {
    const { page } = await house.sitDown(house.seat(), { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    const attempt = await startExam(page, house.url, exam.slug);
    await choose(page, 1, 0);
    expect(await sideways(page)).toBe(0);
    await nextSection(page).click();
    await page.waitForURL(/section$/);
    expect(await mainText(page)).toContain('不能再回来修改');
    await page.getByRole('button', { name: '进入下一部分' }).click();
    await item(page, 3).waitFor();
    expect(await section(page)).toContain('办事实务');
    await item(page, 3).locator('label.option').first().click();
    await page.locator('.player-steps button[value=hand-in]').click();
    await page.getByRole('button', { name: '确认交卷' }).click();
    await page.waitForURL(/receipt/);
    expect(await mainText(page)).toContain('2 题，共 6 题');
    expect(await answersStored(attempt)).toBe(2);
  });

  it('says all the time that practice gives no result', async () => {
    const hall = await findExamBySlug(reader(), HALL_EXAM);
    must(await setPractice(house.invigilator, hall?.id ?? '', true));
    const { page } = await house.sitDown();
    await page.goto(`${house.url}/exams/${HALL_EXAM}`);
    await page.getByRole('button', { name: '开始练习' }).click();
    await page.waitForURL(/\/attempts\//);
    await saved(page);
    expect(await page.locator('h1').innerText()).toContain('练习，不计成绩');
    await goTo(page, 6);
    expect(await page.locator('h1').innerText()).toContain('练习，不计成绩');
    expect(await axeViolations(page)).toEqual([]);
    const attempt = attemptIn(page);
    await page.locator('.player-steps button[value=hand-in]').click();
    await page.getByRole('button', { name: '确认交卷' }).click();
    await page.waitForURL(/receipt/);
    await expect.poll(async () => {
      await page.goto(`${house.url}/attempts/${attempt}/result`);
      return mainText(page);
    }, { ...SOON, interval: 1000 }).toContain('这是练习，不是成绩');
  });
});
