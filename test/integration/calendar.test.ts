import ICAL from 'ical.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assignFor } from '~/certification';
import { reader } from '~/db';
import { cancelBooking, cancelSitting, changeSitting, findSitting, moveBooking, type Exam, type Sitting } from '~/exams';
import { clock, days, hours, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { calendarAddressOf, calendarOf, openCalendar, renewCalendarAddress, revokeCalendarAddress } from '~/notices';
import type { Organisation } from '~/people';
import { anOrganisation } from '../support/actors';
import { aCity, countOf, itIs, somebody } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam } from '../support/exams';
import { aBooked, aPlan, aSitting, plannerOf } from '../support/sittings';

const REMOTE = { place: 'remote' as const, capacity: 6 };
const T0 = Date.parse('2026-07-01T01:00:00Z');

onEveryDatabase('a calendar of one’s own', () => {
  let unit: Organisation;
  let exam: Exam;
  beforeEach(async () => {
    useConfig(testConfig({ PUBLIC_URL: 'https://sg.example.gov.cn' }));
    setClock(T0);
    unit = await anOrganisation();
    exam = await anExam();
  });
  afterEach(resetClock);

  /** What another library reads in somebody's calendar. */
  async function read(personId: string, lang: 'zh' | 'en' = 'zh') {
    const calendar = new ICAL.Component(ICAL.parse(await calendarOf(reader(), personId, lang, clock.now())) as unknown[]);
    const events = calendar.getAllSubcomponents('vevent').map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid, sequence: event.sequence, summary: event.summary, status: component.getFirstPropertyValue('status'), location: event.location, allDay: event.startDate.isDate,
        at: event.startDate.toJSDate().getTime(), on: event.startDate.toString(), ends: event.endDate.toString(), zone: event.startDate.zone.tzid,
      };
    });
    return { calendar, events };
  }

  const change = async (sitting: Sitting, startsAt: number): Promise<void> => {
    const { version = 0 } = (await findSitting(reader(), sitting.id)) ?? {};
    must(await changeSitting(plannerOf(unit), sitting.id, aPlan({ startsAt, ...REMOTE }), { version, confirmed: true }));
  };

  it('shows a sitting at its local time in a zone that the file itself explains', async () => {
    const { candidate } = await aBooked(await aSitting(exam, unit), unit);
    const { calendar, events } = await read(candidate.personId);
    const zone = calendar.getFirstSubcomponent('vtimezone');
    expect(zone?.getFirstPropertyValue('tzid')).toBe('Asia/Shanghai');
    expect(zone?.getFirstSubcomponent('standard')?.getFirstPropertyValue('tzoffsetto')?.toString()).toBe('+08:00');
    expect(events).toMatchObject([{ at: T0 + hours(24), on: '2026-07-02T09:00:00', zone: 'Asia/Shanghai', allDay: false, status: 'CONFIRMED', summary: `考试：${exam.title.zh}`, location: expect.stringMatching(/^第一考场，[1-6] 号座位$/) as string }]);
    expect((await read(candidate.personId, 'en')).events).toMatchObject([{ summary: `Exam: ${exam.title.en}` }]);
  });

  it('keeps the appointment when the sitting changes or the person is moved to another one, with a higher sequence each time', async () => {
    const [first, second] = [await aSitting(exam, unit, REMOTE), await aSitting(exam, unit, { ...REMOTE, title: '第二场', startsAt: T0 + days(9) })];
    const { candidate, bookingId } = await aBooked(first, unit);
    const seen = [(await read(candidate.personId)).events[0]];
    await change(first, T0 + hours(30));
    await change(first, T0 + hours(32));
    seen.push((await read(candidate.personId)).events[0]);
    must(await moveBooking(candidate.actor, bookingId, second.id));
    const after = (await read(candidate.personId)).events;
    expect(after).toHaveLength(1);
    seen.push(after[0]);
    expect(new Set(seen.map((one) => one?.uid)).size).toBe(1);
    expect(seen.map((one) => one?.at)).toEqual([T0 + hours(24), T0 + hours(32), T0 + days(9)]);
    const sequences = seen.map((one) => one?.sequence ?? 0);
    expect([...sequences].sort((a, b) => a - b)).toEqual(sequences);
    expect(new Set(sequences).size).toBe(3);
  });

  it('says that a place or a sitting was cancelled, and what is booked anew is another appointment', async () => {
    const [first, second] = [await aSitting(exam, unit), await aSitting(exam, unit, { startsAt: T0 + days(9) })];
    const { candidate, bookingId } = await aBooked(first, unit);
    const [before] = (await read(candidate.personId)).events;
    must(await cancelBooking(candidate.actor, bookingId));
    const [cancelled] = (await read(candidate.personId)).events;
    expect(cancelled).toMatchObject({ uid: before?.uid, status: 'CANCELLED', summary: `已取消：考试“${exam.title.zh}”` });
    expect(cancelled?.sequence).toBeGreaterThan(before?.sequence ?? 0);

    const other = await aBooked(second, unit);
    must(await cancelSitting(plannerOf(unit), second.id, '停电'));
    expect((await read(other.candidate.personId)).events).toMatchObject([{ status: 'CANCELLED' }]);
    setClock(T0 + days(80));
    expect((await read(other.candidate.personId)).events).toEqual([]);
  });

  it('holds due dates as whole days, until what is due is done', async () => {
    itIs('2026-05-06');
    const city = await aCity();
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    const { events } = await read(personId);
    expect(events).toMatchObject([{ allDay: true, on: '2026-06-26', ends: '2026-06-27', summary: expect.stringContaining('期限：') as string }]);
    expect((await read((await somebody(city)).personId)).events).toEqual([]);
  });

  it('is found at a secret address until that is renewed or taken down, of which its owner is told', async () => {
    const { candidate: { personId } } = await aBooked(await aSitting(exam, unit), unit);
    const who = { by: 'account:a-test' as const, personId };
    const token = async () => (await calendarAddressOf(reader(), personId))?.token ?? '';
    await renewCalendarAddress(who, 'en');
    const first = await token();
    expect(first).toMatch(/^[\w-]{32}$/);
    expect(await openCalendar(reader(), first)).toMatchObject({ personId, lang: 'en' });
    expect(await countOf('calendar_addresses', 'token = $token OR token_hash = $token', { token: first })).toBe(0);
    await renewCalendarAddress(who, 'zh');
    expect(await openCalendar(reader(), first)).toBeNull();
    expect(await openCalendar(reader(), await token())).toMatchObject({ personId, lang: 'zh' });
    expect(await countOf('notices', `kind = 'security' AND person_id = $personId`, { personId })).toBe(1);
    const second = await token();
    await revokeCalendarAddress(who);
    await revokeCalendarAddress(who);
    expect([await openCalendar(reader(), second), await calendarAddressOf(reader(), personId), await openCalendar(reader(), "' OR 1=1")]).toEqual([null, null, null]);
    expect(await countOf('ledger_events', `kind LIKE 'notices.calendar-%' AND person_id = $personId`, { personId })).toBe(3);
  });
});
