import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '~/db';
import { act, giveTime, pause, resume, type ActRequest } from '~/exams';
import { hashPassword, presetPassword } from '~/identity';
import { minutes } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { axeViolations } from '../support/browser';
import { HALL_EXAM } from '../support/exam-hall';
import { answersStored, attemptNow, PlayerHouse, setExam } from '../support/player-house';
import { A_LIFE, choose, chosen, goTo, item, mainText, minutesLeft, noticed, saved, SOON, startExam, TO_PREPARE } from '../support/player-page';

const MINUTES = 30;
/** So soon a running clock follows, pushed or not. */
const FIVE_SECONDS = { timeout: 5000, interval: 50 };

describe('the player while others act', { timeout: A_LIFE }, () => {
  let house: PlayerHouse;

  beforeAll(async () => {
    house = await PlayerHouse.prepare('player-live', 10, MINUTES);
  }, TO_PREPARE);
  afterAll(() => house.close());
  afterEach(() => house.tidy());

  async function writing(script = true): Promise<{ page: Page; attempt: string }> {
    const { page } = await house.sitDown(house.seat(), { javaScriptEnabled: script });
    const attempt = await startExam(page, house.url);
    if (script) await saved(page);
    return { page, attempt };
  }
  const acts = (attempt: string, request: ActRequest) => act(house.invigilator, { sittingId: null, attempts: [attempt] }, { named: 1, ...request });
  const givenTo = (page: Page) => page.locator('[data-time-given]').getAttribute('data-time-given');

  // Five seconds are promised; a machine that is busy with other tests gets a second chance to keep them.
  it.each([['is open', false], ['is cut off', true]])('moves a running clock within five seconds when time is given and the stream %s', { retry: 2 }, async (_, cut) => {
    const { page, attempt } = await writing();
    if (cut) {
      await page.route('**/live', (route) => route.abort());
      await page.reload();
      await saved(page);
    }
    await expect.poll(() => minutesLeft(page), SOON).toBeGreaterThan(MINUTES - 2);
    must(await giveTime(house.invigilator, { attempts: [attempt] }, 10, '第三考场停电'));
    await expect.poll(() => givenTo(page), FIVE_SECONDS).toBe(String(minutes(10)));
    expect(await minutesLeft(page)).toBeGreaterThan(MINUTES + 8);
    expect(await page.locator('.player-notices').innerText()).toContain('考试时间增加了 10 分钟');
    expect(await axeViolations(page)).toEqual([]);
  });

  it('stands still in a pause, says so, and goes on with all of the time', async () => {
    const { page, attempt } = await writing();
    must(await pause(house.invigilator, { attempts: [attempt] }, '消防演练'));
    await noticed(page, '考试已暂停');
    expect(await page.locator('fieldset:disabled').count()).toBe(5);
    const stood = await minutesLeft(page);
    const { deadline_at: before } = await attemptNow(attempt);
    house.pass(minutes(10));
    await page.reload();
    await noticed(page, '考试已暂停');
    await expect.poll(() => minutesLeft(page), SOON).toBeCloseTo(stood, 1);
    expect(await axeViolations(page)).toEqual([]);
    must(await resume(house.invigilator, { attempts: [attempt] }, '演练结束'));
    await expect.poll(() => page.locator('fieldset:disabled').count(), SOON).toBe(0);
    expect((await attemptNow(attempt)).deadline_at - before).toBeGreaterThanOrEqual(minutes(10));
    expect(await minutesLeft(page)).toBeGreaterThan(stood - 1);
    await choose(page, 1, 1);
    await saved(page);
    expect(await answersStored(attempt)).toBe(1);
  });

  it('shows a message until it was read, in each tab', async () => {
    const { page, attempt } = await writing();
    const other = await page.context().newPage();
    await other.goto(`${house.url}/attempts/${attempt}`);
    must(await acts(attempt, { kind: 'message', reason: '', text: '第 3 题的“下列”指左边四项。' }));
    await noticed(page, '第 3 题的“下列”指左边四项。');
    await noticed(other, '监考人员通知');
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: '知道了' }).click();
    await expect.poll(() => page.locator('.player-message').count(), SOON).toBe(0);
    await expect.poll(() => other.locator('.player-message').count(), SOON).toBe(0);
    await page.reload();
    expect(await page.locator('.player-message').count()).toBe(0);
  });

  it('says that an attempt was voided, and lets nothing more be written', async () => {
    const { page, attempt } = await writing();
    must(await acts(attempt, { kind: 'void', reason: '替考' }));
    await noticed(page, '这次作答已经作废');
    expect(await page.locator('fieldset:disabled').count()).toBe(5);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('follows a candidate to another device by password, and tells the first one, which cannot write any more', async () => {
    await setExam(HALL_EXAM, { own_takeover: 1 });
    const seat = house.seat();
    const hash = await hashPassword('duanwang-2026-huanji');
    await inTransaction((tx) => presetPassword(tx, seat.accountId, hash));
    const { page: first } = await house.sitDown(seat);
    const attempt = await startExam(first, house.url);
    await choose(first, 1, 2);
    await saved(first);
    const { page: second } = await house.sitDown(seat, { viewport: { width: 360, height: 740 } });
    await second.goto(`${house.url}/attempts/${attempt}`);
    expect(await mainText(second)).toContain('密码');
    expect(await axeViolations(second)).toEqual([]);
    await second.locator('input[type=password]').fill('not the password');
    await second.getByRole('button', { name: '在本机接着作答' }).click();
    await second.locator('.field-error').waitFor();
    expect(await axeViolations(second)).toEqual([]);
    await second.locator('input[type=password]').fill('duanwang-2026-huanji');
    await second.getByRole('button', { name: '在本机接着作答' }).click();
    await second.locator('fieldset.player-item').first().waitFor();
    expect(await chosen(second, 1, 2)).toBe(true);
    await noticed(first, '正在另一台设备上作答');
    expect(await first.locator('fieldset:disabled').count()).toBe(5);
    expect(await axeViolations(first)).toEqual([]);
    await choose(second, 2, 0);
    await saved(second);
    expect(await answersStored(attempt)).toBe(2);
  });

  it('says the time left when asked, also while the clock is hidden, and not each second', async () => {
    const { page } = await writing();
    const running = page.locator('[data-clock]');
    expect(await running.getAttribute('role')).toBe('timer');
    expect(await running.getAttribute('aria-live')).toBe('off');
    await page.getByRole('button', { name: '隐藏时钟' }).click();
    expect(await running.count()).toBe(0);
    await page.locator('[data-ask-time]').click();
    await expect.poll(() => page.locator('[data-asked]').textContent(), SOON).toMatch(/^还剩 (29|28) 分 \d+ 秒。$/);
    expect(await page.locator('[data-announce]').textContent()).toBe('');
    expect(await axeViolations(page)).toEqual([]);
  });

  it('tells of pause and message without JavaScript, in the clock’s frame and above the items', async () => {
    const { page, attempt } = await writing(false);
    const frame = () => page.frames()[1]?.locator('body').innerText();
    await expect.poll(frame, SOON).toContain('还剩 29 分钟');
    must(await acts(attempt, { kind: 'message', reason: '', text: '请检查座位号。' }));
    must(await pause(house.invigilator, { attempts: [attempt] }, '停电'));
    // The frame renews itself; what is typed stays.
    await choose(page, 1, 1);
    await expect.poll(frame, SOON).toContain('考试已暂停');
    expect(await frame()).toContain('监考人员有新通知');
    expect(await chosen(page, 1, 1)).toBe(true);
    await goTo(page, 6);
    expect(await mainText(page)).toContain('什么都没有丢');
    must(await resume(house.invigilator, { attempts: [attempt] }, '来电'));
    await page.getByRole('button', { name: '重新发送' }).click();
    await item(page, 6).waitFor();
    expect(await page.locator('.player-message').innerText()).toBe('请检查座位号。');
    await choose(page, 6, 0);
    await page.getByRole('button', { name: '知道了' }).click();
    await expect.poll(() => page.locator('.player-message').count(), SOON).toBe(0);
    expect(await answersStored(attempt)).toBe(2);
    expect(await chosen(page, 6, 0)).toBe(true);
  });
});
