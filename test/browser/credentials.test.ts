import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, complaints, sideways, signIn } from '../support/browser';
import { launchChromium } from '../support/chromium';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';
import { samplesOf } from '../support/samples';

const LANGS = ['zh-CN', 'en-GB'] as const;

describe('credentials', () => {
  let city: DemoServer;
  let browser: Browser;
  let samples: Record<string, string>;
  const people = new Map<string, Page>();
  const said: string[][] = [];

  beforeAll(async () => {
    [city, browser] = await Promise.all([startInProcess({ demo: true }), launchChromium()]);
    samples = await samplesOf(city.dataDir, toldSignIns(city.told).names['recruit'] ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await city.stop();
  });

  /** The page of somebody who is signed in, in a language; on a phone in the second one. */
  async function as(role: 'HR officer' | 'administrator', locale: (typeof LANGS)[number]): Promise<Page> {
    const known = people.get(`${role} ${locale}`);
    if (known) return known;
    const context = await browser.newContext({ locale, viewport: locale === 'zh-CN' ? { width: 1366, height: 900 } : { width: 360, height: 740 } });
    const page = await context.newPage();
    said.push(complaints(page));
    const { password, names } = toldSignIns(city.told);
    await signIn(page, city.url, names[role] ?? '', password);
    people.set(`${role} ${locale}`, page);
    return page;
  }

  async function expectSound(role: 'HR officer' | 'administrator', path: string): Promise<void> {
    for (const locale of LANGS) {
      const page = await as(role, locale);
      await page.goto(`${city.url}${path}`);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${path.replace(/\W+/g, '-')}-${locale}.png`, fullPage: true });
      expect({ path, axe: await axeViolations(page), sideways: await sideways(page) }).toEqual({ path, axe: [], sideways: 0 });
    }
  }

  it('are designed with a sample that follows what is typed, and published', async () => {
    const path = `/admin/credential-templates/${samples['/admin/credential-templates/:id id'] ?? ''}`;
    for (const each of ['/admin/credential-templates', '/admin/credential-issuers', path]) await expectSound('administrator', each);
    const page = await as('administrator', 'zh-CN');
    await page.goto(`${city.url}${path}`);
    const sample = page.locator('img.designer-sample');
    await page.fill('input[name=titleZh]', '岗前培训合格证');
    await page.check('input[name=orientation][value=landscape]');
    await expect.poll(async () => decodeURIComponent(await sample.getAttribute('src') ?? '')).toMatch(/titleZh=岗前培训合格证.*orientation=landscape/);
    await expect.poll(() => sample.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > image.naturalHeight)).toBe(true);
    await page.fill('input[name=sampleName]', '王𬎆');
    await page.getByRole('button', { name: '更新预览' }).click();
    await page.getByText('字体没有这些字：𬎆').waitFor();
    if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/designer-landscape.png`, fullPage: true });
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByText('草稿已保存').waitFor();
    await page.getByRole('button', { name: '发布第 1 版' }).click();
    await page.locator('.banner-title', { hasText: '第 1 版已发布' }).waitFor();
  });

  it('are revoked by two people: one asks, the other decides', async () => {
    const number = samples['number'] ?? '';
    await expectSound('HR officer', `/hr/credentials/${number}`);
    const hr = await as('HR officer', 'zh-CN');
    await hr.goto(`${city.url}/hr/credentials/${number}`);
    await hr.getByText('申请撤销', { exact: true }).click();
    await hr.locator('form#ask select[name=reason]').selectOption('misconduct');
    await hr.locator('form#ask textarea').fill('经核查，考试由他人代考。');
    await hr.getByRole('button', { name: '提交申请' }).click();
    await hr.getByText('已申请撤销').waitFor();
    await expectSound('HR officer', '/hr/credential-acts');
    await hr.goto(`${city.url}/hr/credential-acts`);
    await hr.locator('main table').first().locator('a').first().click();
    await hr.getByText('须由另一个人决定').waitFor();
    expect(await hr.getByRole('button', { name: '同意撤销' }).count()).toBe(0);

    await expectSound('administrator', new URL(hr.url()).pathname);
    const second = await as('administrator', 'zh-CN');
    await second.goto(hr.url());
    await second.locator('form#carry-out textarea').fill('情况属实，同意撤销。');
    await second.getByRole('button', { name: '同意撤销' }).click();
    await second.getByText('已撤销。').waitFor();
    for (const path of [`/check/${number}`, `/credentials/${number}`, '/hr/credential-runs']) await expectSound('HR officer', path);
    await hr.goto(`${city.url}/check/${number}`);
    expect(await hr.locator('main').innerText()).toMatch(/这份证书已撤销[\s\S]*违规取得/);
    // A style that was preloaded for a page that was left at once.
    expect(said.flat().filter((line) => !line.includes('preloaded using link preload'))).toEqual([]);
  });
});
