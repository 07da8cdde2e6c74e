import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';

/** What axe objects to on the page, by the rules of WCAG 2.2 AA and its best practices. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Pixels by which the page is wider than its window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Everything that the browser complains about on the page from now on. */
export function complaints(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
  return said;
}

/** Signs in as a person does. */
export async function signIn(page: Page, url: string, name: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('main form button[type=submit]');
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
}

/** A page for whoever has this cookie; nothing of any other context. */
export async function withCookie(context: BrowserContext, url: string, cookie: string | undefined): Promise<void> {
  const [name, value] = (cookie ?? '').split('=');
  if (name && value) await context.addCookies([{ name, value, url }]);
}
