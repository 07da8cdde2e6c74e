import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import { assignFor, recordCompletion, recordResult } from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { addDays } from '~/kernel/calendar';
import { advanceClock, clock, hours, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { announceAssignment, closeMail, deliver, dueSteps, markAllRead, markRead, noticeCounts, noticesOf, planReminders, unreadCount } from '~/notices';
import { drainOutbox } from '~jobs/drain';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

const kinds = async (personId: string) => (await noticesOf(reader(), personId, { limit: 50, offset: 0 })).map(({ content }) => content.kind).reverse();
const reminders = async (personId: string) =>
  (await rows(reader(), z.object({ step: z.string() }), `SELECT step FROM notices WHERE person_id = $personId AND kind = 'reminder' ORDER BY created_at`, { personId }))
    .map(({ step }) => step.split(':')[1]);

onEveryDatabase('notices', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
  });
  beforeEach(() => itIs('2026-05-04'));
  afterEach(resetClock);

  it('tell of an assignment once, of moved dates once more, and of the credential', async () => {
    const { personId, appointmentId } = await somebody(city);
    await drainOutbox();
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    await tenTimes(() => announceAssignment(id));
    expect(await kinds(personId)).toEqual(['assigned']);
    advanceClock(hours(1));
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-08-03' WHERE id = $appointmentId`, { appointmentId }));
    await assignFor(appointmentId);
    await drainOutbox();
    expect(await kinds(personId)).toEqual(['assigned', 'replanned']);
    advanceClock(hours(1));
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 88 }));
    await drainOutbox();
    expect(await kinds(personId)).toEqual(['assigned', 'replanned', 'credential']);
  });

  it('climb down the ladder day by day, each step once, though planned many times and at once', async () => {
    const { personId } = await somebody(city);
    await drainOutbox();
    for (let today = '2026-05-04'; today <= '2026-07-10'; today = addDays(today, 1)) {
      const now = itIs(today, 9);
      await Promise.all(Array.from({ length: 3 }, () => planReminders(now)));
      await planReminders(now + hours(5));
    }
    expect(await reminders(personId)).toEqual(['before-14', 'before-7', 'before-3', 'before-1', 'due', 'overdue-1', 'overdue-7']);
    expect(await countOf('outbox', `name = 'notices.send' AND payload LIKE '%'`)).toBeGreaterThanOrEqual(8);
  });

  it('stop at once when somebody is cleared', async () => {
    const { personId } = await somebody(city);
    await drainOutbox();
    await planReminders(itIs('2026-06-12'));
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 88 }));
    for (const today of ['2026-06-18', '2026-06-26', '2026-07-03']) await planReminders(itIs(today));
    expect(await reminders(personId)).toEqual(['before-14']);
  });

  it('send only the latest step after an outage, and begin anew when the due date moves', async () => {
    const { personId, appointmentId } = await somebody(city);
    await drainOutbox();
    await planReminders(itIs('2026-06-24'));
    expect(await reminders(personId)).toEqual(['before-3']);
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-08-03' WHERE id = $appointmentId`, { appointmentId }));
    await assignFor(appointmentId);
    await planReminders(itIs('2026-06-26'));
    await planReminders(itIs('2026-07-15'));
    expect(await reminders(personId)).toEqual(['before-3', 'before-14']);
  });

  it('plan for everybody what the rule says for each', async () => {
    const people = [];
    for (const [assignedOn, startOfDuty] of [['2026-05-06', '2026-06-01'], ['2026-05-11', '2026-06-01'], ['2026-05-20', '2026-06-08'], ['2026-05-25', '2026-05-27']] as const) {
      itIs(assignedOn);
      const { personId } = await somebody(city, { startOfDuty });
      await drainOutbox();
      const { due_on } = await one(reader(), z.object({ due_on: z.string() }), 'SELECT due_on FROM assignments WHERE person_id = $personId', { personId });
      people.push({ personId, assignedOn, dueOn: due_on, told: [] as string[] });
    }
    for (let today = '2026-05-25'; today <= '2026-06-15'; today = addDays(today, 1)) {
      await planReminders(itIs(today));
      for (const person of people) {
        for (const { step } of dueSteps({ ...person, today, cleared: false })) if (!person.told.includes(step)) person.told.push(step);
      }
    }
    for (const { personId, told } of people) expect(await reminders(personId)).toEqual(told);
  });

  it('survive a crash after any step of a plan: running it again completes it', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => somebody(city, { startOfDuty: '2026-06-22' })));
    await drainOutbox();
    const now = itIs('2026-06-03');
    await planReminders(now);
    const { personId } = people[2] ?? { personId: '' };
    // As if the process had died before this one was written: notice and job share a transaction.
    await inTransaction((tx) => execute(tx, `DELETE FROM notices WHERE person_id = $personId AND kind = 'reminder'`, { personId }));
    await planReminders(now + hours(1));
    for (const person of people) expect(await reminders(person.personId)).toEqual(['before-14']);
  });

  it('are unread until they are read, and only by whose they are', async () => {
    const [mine, other] = await Promise.all([somebody(city), somebody(city)]);
    await drainOutbox();
    const [notice] = await noticesOf(reader(), mine.personId, { limit: 10, offset: 0 });
    await markRead(other.personId, [notice?.id ?? '']);
    expect(await unreadCount(reader(), mine.personId)).toBe(1);
    await markRead(mine.personId, [notice?.id ?? '']);
    expect(await noticeCounts(reader(), mine.personId)).toEqual({ total: 1, unread: 0 });
    await markAllRead(other.personId);
    expect(await unreadCount(reader(), other.personId)).toBe(0);
  });
});

