import type { Page } from 'playwright-core';

/** Gives the right response to an item, by the controls that a candidate has. */
export async function answerRightly(page: Page, { item, type, key }: { item: string; type: string; key: unknown }): Promise<void> {
  const name = `r.${item}`;
  const value = (wanted: string) => page.locator(`[name="${name}"][value="${wanted}"]`);
  switch (type) {
    case 'single': return value(String(key)).check();
    case 'true-false': return value(String(key)).check();
    case 'multiple':
      for (const letter of key as string[]) await value(letter).check();
      return;
    case 'order': return placeInOrder(page, name, key as string[]);
    case 'match':
      for (const [left, right] of Object.entries(key as Record<string, string>)) await page.locator(`select[name="${name}.${left}"]`).selectOption(right);
      return;
    case 'short': return page.locator(`[name="${name}"]`).fill((key as string[])[0] ?? '');
    default: throw new Error(`no such type: ${type}`);
  }
}

/** Each place gets its option. */
async function placeInOrder(page: Page, name: string, key: string[]): Promise<void> {
  for (const [i, letter] of key.entries()) await page.locator(`select[name="${name}.${i + 1}"]`).selectOption(letter);
}
