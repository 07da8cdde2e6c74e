import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchChromium } from './chromium';
import { HALL_EXAM, prepareHall, type Seat } from './exam-hall';
import { startInProcess, type DemoServer } from './running';
import { freshFolder, removeFolder } from './server';

/** For what the page does by itself; generous, because the machine has other things to do too. */
export const SOON = { timeout: 20_000 };

/** A hall with candidates who may start, and a browser for them. */
export interface ExamRoom {
  house: DemoServer;
  /** The exam's page, in a window of its own, for a candidate who has not started. */
  sitDown(window?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** @param minutes length of the exam */
export async function openExamRoom(seats: number, minutes: number): Promise<ExamRoom> {
  const folder = freshFolder('window');
  const free: Seat[] = await prepareHall({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }, seats, minutes);
  const [house, browser]: [DemoServer, Browser] = await Promise.all([startInProcess({ demo: false, env: { DATA_DIR: folder } }), launchChromium()]);
  const contexts: BrowserContext[] = [];
  return {
    house,
    async sitDown(window = {}) {
      const seat = free.pop();
      if (!seat) throw new Error('no seat is left');
      const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 768 }, ...window });
      contexts.push(context);
      await context.addCookies([{ name: 'sid', value: seat.cookie.split('=')[1] ?? '', url: house.url }]);
      const page = await context.newPage();
      await page.goto(`${house.url}/exams/${HALL_EXAM}`);
      return page;
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
      await house.stop();
      removeFolder(folder);
    },
  };
}

/** Starts the exam by its button, and waits until the player runs. */
export async function startExam(page: Page): Promise<void> {
  await page.getByRole('button', { name: '开始考试' }).click();
  await page.waitForURL(/\/attempts\//);
  await allSaved(page);
}

/** Waits until everything is with the server, as the head of the page says. */
export const allSaved = (page: Page): Promise<void> =>
  expect.poll(() => page.locator('header [data-unsent]').getAttribute('data-unsent'), SOON).toBe('0');

/** What has the keyboard: its own words, those of its label, or its name. */
export const focused = (page: Page): Promise<string> => page.evaluate(() => {
  const here = document.activeElement;
  const labels = here instanceof HTMLInputElement || here instanceof HTMLSelectElement ? [...here.labels ?? []].map((label) => label.innerText) : [];
  return [...labels, here instanceof HTMLElement ? here.innerText : '', here?.getAttribute('aria-label') ?? ''].find((words) => words.trim() !== '')?.trim() ?? here?.tagName ?? '';
});

/** Goes on with the Tab key until what has the keyboard matches. */
export async function tabTo(page: Page, selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const there = () => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  for (let pressed = 0; pressed < MOST_STOPS; pressed += 1) {
    await page.keyboard.press(key);
    if (await there()) return;
  }
  throw new Error(`${key} never comes to ${selector}; it is at ${await focused(page)}`);
}

/** More stops than any of our pages has. */
const MOST_STOPS = 150;
