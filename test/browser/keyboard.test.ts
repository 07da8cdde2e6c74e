import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allSaved, focused, openExamRoom, SOON, startExam, tabTo, type ExamRoom } from '../support/exam-window';

const PAGES = 8;

/** How each type of item is answered with keys, once one of its fields has the keyboard. */
const BY_KEYS: Record<string, (page: Page, item: string) => Promise<void>> = {
  单项选择题: async (page, item) => {
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    expect(await chosen(page, item)).toEqual([1]);
  },
  判断题: async (page, item) => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await chosen(page, item)).toEqual([0]);
  },
  多项选择题: async (page, item) => {
    for (const key of ['Space', 'Tab', 'Space', 'Tab', 'Space', 'Shift+Tab', 'Space']) await page.keyboard.press(key);
    expect(await chosen(page, item)).toEqual([0, 2]);
  },
  排序题: selectEach,
  连线题: selectEach,
  填空题: async (page, item) => {
    await page.keyboard.type('受理凭证');
    const before = page.url();
    await page.keyboard.press('Enter');
    await expect.poll(() => saveOf(page, item), SOON).toBe('saved');
    expect(page.url()).toBe(before);
    expect(await page.locator(`${item} input[type=text]`).inputValue()).toBe('受理凭证');
  },
};

async function selectEach(page: Page, item: string): Promise<void> {
  const selects = page.locator(`${item} select`);
  const count = await selects.count();
  for (let place = 0; place < count; place += 1) {
    if (place > 0) await page.keyboard.press('Tab');
    for (let down = 0; down <= place; down += 1) await page.keyboard.press('ArrowDown');
  }
  expect(await selects.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).selectedIndex))).toEqual(Array.from({ length: count }, (_, place) => place + 1));
}

/** The places of the options that are chosen. */
const chosen = (page: Page, item: string): Promise<number[]> =>
  page.locator(`${item} .option-control`).evaluateAll((all) => all.flatMap((one, place) => ((one as HTMLInputElement).checked ? [place] : [])));

const saveOf = (page: Page, item: string): Promise<string | null> => page.locator(`${item} [data-save]`).getAttribute('data-save');

const fieldsOf = (item: string): string => `${item} .option-control, ${item} select, ${item} input[type=text]`;

async function typeOf(page: Page, item: string): Promise<string> {
  const head = await page.locator(`${item} .player-item-head`).innerText();
  return Object.keys(BY_KEYS).find((type) => head.includes(type)) ?? head;
}

/** Numbers of the items on the page that is shown. */
const numbersShown = (page: Page): Promise<number[]> =>
  page.locator('fieldset.player-item').evaluateAll((all) => all.map((one) => Number(one.id.slice('item-'.length))));

const focusedId = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '');

async function pressFocused(page: Page, words: string): Promise<void> {
  expect(await focused(page)).toBe(words);
  await page.keyboard.press('Enter');
}

describe('an exam by the keyboard alone', () => {
  let room: ExamRoom;

  beforeAll(async () => {
    room = await openExamRoom(2, 30);
  }, 180_000);
  afterAll(() => room.close());

  it('goes from the exam’s page to the receipt, through every type of item', async () => {
    const page = await room.sitDown();
    await tabTo(page, 'main form button');
    await pressFocused(page, '开始考试');
    await page.waitForURL(/\/attempts\//);
    await allSaved(page);
    const answered = await answerOneOfEach(page);
    expect([...answered.keys()].sort()).toEqual(Object.keys(BY_KEYS).sort());
    await handIn(page);
    expect(await page.getByRole('main').textContent()).toContain(`${answered.size} 题，共 40 题`);
  }, 240_000);

  /** Page by page with the button at its end. @returns the number of the item that was answered, by type */
  async function answerOneOfEach(page: Page): Promise<Map<string, number>> {
    const answered = new Map<string, number>();
    for (let shown = 1; shown <= PAGES; shown += 1) {
      const numbers = await numbersShown(page);
      // On turning the page the keyboard goes on at its first item.
      if (shown > 1) expect(await focusedId(page)).toBe(`item-${numbers[0] ?? 0}`);
      for (const number of numbers) {
        const item = `#item-${number}`;
        const type = await typeOf(page, item);
        if (answered.has(type)) continue;
        answered.set(type, number);
        await tabTo(page, fieldsOf(item));
        await BY_KEYS[type]?.(page, item);
        await expect.poll(() => saveOf(page, item), SOON).toBe('saved');
      }
      if (shown === PAGES) break;
      await tabTo(page, '.player-steps .button--primary');
      await pressFocused(page, '保存并到下一页');
      await expect.poll(() => numbersShown(page), SOON).not.toEqual(numbers);
    }
    return answered;
  }

  /** By way of the first item that is open, as the hand-in page offers it. */
  async function handIn(page: Page): Promise<void> {
    await tabTo(page, '.player-steps button[value=hand-in]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/hand-in$/);
    await tabTo(page, 'main .player-nav-cell');
    const open = `#item-${(await focused(page)).replace(/\D/g, '')}`;
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`${open}$`));
    await allSaved(page);
    await tabTo(page, fieldsOf(open));
    await tabTo(page, '.player-steps button[value=hand-in]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/hand-in$/);
    await tabTo(page, 'main form button');
    await pressFocused(page, '确认交卷');
    await page.waitForURL(/receipt/);
    await expect.poll(() => page.getByRole('main').textContent(), SOON).toMatch(/HZ-\w{5}-\w{5}/);
  }

  it('marks an item, takes an answer back and goes to any item by the overview, and never loses its place', async () => {
    const page = await room.sitDown();
    await startExam(page);
    await tabTo(page, fieldsOf('#item-1'));
    await page.keyboard.press('Space');
    await tabTo(page, '#item-1 .player-flag input');
    await page.keyboard.press('Space');
    await allSaved(page);
    expect(await page.locator('.player-nav li').first().innerText()).toContain('已标记');
    await tabTo(page, '#item-1 button[name=clear]');
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedId(page), SOON).toBe('item-1');
    expect(await chosen(page, '#item-1')).toEqual([]);
    await expect.poll(() => saveOf(page, '#item-1'), SOON).toBe('saved');
    await tabTo(page, '.player-nav button[value=item-23]');
    await page.keyboard.press('Space');
    await expect.poll(() => focusedId(page), SOON).toBe('item-23');
    await tabTo(page, '[data-ask-time]', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('[data-asked]').textContent(), SOON).toMatch(/^还剩 2\d 分 \d+ 秒。$/);
    expect(await focused(page)).toBe('读出剩余时间');
    await tabTo(page, '.player-clock-box [aria-pressed]', 'Shift+Tab');
    await pressFocused(page, '隐藏时钟');
    expect(await focused(page)).toBe('显示时钟');
  }, 120_000);
});
