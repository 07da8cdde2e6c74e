import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, sideways } from '../support/browser';
import { allSaved, openExamRoom, SOON, startExam, type ExamRoom } from '../support/exam-window';

/** 1366×768 at 200 %, and a phone. */
const ZOOMED: BrowserContextOptions = { viewport: { width: 683, height: 384 }, deviceScaleFactor: 2 };
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true };
/** With items of every type: the first one of each on a page. */
const PAGES_OF_ITEMS = [1, 21, 36, 40];
/** More stops than the page has. */
const MOST_STOPS = 150;

/** A control that has the keyboard: where it is, and whether all of it can be seen. */
interface Stop {
  name: string;
  seen: boolean;
  outlined: boolean;
}

/** Read in the page: a control together with what is drawn for it. */
const stopHere = (page: Page): Promise<Stop | null> => page.evaluate(() => {
  const here = document.activeElement;
  if (!(here instanceof HTMLElement) || here === document.body) return null;
  // The row of an option is drawn for its control.
  const drawn = here.matches('.option-control') ? here.parentElement?.querySelector('.option-text') ?? here : here;
  const box = drawn.getBoundingClientRect();
  const style = getComputedStyle(drawn);
  const inside = box.height > 0 && box.top >= -1 && box.bottom <= window.innerHeight + 1 && box.left >= -1 && box.right <= window.innerWidth + 1;
  // Nothing lies over it: neither the head that stays nor anything else.
  const uncovered = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2].every((y) => {
    const hit = document.elementFromPoint((box.left + box.right) / 2, y);
    return hit !== null && (drawn.contains(hit) || hit.contains(drawn));
  });
  return {
    name: [here.tagName, here.getAttribute('name'), here.getAttribute('value'), here.innerText].filter(Boolean).join(' '),
    seen: inside && uncovered,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
});

/** Every stop of the page in one direction, until the browser's own controls would come. */
async function stops(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<Stop[]> {
  const all: Stop[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let pressed = 0; pressed < MOST_STOPS; pressed += 1) {
    await page.keyboard.press(key);
    const stop = await stopHere(page);
    if (!stop) return all;
    all.push(stop);
  }
  throw new Error('the Tab key goes round in circles');
}

/** The page leads the keyboard to the item once it is drawn; until then it would come in between. */
const keyboardIsAt = (page: Page, number: number): Promise<void> =>
  expect.poll(() => page.evaluate(() => document.activeElement?.id), SOON).toBe(`item-${number}`);

async function expectEveryStopSeen(page: Page): Promise<void> {
  for (const key of ['Tab', 'Shift+Tab'] as const) {
    const all = await stops(page, key);
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter(({ seen, outlined }) => !seen || !outlined)).toEqual([]);
  }
}

const goTo = (page: Page, number: number): Promise<void> => page.locator(`.player-nav button[value=item-${number}]`).click();

/** Whether all of an element can be seen and hit where it stands. */
const inView = (page: Page, selector: string): Promise<boolean> => page.locator(selector).first().evaluate((one) => {
  const box = one.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return box.top >= 0 && box.bottom <= window.innerHeight && box.left >= 0 && box.right <= window.innerWidth && hit !== null && (one.contains(hit) || hit.contains(one));
});

