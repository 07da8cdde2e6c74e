import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig, type Config } from '~/kernel/config';
import { must } from '~/kernel/result';
import {
  allWords, badAddressesOf, changeHouse, changePreferences, changeWords, deliver, makeGateway, noticesOf, ownPreferences, previewOf, restoreWords, sampleValues, SHIPPED_HOUSE, trustAddress, tryWords, versionedHouse, watchBounces, wordsOf,
} from '~/notices';
import { NOTICE_KEYS, shippedWording, wordNotice } from '~/text/notice';
import { textFor } from '~/text';
import { drainOutbox } from '~jobs/drain';
import { aCity, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { gatewayServer, type GatewayServer } from '../support/gateway-server';
import { mailServer, opened, type MailServer } from '../support/mail-server';
import { tellNow } from '../support/notices';

const BY = { by: 'account:a-test' } as const;
const Log = z.object({ channel: z.string(), result: z.string(), detail: z.string() });
const logOf = (dispatchId: string) => rows(reader(), Log, 'SELECT channel, result, detail FROM send_log WHERE dispatch_id = $dispatchId ORDER BY claimed_at, id', { dispatchId });

onEveryDatabase('how people are told', () => {
  let city: City;
  let mail: MailServer;
  let gateway: GatewayServer;
  let folder: string;

  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-06');
    city = await aCity();
  });
  beforeEach(async () => {
    itIs('2026-05-06');
    await inTransaction((tx) => execute(tx, 'UPDATE notice_channels SET active = 0'));
    mail = await mailServer();
    gateway = await gatewayServer();
    folder = mkdtempSync(path.join(tmpdir(), 'shanggang-bounces-'));
    serve();
  });
  afterEach(async () => {
    await mail.close();
    await gateway.close();
    resetClock();
  });

  const serve = (given: Partial<Config> = {}): void =>
    useConfig(testConfig({ SMTP_URL: mail.url, MAIL_FROM: '上岗 <shanggang@example.gov.cn>', PUBLIC_URL: 'https://sg.example.gov.cn', BOUNCE_DIR: folder, ...given }));

  describe('by their own choice', () => {
    const change = async (personId: string, wanted: Partial<Parameters<typeof changePreferences>[2]>) => {
      const { preferences: { version, ...now } } = await ownPreferences(reader(), personId);
      return changePreferences({ ...BY, personId }, version, { ...now, ...wanted });
    };

    it('is within the law of the house: what it forbids is refused, and nothing is stored', async () => {
      const { personId } = await somebody(city, { email: 'lin@example.gov.cn' });
      expect(await change(personId, { off: ['duty'] })).toMatchObject({ ok: false, error: { code: 'notice.not-optional', field: 'off' } });
      expect(await change(personId, { off: ['credential'] })).toMatchObject({ ok: false, error: { code: 'notice.not-optional' } });
      expect(await change(personId, { digestHour: 3 })).toMatchObject({ ok: false, error: { code: 'notice.hour-quiet', field: 'digestHour' } });
      expect(await change(personId, { channels: ['pigeon'] })).toMatchObject({ ok: false, error: { field: 'channels' } });
      expect((await ownPreferences(reader(), personId)).preferences).toMatchObject({ version: 0, off: [], channels: null });

      must(await change(personId, { off: ['weekly'], digestHour: 11, lang: 'en', channels: ['e-mail'] }));
      expect((await ownPreferences(reader(), personId)).preferences).toMatchObject({ version: 1, off: ['weekly'], digestHour: 11, lang: 'en', channels: ['e-mail'] });
      expect(await changePreferences({ ...BY, personId }, 0, { channels: null, digestHour: null, lang: 'both', off: [] })).toMatchObject({ ok: false, error: { code: 'conflict.changed' } });
      expect(await countOf('ledger_events', `kind = 'notices.preferences-changed' AND person_id = $personId`, { personId })).toBe(1);
    });

    it('counts at the next sending: language, and what the house lets be switched off', async () => {
      const { personId } = await somebody(city, { email: 'lin@example.gov.cn' });
      const { version } = await versionedHouse(reader());
      must(await changeHouse(BY, { ...SHIPPED_HOUSE, optional: ['credential'] }, version));
      must(await change(personId, { lang: 'en', off: ['credential'] }));
      const [quiet, loud] = [await tellNow(personId, CREDENTIAL), await tellNow(personId, SECURITY())];
      await deliver(quiet);
      await deliver(loud);
      expect((await one(reader(), z.object({ outcome: z.string() }), 'SELECT outcome FROM dispatches WHERE id = $id', { id: quiet })).outcome).toBe('switched-off');
      expect(mail.mails).toHaveLength(1);
      expect((await opened(mail.mails[0])).text).not.toMatch(/[\u4e00-\u9fff]{6}/);
      must(await changeHouse(BY, SHIPPED_HOUSE, (await versionedHouse(reader())).version));
    });
  });

  const SECURITY = () => ({ kind: 'security' as const, params: { what: 'password-changed' as const, doneAt: clock.now() } });
  const CREDENTIAL = { kind: 'credential-revoked' as const, params: { number: 'SG-1', reasonCode: 'misconduct', successor: '' } };

  describe('when mail comes back', () => {
    const report = (dispatchId: string, given: { to?: string; status?: string; action?: string } = {}): string => [
      'From: MAILER-DAEMON@mx.example.gov.cn', 'To: shanggang@example.gov.cn', 'Subject: Undelivered Mail Returned to Sender', 'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"', '', '--b1', 'Content-Type: text/plain', '', 'It could not be delivered.', '', '--b1',
      'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.gov.cn', '', `Final-Recipient: rfc822; ${given.to ?? 'lin@example.gov.cn'}`, `Action: ${given.action ?? 'failed'}`,
      `Status: ${given.status ?? '5.1.1'}`, 'Diagnostic-Code: smtp; 550 5.1.1 unknown', ' user', '', '--b1', 'Content-Type: text/rfc822-headers', '', `Message-ID: <${dispatchId}@example.gov.cn>`, 'Subject: x', '', '--b1--', '',
    ].join('\r\n');
    const comesBack = (name: string, content: string): void => writeFileSync(path.join(folder, name), content);
    const files = (own: string) => readdirSync(path.join(folder, own));

    async function sent(): Promise<{ personId: string; dispatchId: string }> {
      const { personId } = await somebody(city, { email: 'lin@example.gov.cn' });
      const dispatchId = await tellNow(personId, SECURITY());
      await deliver(dispatchId);
      expect((await logOf(dispatchId)).map(({ result }) => result)).toEqual(['sent']);
      return { personId, dispatchId };
    }

    it('is shown with what the other side said, and told by the next way', async () => {
      const { personId, dispatchId } = await sent();
      must(await makeGateway(BY, { name: `网关 ${dispatchId}`, kind: 'messenger', url: gateway.url, secret: 's'.repeat(32), body: '{"to":"{{address}}","text":"{{text}}"}', addressedBy: 'e-mail', knowsRepeats: true, active: true }));
      comesBack('1.eml', report(dispatchId));
      expect(await watchBounces()).toBe(1);
      await drainOutbox();
      expect(await logOf(dispatchId)).toMatchObject([{ channel: 'e-mail', result: 'bounced', detail: '5.1.1 smtp; 550 5.1.1 unknown user' }, { result: 'sent' }]);
      expect(await badAddressesOf(reader(), personId)).toMatchObject([{ channel: 'e-mail', address: 'l***@example.gov.cn' }]);
      expect([files('done'), files('other'), await countOf('ledger_events', `kind = 'notices.bounced' AND person_id = $personId`, { personId })]).toEqual([['1.eml'], [], 1]);

      const next = await tellNow(personId, SECURITY());
      await deliver(next);
      expect((await logOf(next)).map(({ channel }) => channel === 'e-mail')).toEqual([false]);
      await trustAddress(BY.by, personId, 'e-mail');
      const later = await tellNow(personId, SECURITY());
      await deliver(later);
      expect((await logOf(later)).map(({ channel }) => channel)).toContain('e-mail');
    });

    it('is recorded once, however often it comes back, and a full mailbox is tried again with the next notice', async () => {
      const { personId, dispatchId } = await sent();
      comesBack('1.eml', report(dispatchId, { status: '5.2.2' }));
      comesBack('2.eml', report(dispatchId, { status: '5.2.2' }));
      await watchBounces();
      await drainOutbox();
      expect((await logOf(dispatchId))[0]).toMatchObject({ result: 'bounced' });
      expect(await badAddressesOf(reader(), personId)).toEqual([]);
      expect(await countOf('ledger_events', `kind = 'notices.bounced' AND person_id = $personId`, { personId })).toBe(1);
      expect(mail.mails).toHaveLength(1);
    });

    it.each([
      { name: 'a delay', given: { action: 'delayed', status: '4.4.1' } },
      { name: 'a report about another address', given: { to: 'somebody@elsewhere.cn' } },
    ])('is not recorded for $name', async ({ given }) => {
      const { dispatchId } = await sent();
      comesBack('1.eml', report(dispatchId, given));
      comesBack('2.eml', 'Subject: out of office\r\n\r\nBack on Monday.');
      comesBack('3.eml', report('01999999-9999-7999-8999-999999999999'));
      expect(await watchBounces()).toBe(0);
      expect((await logOf(dispatchId)).map(({ result }) => result)).toEqual(['sent']);
      expect(files('other')).toEqual(['1.eml', '2.eml', '3.eml']);
    });
  });

  describe('in the words of the house', () => {
    const own = { titleZh: '请办：{{programme}}', textZh: '最迟{{dueOn}}。', titleEn: 'To do: {{programme}}', textEn: 'By {{dueOn}}.' };

    it('knows every placeholder of every notice as shipped, and shows each with a sample', async () => {
      for (const { key, wording } of await allWords(reader())) {
        for (const lang of ['zh', 'en'] as const) {
          const { title, text } = previewOf(key, wording, lang, 'Asia/Shanghai');
          expect(`${key} ${title} ${text}`).not.toMatch(/\{\{|undefined|null/);
        }
        const { number } = await wordsOf(reader(), key);
        must(await changeWords(BY, key, number, shippedWording(key)));
        must(await restoreWords(BY, key, number + 1));
      }
      expect(NOTICE_KEYS.length).toBeGreaterThan(50);
    });

    it('refuses a placeholder that the notice does not know, beside its field, and stores nothing', async () => {
      const { number } = await wordsOf(reader(), 'assigned');
      expect(await changeWords(BY, 'assigned', number, { ...own, textEn: 'By {{due}}.' })).toMatchObject({ ok: false, error: { code: 'notice.placeholder', field: 'textEn', params: { name: 'due' } } });
      expect(await changeWords(BY, 'assigned', number, { ...own, titleZh: '请办 {{programme' })).toMatchObject({ ok: false, error: { code: 'notice.placeholder-form', field: 'titleZh' } });
      expect(await changeWords(BY, 'assigned', number, { ...own, titleZh: '请办 {{ 项目 }}' })).toMatchObject({ ok: false, error: { field: 'titleZh' } });
      expect((await wordsOf(reader(), 'assigned')).number).toBe(number);
      expect(Object.keys(sampleValues('assigned', 'zh', 'Asia/Shanghai'))).toEqual(expect.arrayContaining(['programme', 'dueOn', 'startOn']));
      expect(Object.keys(sampleValues('assigned', 'zh', 'Asia/Shanghai'))).not.toContain('assignmentId');
    });

    it('counts for new notices only; what was told keeps its words', async () => {
      const { personId } = await somebody(city);
      await drainOutbox();
      const { number } = await wordsOf(reader(), 'assigned');
      must(await changeWords(BY, 'assigned', number, own));
      expect(await changeWords(BY, 'assigned', number, own)).toMatchObject({ ok: false, error: { code: 'conflict.changed' } });
      const later = await somebody(city);
      await drainOutbox();
      const titleOf = async (id: string) => (await noticesOf(reader(), id, { limit: 1, offset: 0 })).map(({ content, wording }) => wordNotice(textFor('zh'), content, wording && { title: wording.titleZh, text: wording.textZh }).title)[0];
      expect(await titleOf(later.personId)).toMatch(/^请办：/);
      expect(await titleOf(personId)).not.toMatch(/^请办：/);
      must(await restoreWords(BY, 'assigned', number + 1));
      expect((await wordsOf(reader(), 'assigned'))).toMatchObject({ isOwn: false, wording: shippedWording('assigned') });
      expect(await countOf('ledger_events', `kind = 'notices.words-changed' AND subject_id = 'assigned' AND body LIKE '%请办%'`)).toBeGreaterThan(0);
    });

    it('can be tried out by whoever writes them before anything is in force', async () => {
      const { personId } = await somebody(city, { email: 'guan@example.gov.cn' });
      must(await tryWords({ ...BY, personId }, 'assigned', own, 'e-mail'));
      expect(await tryWords({ ...BY, personId: null }, 'assigned', own, 'e-mail')).toMatchObject({ ok: false, error: { code: 'notice.no-way', field: 'channel' } });
      expect(await tryWords({ ...BY, personId }, 'assigned', { ...own, textZh: '{{x}}' }, 'e-mail')).toMatchObject({ ok: false, error: { field: 'textZh' } });
      await drainOutbox();
      const [trial] = mail.mails.filter(({ to }) => to.includes('guan@example.gov.cn'));
      expect(await opened(trial)).toMatchObject({ subject: '请办：岗前培训 / To do: Training before the start' });
      expect((await wordsOf(reader(), 'assigned')).isOwn).toBe(false);
    });
  });
});
