import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adoptRootOrganisation } from '~/people';
import { days, minutes, seconds } from '~/kernel/clock';
import { aSignedInAccount } from '../support/actors';
import { axeViolations } from '../support/browser';
import { answersStored, attemptNow, PlayerHouse } from '../support/player-house';
import { A_LIFE, choose, chosen, goTo, item, mainText, minutesLeft, noticed, saved, SOON, startExam, stateOf, TO_PREPARE } from '../support/player-page';

const MINUTES = 30;

/** A device whose clock is wrong by this much, in everything that a page can ask it. */
const clockWrongBy = (ms: number): string => `(() => {
  const Right = Date;
  const wrong = ${ms};
  window.Date = class extends Right {
    constructor(...given) { if (given.length === 0) super(Right.now() + wrong); else super(...given); }
    static now() { return Right.now() + wrong; }
  };
})()`;

describe('the player when the network, the power or the clock fails', { timeout: A_LIFE }, () => {
  let house: PlayerHouse;

  beforeAll(async () => {
    house = await PlayerHouse.prepare('player-network', 16, MINUTES);
  }, TO_PREPARE);
  afterAll(() => house.close());
  afterEach(() => house.tidy());

  const start = (page: Page): Promise<string> => startExam(page, house.url);

  /** Lets time pass until so much is left, and waits until the page has heard of it. */
  async function leave(page: Page, attempt: string, ms: number): Promise<void> {
    house.pass((await attemptNow(attempt)).deadline_at - house.now() - ms);
    await expect.poll(() => minutesLeft(page), SOON).toBeLessThanOrEqual(ms / minutes(1));
  }

  it('keeps what was typed offline over the end of the browser itself, and sends it when both are back', async () => {
    const profile = mkdtempSync(path.join(tmpdir(), 'shanggang-profile-'));
    const seat = house.seat();
    const before = await house.sitDownWith(profile, seat);
    const attempt = await start(before.page);
    await saved(before.page);
    await before.context.setOffline(true);
    await choose(before.page, 1, 1);
    await goTo(before.page, 40);
    await item(before.page, 40).locator('input[type=text]').fill('断网时写的');
    await item(before.page, 40).locator('input[type=checkbox]').check();
    await expect.poll(() => stateOf(before.page, 40), SOON).toBe('kept');
    expect(await item(before.page, 40).locator('[data-save]').textContent()).toBe('暂存在本机，待发送');
    await before.context.close();
    expect(await answersStored(attempt)).toBe(0);

    const { page } = await house.sitDownWith(profile, seat);
    await page.goto(`${house.url}/attempts/${attempt}?item=40`);
    await expect.poll(() => item(page, 40).locator('input[type=text]').inputValue(), SOON).toBe('断网时写的');
    await saved(page);
    expect(await answersStored(attempt)).toBe(2);
    await page.goto(`${house.url}/attempts/${attempt}`);
    expect(await chosen(page, 1, 1)).toBe(true);
    expect(await page.locator('.player-answered').textContent()).toContain('已答 2 题');
    rmSync(profile, { recursive: true, force: true });
  });

  it('counts what was changed before a deadline that passed offline, on a device whose clock is a year slow', async () => {
    const { context, page } = await house.sitDown(house.seat(), { script: clockWrongBy(-days(365)) });
    const attempt = await start(page);
    await saved(page);
    await leave(page, attempt, seconds(15));
    await context.setOffline(true);
    await choose(page, 1, 0);
    await noticed(page, '考试时间到');
    expect(await page.locator('fieldset:disabled').count()).toBe(5);
    expect(await axeViolations(page)).toEqual([]);
    await context.setOffline(false);
    await page.waitForURL(new RegExp(`${attempt}/receipt`));
    await expect.poll(() => mainText(page), SOON).toContain('1 题，共 40 题');
    expect(await mainText(page)).toContain('时间到，自动交卷');
  });

  it('keeps as evidence what comes after the tolerance, and says so', async () => {
    const { context, page } = await house.sitDown();
    const attempt = await start(page);
    await choose(page, 1, 0);
    await saved(page);
    await context.setOffline(true);
    await choose(page, 2, 0);
    await expect.poll(() => stateOf(page, 2), SOON).toBe('kept');
    house.pass(minutes(MINUTES) + seconds(90));
    await expect.poll(async () => (await fetch(`${house.url}/health/live`)).ok && (await attemptNow(attempt)).state !== 'in-progress', SOON).toBe(true);
    await context.setOffline(false);
    await noticed(page, '考试时间到，已自动交卷');
    await expect.poll(() => stateOf(page, 2), SOON).toBe('evidence');
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('link', { name: '查看回执' }).click();
    await expect.poll(() => mainText(page), SOON).toContain('1 题，共 40 题');
  });

  it.each([
    ['five minutes slow', -minutes(5)], ['five minutes fast', minutes(5)], ['a year slow', -days(365)], ['a year fast', days(365)],
  ])('shows the server’s time and says when answers were changed by it on a device whose clock is %s', async (_, wrong) => {
    const { page } = await house.sitDown(house.seat(), { script: clockWrongBy(wrong) });
    const attempt = await start(page);
    await saved(page);
    const sent = page.waitForRequest((request) => request.url().endsWith('/responses') && (request.postData() ?? '').includes('changedAt'));
    await choose(page, 1, 1);
    const { changes } = (await sent).postDataJSON() as { changes: { changedAt: string }[] };
    expect(Math.abs(Date.parse(changes[0]?.changedAt ?? '') - house.now())).toBeLessThan(seconds(30));
    await saved(page);
    const left = ((await attemptNow(attempt)).deadline_at - house.now()) / minutes(1);
    expect(Math.abs((await minutesLeft(page)) - left)).toBeLessThan(0.2);
    await page.reload();
    await saved(page);
    expect(await chosen(page, 1, 1)).toBe(true);
  });

  it('gives an encrypted answer file when the network is gone at the hand-in; it is accepted once, by the page for it', async () => {
    const { context, page } = await house.sitDown();
    const attempt = await start(page);
    await choose(page, 1, 0);
    await saved(page);
    await context.setOffline(true);
    await choose(page, 2, 1);
    await page.locator('.player-steps button[value=hand-in]').click();
    await noticed(page, '暂时不能交卷');
    // Said once: not beside a banner that tells to write on.
    expect(await mainText(page)).not.toContain('请继续作答');
    expect(await axeViolations(page)).toEqual([]);
    const file = await answerFileOf(page);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ shanggang: 'answers', version: 1, attempt });
    await context.close();

    const root = await adoptRootOrganisation();
    const { page: office } = await house.sitDown({ cookie: (await aSignedInAccount({ role: 'invigilator', organisationId: root.id })).cookie });
    await upload(office, file);
    await office.getByRole('button', { name: '确认接收' }).click();
    await expect.poll(() => mainText(office), SOON).toContain('已接收并为考生交卷');
    expect((await attemptNow(attempt)).state).not.toBe('in-progress');
    expect(await answersStored(attempt)).toBe(2);
    await upload(office, file);
    await expect.poll(() => mainText(office), SOON).toContain('已经接收过了');
  });

  it('offers the file on the page of the hand-in, too, and hands in once the network is back', async () => {
    const { context, page } = await house.sitDown();
    await start(page);
    await choose(page, 1, 0);
    await saved(page);
    await page.locator('.player-steps button[value=hand-in]').click();
    await page.waitForURL(/hand-in$/);
    await expect.poll(() => page.locator('[data-clock]').count(), SOON).toBe(1);
    await context.setOffline(true);
    await page.getByRole('button', { name: '确认交卷' }).click();
    await expect.poll(() => mainText(page), SOON).toContain('暂时不能交卷');
    expect(readFileSync(await answerFileOf(page), 'utf8')).toContain('"sealed"');
    expect(await axeViolations(page)).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('button', { name: '确认交卷' }).click();
    await page.waitForURL(/receipt/);
    await expect.poll(() => mainText(page), SOON).toContain('1 题，共 40 题');
  });

  async function answerFileOf(page: Page): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '保存答卷文件' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^答卷_.*\.json$/);
    await page.getByText('请交给监考人员。').waitFor();
    const kept = path.join(mkdtempSync(path.join(tmpdir(), 'shanggang-file-')), 'answers.json');
    await download.saveAs(kept);
    return kept;
  }

  async function upload(page: Page, file: string): Promise<void> {
    await page.goto(`${house.url}/invigilate/answer-file`);
    await page.locator('input[type=file]').setInputFiles(file);
    await page.locator('textarea[name=reason]').fill('考场断网，考生无法交卷。');
    await page.getByRole('button', { name: '查看文件' }).click();
  }
});
