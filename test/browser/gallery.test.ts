import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium';
import { gallery, stylesheet, type GalleryPage } from './gallery';

let browser: Browser;
let zh: GalleryPage[];
let en: GalleryPage[];

beforeAll(async () => {
  [browser, zh, en] = await Promise.all([launchChromium(), gallery('zh'), gallery('en')]);
});
afterAll(() => browser.close());

interface Screen {
  width: number;
  colorScheme?: 'light' | 'dark';
  hasTouch?: boolean;
}

/** Runs `look` on every page in turn and collects what it found wrong, by page. */
async function eachPage(pages: GalleryPage[], screen: Screen, look: (page: Page) => Promise<unknown[]>): Promise<Record<string, unknown[]>> {
  const wrong: Record<string, unknown[]> = {};
  const context = await browser.newContext({ viewport: { width: screen.width, height: 800 }, colorScheme: screen.colorScheme ?? 'light', hasTouch: screen.hasTouch ?? false });
  for (const { name, html } of pages) {
    const page = await context.newPage();
    await page.setContent(html);
    const found = await look(page);
    if (found.length > 0) wrong[name] = found;
    await page.close();
  }
  await context.close();
  return wrong;
}

async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

const sideways = (page: Page): Promise<number[]> =>
  page.evaluate(() => [document.documentElement.scrollWidth - document.documentElement.clientWidth].filter((px) => px > 0));

describe('every page of the gallery', () => {
  it.each([
    { name: 'in Chinese, light', pages: () => zh, screen: { width: 1366 } },
    { name: 'in Chinese, dark', pages: () => zh, screen: { width: 1366, colorScheme: 'dark' as const } },
    { name: 'in English on a phone', pages: () => en, screen: { width: 360 } },
  ])('has nothing that axe objects to, $name', async ({ pages, screen }) => {
    expect(await eachPage(pages(), screen, violations)).toEqual({});
  }, 120_000);

  it.each([
    { name: 'in Chinese', pages: () => zh }, { name: 'in English', pages: () => en },
  ])('fits its window without scrolling sideways at any width, $name', async ({ pages }) => {
    // 683 px are 1366 px at a zoom of 200 %.
    const look = async (page: Page) => {
      const wrong: string[] = [];
      for (const width of [320, 360, 683, 768, 1366]) {
        await page.setViewportSize({ width, height: 800 });
        wrong.push(...(await sideways(page)).map((px) => `${px} px too wide at ${width}`));
      }
      return wrong;
    };
    expect(await eachPage(pages(), { width: 1366 }, look)).toEqual({});
  }, 120_000);

  it('fits with text twice as large, long tables apart', async () => {
    const look = async (page: Page) => {
      await page.addStyleTag({ content: 'html { font-size: 212.5% }' });
      return sideways(page);
    };
    expect(await eachPage(zh.filter(({ name }) => name !== 'list'), { width: 1366 }, look)).toEqual({});
  }, 120_000);

  it('has targets of 44 px for fingers', async () => {
    const small = (page: Page) => page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.button, .input, .option-text, summary, .shell-link, .player-nav-cell')]
        .filter((target) => target.offsetParent !== null && target.getBoundingClientRect().height < 43.5)
        .map((target) => `${target.className} ${target.innerText} ${target.getBoundingClientRect().height}`));
    expect(await eachPage(zh, { width: 360, hasTouch: true }, small)).toEqual({});
  }, 120_000);

  it('shows where the keyboard is', async () => {
    const page = await browser.newPage();
    await page.setContent(zh.find(({ name }) => name === 'fields')?.html ?? '');
    const rings = [];
    for (let n = 0; n < 30; n += 1) {
      await page.keyboard.press('Tab');
      rings.push(await page.evaluate(() => {
        const at = document.activeElement;
        // A radio or a box hands its ring to the row it stands in.
        const ringed = at?.classList.contains('option-control') ? at.nextElementSibling : at;
        return ringed ? `${getComputedStyle(ringed).outlineStyle} ${getComputedStyle(ringed).outlineWidth}` : 'nowhere';
      }));
    }
    await page.close();
    expect(new Set(rings)).toEqual(new Set(['solid 3px']));
  });

  it('carries no style attribute, script or foreign address that a strict policy would refuse', () => {
    const refused = /<[^>]+\sstyle=|<script|\son\w+=|(?:src|href)="(?:https?:)?\/\//;
    expect([...zh, ...en].filter(({ html }) => refused.test(html)).map(({ name }) => name)).toEqual([]);
  });
});

describe('the stylesheet', () => {
  it('uses nothing that Chromium 87 or Firefox 78 lack, and no foreign host', async () => {
    const css = (await stylesheet('app/ui/styles.css')).replace(/\/\*[^]*?\*\//g, '');
    const newer = [/:has\(/, /@container/, /@layer/, /color-mix\(/, /oklch\(/, /aspect-ratio/, /&\s*[.:[]/, /\b(?:dvh|svh|lvh|cqw)\b/, /subgrid/, /:where\(/, /url\(/];
    expect(newer.filter((feature) => feature.test(css))).toEqual([]);
  });
});
