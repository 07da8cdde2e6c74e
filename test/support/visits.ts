import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { answerRightly } from './sitting';

const PASSWORD = '青山-绿水-8848-qsls';
const CODE = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/;

export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('main').getByRole('button', { name });

/** What people do at the pages of an installation, by the controls that they have. */
export class Visits {
  constructor(private readonly url: string) {}

  async activate(page: Page, name: string, code: string): Promise<void> {
    await page.goto(`${this.url}/activate`);
    await page.fill('input[name=name]', name);
    await page.fill('input[name=code]', code);
    await button(page, '继续').click();
    await this.choosePassword(page);
  }

  async choosePassword(page: Page): Promise<void> {
    await page.fill('input[name=password]', PASSWORD);
    await page.fill('input[name=passwordAgain]', PASSWORD);
    await button(page, '保存密码并登录').click();
    await page.waitForURL((url) => !url.pathname.startsWith('/activate'));
  }

  async signIn(page: Page, name: string): Promise<void> {
    await page.goto(`${this.url}/sign-in`);
    await page.fill('input[name=name]', name);
    await page.fill('input[name=password]', PASSWORD);
    await button(page, '登录').click();
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  }

  /** An administrator opens an account with a role over everything. @returns the one-time code */
  async openPure(page: Page, name: string, role: string): Promise<string> {
    await page.goto(`${this.url}/admin/accounts/new`);
    const form = page.locator('form:has(input[name=signInName])');
    await form.locator('input[name=signInName]').fill(name);
    await form.locator('select[name=role]').selectOption(role);
    await form.locator('select[name=organisationId]').selectOption({ index: 1 });
    await form.getByRole('button', { name: '建立账号' }).click();
    return freshCode(page);
  }

  /** An administrator registers a leader. @returns the one-time code */
  async openLeader(page: Page, staffNumber: string): Promise<string> {
    await page.goto(`${this.url}/admin/accounts/new`);
    const form = page.locator('form:has(input[name=staffNumber])');
    await form.locator('input[name=name]').fill('周明远');
    await form.locator('input[name=staffNumber]').fill(staffNumber);
    await form.locator('select[name=organisationId]').selectOption({ index: 1 });
    await form.locator('select[name=kind]').selectOption('leader');
    await form.locator('input[name=post]').fill('局长');
    await form.locator('input[name=startOfDuty]').fill('2022-06-01');
    await form.getByRole('button', { name: '建立人员和账号' }).click();
    return freshCode(page);
  }

  async readAll(page: Page, slug: string): Promise<void> {
    await page.goto(`${this.url}/courses/${slug}`);
    const links = await page.locator(`main a[href^="/courses/${slug}/"]`).evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
    for (const href of [...new Set(links)].filter((one) => /\/\d\d-/.test(one)).sort()) {
      await page.goto(`${this.url}${href}`);
      await button(page, /^标为已读/).click();
      await page.waitForURL((url) => url.pathname !== href);
    }
  }

  async secondsLeft(page: Page): Promise<number> {
    await expect.poll(() => page.locator('[data-clock]').innerText()).toMatch(/\d+:\d\d/);
    const [minutes = 0, seconds = 0] = (await page.locator('[data-clock]').innerText()).split(':').map(Number);
    return minutes * 60 + seconds;
  }

  /** Answers what is left, five a page, and hands in. */
  async finishExam(page: Page, keys: { item: string; type: string; key: unknown }[], firstPage: number): Promise<void> {
    for (let i = 0; i < keys.length; i += 5) {
      await page.locator(`button[name=to][value="item-${(firstPage - 1) * 5 + i + 1}"]`).first().click();
      for (const key of keys.slice(i, i + 5)) await answerRightly(page, key);
    }
    await page.locator('button[name=to][value=hand-in]').first().click();
    await page.waitForURL(/\/hand-in/);
    await button(page, '确认交卷').click();
    await page.waitForURL(/\/receipt/);
    expect(await page.locator('main').innerText()).toMatch(/回执/);
  }
}

async function freshCode(page: Page): Promise<string> {
  const text = await page.locator('main').getByText(CODE).first().innerText();
  return CODE.exec(text)?.[0] ?? '';
}