/** A mail server in this process. */
async function mailServer(options: { refuse?: () => boolean; dropAtText?: () => boolean } = {}) {
  const mails: { to: string[]; source: string }[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (_address, _session, done) => (options.refuse?.() ? done(new Error('mailbox unavailable')) : done()),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (options.dropAtText?.()) return sockets.forEach((socket) => socket.destroy());
        mails.push({ to: session.envelope.rcptTo.map((one) => one.address), source: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.server.on('connection', (socket) => void sockets.add(socket));
  const { port } = server.server.address() as AddressInfo;
  const close = async () => {
    closeMail();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `smtp://127.0.0.1:${port}`, mails, close };
}

const decoded = (source: string): string => {
  const [, body = ''] = source.split(/\r?\n\r?\n(.*)/s);
  expect(source).toMatch(/content-transfer-encoding: base64/i);
  return Buffer.from(body, 'base64').toString('utf8');
};

onEveryDatabase('mails', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
  });
  beforeEach(() => itIs('2026-05-04'));
  afterEach(() => {
    closeMail();
    resetClock();
  });

  /** A person who was told of the assignment; not sent yet. */
  async function told(email?: string): Promise<string> {
    useConfig(testConfig());
    const { personId } = await somebody(city, { name: '林知夏', ...(email && { email }) });
    await drainOutbox();
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM notices WHERE person_id = $personId', { personId });
    return id;
  }
  const sendings = (noticeId: string) => rows(reader(), z.object({ channel: z.string(), text: z.string(), result: z.string() }),
    'SELECT channel, text, result FROM send_log WHERE notice_id = $noticeId', { noticeId });

  it('go out once, in Chinese and English, and are kept as sent', async () => {
    const noticeId = await told('lin@example.gov.cn');
    const server = await mailServer();
    useConfig(testConfig({ SMTP_URL: server.url, MAIL_FROM: '上岗 <shanggang@example.gov.cn>', PUBLIC_URL: 'https://sg.example.gov.cn' }));
    await tenTimes(() => deliver(noticeId));
    expect(server.mails).toHaveLength(1);
    const [mail] = server.mails;
    expect(mail?.to).toEqual(['lin@example.gov.cn']);
    expect(mail?.source).toContain(`Message-ID: <${noticeId}@example.gov.cn>`);
    const text = decoded(mail?.source ?? '');
    for (const part of ['林知夏：', '您的上岗日期是2026年7月1日（周三）', 'Dear 林知夏,', 'Wed, 1 July 2026', 'https://sg.example.gov.cn/home']) expect(text).toContain(part);
    expect(text.indexOf('林知夏：')).toBeLessThan(text.indexOf('Dear'));
    const [sent, ...more] = await sendings(noticeId);
    expect(more).toEqual([]);
    expect(sent).toMatchObject({ channel: 'e-mail', result: 'sent' });
    expect(sent?.text).toContain('您的上岗日期是2026年7月1日（周三）');
    await server.close();
  });

  it('that were refused are recorded and tried again with the job', async () => {
    const noticeId = await told('lin@example.gov.cn');
    let refusing = true;
    const server = await mailServer({ refuse: () => refusing });
    useConfig(testConfig({ SMTP_URL: server.url }));
    await expect(deliver(noticeId)).rejects.toThrow();
    expect((await sendings(noticeId))[0]?.result).toContain('failed: ');
    refusing = false;
    await deliver(noticeId);
    await deliver(noticeId);
    expect(server.mails).toHaveLength(1);
    expect(await sendings(noticeId)).toMatchObject([{ result: 'sent' }]);
    await server.close();
  });

  it('are tried again when the mail server was down', async () => {
    const noticeId = await told('lin@example.gov.cn');
    const down = await mailServer();
    await down.close();
    useConfig(testConfig({ SMTP_URL: down.url }));
    await expect(deliver(noticeId)).rejects.toThrow();
    const server = await mailServer();
    useConfig(testConfig({ SMTP_URL: server.url }));
    await deliver(noticeId);
    expect(server.mails).toHaveLength(1);
    await server.close();
  });

  it('whose text was on its way when the connection was lost are not sent twice', async () => {
    const noticeId = await told('lin@example.gov.cn');
    const server = await mailServer({ dropAtText: () => true });
    useConfig(testConfig({ SMTP_URL: server.url }));
    await deliver(noticeId);
    await deliver(noticeId);
    expect(await sendings(noticeId)).toMatchObject([{ result: 'uncertain' }]);
    await server.close();
  });

  it('that a crash left open are not sent twice, and marked as uncertain', async () => {
    const noticeId = await told('lin@example.gov.cn');
    const server = await mailServer();
    useConfig(testConfig({ SMTP_URL: server.url }));
    await inTransaction((tx) => execute(tx, `INSERT INTO send_log (id, notice_id, channel, sent_at, text, result)
      VALUES ($id, $noticeId, 'e-mail', $now, 'x', 'sending')`, { id: `crash ${noticeId}`, noticeId, now: clock.now() }));
    await deliver(noticeId);
    expect(server.mails).toHaveLength(0);
    await planReminders(clock.now() + hours(2));
    expect(await sendings(noticeId)).toMatchObject([{ result: 'uncertain' }]);
    await server.close();
  });

  it('are not tried without an address, nor without a mail server', async () => {
    const unreachable = await told();
    const reachable = await told('lin@example.gov.cn');
    await deliver(reachable);
    const server = await mailServer();
    useConfig(testConfig({ SMTP_URL: server.url }));
    await deliver(unreachable);
    expect(server.mails).toHaveLength(0);
    expect([...await sendings(unreachable), ...await sendings(reachable)]).toEqual([]);
    await server.close();
  });
});
