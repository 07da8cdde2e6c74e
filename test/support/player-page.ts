import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { HALL_EXAM } from './exam-hall';

/** For what the page does by itself, on a busy machine. */
export const SOON = { timeout: 30_000, interval: 100 };
/** A whole exam and all that follows, on a busy machine. */
export const A_LIFE = 120_000;
/** For filling a hall and starting program and browser there. */
export const TO_PREPARE = 300_000;

/** Starts the exam as a candidate does. @returns the attempt's id */
export async function startExam(page: Page, url: string, slug = HALL_EXAM): Promise<string> {
  await page.goto(`${url}/exams/${slug}`);
  await page.getByRole('button', { name: '开始考试' }).click();
  await page.waitForURL(/\/attempts\//);
  return attemptIn(page);
}

/** The attempt that the page is about. */
export const attemptIn = (page: Page): string => /\/attempts\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

export const item = (page: Page, number: number): Locator => page.locator(`#item-${number}`);
export const choose = (page: Page, number: number, option: number): Promise<void> => item(page, number).locator('label.option').nth(option).click();
export const chosen = (page: Page, number: number, option: number): Promise<boolean> => item(page, number).locator('label.option input').nth(option).isChecked();
/** Presses the item in the overview. */
export const goTo = (page: Page, number: number): Promise<void> => page.locator(`nav button[value=item-${number}]`).first().click();

/** The state of an answer, as the page has it beside the item. */
export const stateOf = (page: Page, number: number): Promise<string | null> => item(page, number).locator('[data-save]').getAttribute('data-save');

/** Waits until the page says that everything is with the server. */
export const saved = (page: Page): Promise<void> => expect.poll(() => page.locator('header [data-unsent]').getAttribute('data-unsent'), SOON).toBe('0');

/** Waits until the notices above the items say something. */
export const noticed = (page: Page, words: string | RegExp): Promise<void> =>
  expect.poll(() => page.locator('.player-notices').innerText(), SOON).toMatch(words);

/** What the page's main part says. */
export const mainText = (page: Page): Promise<string | null> => page.getByRole('main').textContent();

/** Minutes left on the running clock. */
export async function minutesLeft(page: Page): Promise<number> {
  const face = (await page.locator('[data-clock]').textContent()) ?? '';
  const [seconds = 0, minutes = 0, hours = 0] = face.split(':').map(Number).reverse();
  return hours * 60 + minutes + seconds / 60;
}