describe('an exam in a small window', () => {
  let room: ExamRoom;

  beforeAll(async () => {
    room = await openExamRoom(14, 100);
  }, 180_000);
  afterAll(() => room.close());

  async function startIn(small: BrowserContextOptions): Promise<Page> {
    const page = await room.sitDown(small);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await startExam(page);
    return page;
  }

  it.each([
    { name: 'at 200 % on 1366×768', small: ZOOMED },
    { name: 'on a phone', small: PHONE },
  ])('is never wider than it, and shows whatever has the keyboard, $name', async ({ small }) => {
    const page = await startIn(small);
    for (const number of PAGES_OF_ITEMS) {
      await goTo(page, number);
      await expect.poll(() => inView(page, `#item-${number} .player-item-number`), SOON).toBe(true);
      expect(await sideways(page)).toBeLessThanOrEqual(0);
    }
    await goTo(page, 36);
    await keyboardIsAt(page, 36);
    await expectEveryStopSeen(page);
    await goTo(page, 1);
    await keyboardIsAt(page, 1);
    await expectEveryStopSeen(page);
    await page.locator('.player-steps button[value=hand-in]').click();
    await page.waitForURL(/hand-in$/);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: '确认交卷' }).click();
    await page.waitForURL(/receipt/);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
  }, 240_000);

  it.each([
    { name: 'at 200 % on 1366×768', small: ZOOMED },
    { name: 'on a phone', small: PHONE },
  ])('has the time, its button and the overview at hand, $name', async ({ small }) => {
    const page = await startIn(small);
    for (const part of ['[data-clock]', '[data-ask-time]', '.player-clock-box [aria-pressed]', '.player-jump']) expect(await inView(page, part)).toBe(true);
    expect(await page.locator('.player-head').evaluate((head) => head.getBoundingClientRect().height / window.innerHeight)).toBeLessThan(0.4);
    await page.locator('.player-jump').click();
    await expect.poll(() => inView(page, '#player-navigator'), SOON).toBe(true);
    await goTo(page, 21);
    await expect.poll(() => inView(page, '#item-21 .player-item-number'), SOON).toBe(true);
    expect(await axeViolations(page)).toEqual([]);
  }, 120_000);

  it('says the time when asked, on top of the clock or without it, and that it stands still in a pause', async () => {
    const page = await startIn(PHONE);
    const said = () => page.locator('[role=status][data-asked]').innerText();
    expect(await said()).toBe('');
    await page.locator('[data-ask-time]').click();
    await expect.poll(said, SOON).toMatch(/^还剩 1 小时 39 分 \d+ 秒。$/);
    await page.getByRole('button', { name: '隐藏时钟' }).click();
    expect(await page.locator('[data-clock]').count()).toBe(0);
    await page.locator('[data-ask-time]').click();
    await expect.poll(said, SOON).toMatch(/^还剩 1 小时 3\d 分 \d+ 秒。$/);
    expect(await inView(page, '[data-asked]')).toBe(true);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await pausedByServer(page);
    await expect.poll(() => page.getByText('考试已暂停').count(), SOON).toBeGreaterThan(0);
    await page.locator('[data-ask-time]').click();
    await expect.poll(said, SOON).toMatch(/^考试已暂停，时间不再减少。还剩 1 小时 3\d 分 \d+ 秒。$/);
    const once = await said();
    await page.getByRole('button', { name: '显示时钟' }).click();
    await page.locator('[data-ask-time]').click();
    await expect.poll(said, SOON).toBe(once);
  }, 120_000);

  it.each([
    { name: 'in the colours of the system', media: { forcedColors: 'active' as const } },
    { name: 'in dark colours of the system', media: { forcedColors: 'active' as const, colorScheme: 'dark' as const } },
    { name: 'without movement', media: { reducedMotion: 'reduce' as const } },
  ])('can be written $name', async ({ media }) => {
    const page = await startIn({ ...ZOOMED, ...media });
    await page.locator('#item-1 label.option').nth(1).click();
    await page.locator('#item-2 .player-flag').click();
    await allSaved(page);
    await expect.poll(() => page.locator('.player-nav li').first().innerText(), SOON).toContain('已答');
    const all = await stops(page, 'Tab');
    expect(all.filter(({ outlined }) => !outlined)).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    if (media.reducedMotion) expect(await page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).transitionDuration !== '0s' || getComputedStyle(one).animationName !== 'none').length)).toBe(0);
    else expect(await drawnApart(page)).toBe(true);
  }, 120_000);

  /** Whether the chosen option looks other than one that is not, by more than colours that the system takes away. */
  const drawnApart = (page: Page): Promise<boolean> => page.locator('#item-1 .option-control').evaluateAll((all) => {
    const [not, is] = all as HTMLInputElement[];
    return is?.checked === true && not?.checked === false && [not, is].every((one) => getComputedStyle(one).opacity === '1' && getComputedStyle(one).appearance !== 'none' && one.getBoundingClientRect().width >= 15);
  });
});

/** The server’s word on how things stand, as if the invigilator had paused the exam; pushed news come too late. */
async function pausedByServer(page: Page): Promise<void> {
  let pausedAt: string | null = null;
  await page.route('**/live', (route) => route.abort());
  await page.route('**/standing', async (route: Route) => {
    const response = await route.fetch();
    const standing = (await response.json()) as { serverNow: string };
    pausedAt ??= standing.serverNow;
    await route.fulfill({ response, json: { ...standing, pausedAt } });
  });
  // A connection in doubt is asked about at once.
  await page.context().setOffline(true);
  await page.context().setOffline(false);
}
