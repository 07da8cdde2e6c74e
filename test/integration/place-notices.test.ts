import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { reader, rows } from '~/db';
import {
  askExcuse, book, cancelBooking, cancelSitting, changeSitting, decideExcuse, findBooking, findExcuse, findSitting, moveBooking, removeCandidate, roomsOf, type Exam, type Sitting,
} from '~/exams';
import { clock, hours, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { announceExcuse, announcePlace, noticesOf } from '~/notices';
import type { Organisation } from '~/people';
import { textFor } from '~/text';
import { wordNotice } from '~/text/notice';
import { JOBS } from '~jobs/registry';
import { anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, type TestCandidate } from '../support/exams';
import { aBooked, aMember, aPlan, aSitting, plannerOf } from '../support/sittings';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const Job = z.object({ name: z.string(), payload: z.string() });

let unit: Organisation;
let exam: Exam;
const planner = () => plannerOf(unit);

/** The jobs that the outbox holds about something, oldest first. */
const jobsAbout = (id: string) => rows(reader(), Job, `SELECT name, payload FROM outbox WHERE payload LIKE '%' || $id || '%' ORDER BY created_at, id`, { id });

/** Runs what the outbox holds about something, each job twice and all at once, as a queue may. @returns the jobs' names */
async function runJobs(id: string): Promise<string[]> {
  const jobs = await jobsAbout(id);
  await Promise.all([...jobs, ...jobs].map(async ({ name, payload }) => JOBS[name]?.run(JSON.parse(payload), { now: clock.now() })));
  return jobs.map(({ name }) => name);
}

/** What somebody was told, after it was made sure that each notice has the one job that sends it, and reads well. */
async function toldTo({ personId }: TestCandidate) {
  const notices = await noticesOf(reader(), personId, { limit: 20, offset: 0 });
  for (const { id, content } of notices) {
    expect((await jobsAbout(id)).map(({ name }) => name)).toEqual(['notices.send']);
    for (const lang of ['zh', 'en'] as const) {
      const { title, text } = wordNotice(textFor(lang), content);
      expect(`${title} ${text}`).not.toMatch(/\{\{|undefined|null/);
      expect(title).toContain(exam.title[lang]);
    }
  }
  return notices.map(({ content }) => content).reverse();
}

/** What a notice about a place must say, as the place stands now. */
async function about(bookingId: string, given: { reason?: string } = {}) {
  const booking = await findBooking(reader(), bookingId);
  const sitting = await findSitting(reader(), booking?.sittingId ?? '');
  return {
    bookingId, examZh: exam.title.zh, examEn: exam.title.en, sitting: sitting?.title, startsAt: sitting?.startsAt, room: booking?.seat ? '第一考场' : '', seat: booking?.seat ?? 0,
    ticket: booking?.ticket, reason: '', ...given,
  };
}

const change = async (sitting: Sitting, given: Parameters<typeof aPlan>[0]) => {
  const { version = 0 } = (await findSitting(reader(), sitting.id)) ?? {};
  must(await changeSitting(planner(), sitting.id, aPlan({ startsAt: sitting.startsAt, place: 'remote', capacity: 1, ...given }), { version, confirmed: true }));
};

onEveryDatabase('what candidates are told of their places', () => {
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    unit = await anOrganisation();
    exam = await anExam();
  });
  afterEach(() => resetClock());

  it('is a place that they booked or that was given to them: when, where, which seat', async () => {
    const sitting = await aSitting(exam, unit);
    const { candidate, bookingId } = await aBooked(sitting, unit);
    expect(await runJobs(bookingId)).toEqual(['exams.booked']);
    await announcePlace(bookingId, 'booked');
    const [content, ...more] = await toldTo(candidate);
    expect(more).toEqual([]);
    expect(content).toEqual({ kind: 'place-booked', params: await about(bookingId) });
    const seat = (await findBooking(reader(), bookingId))?.seat ?? 0;
    expect(seat).toBeGreaterThan(0);
    const { text } = wordNotice(textFor('zh'), content ?? { kind: 'assigned', params: {} });
    for (const part of ['第一场', `第一考场，${seat} 号座位`, `${sitting.code}-0001`]) expect(text).toContain(part);
  });

  it('is that they moved up, and nothing while they only wait', async () => {
    const sitting = await aSitting(exam, unit, { place: 'remote', capacity: 1 });
    const first = await aBooked(sitting, unit);
    const next = await aMember(unit);
    const { bookingId } = must(await book(next.actor, sitting.id, { wait: true }));
    await announcePlace(bookingId, 'booked');
    expect([await runJobs(bookingId), await toldTo(next)]).toEqual([[], []]);
    must(await cancelBooking(first.candidate.actor, first.bookingId));
    expect(await runJobs(bookingId)).toEqual(['exams.promoted']);
    const told = await toldTo(next);
    expect(told).toEqual([{ kind: 'place-promoted', params: await about(bookingId) }]);
    expect(told.map((content) => wordNotice(textFor('zh'), content).text).join()).toContain('线上');
  });

  it('is the place that they moved to, not the one that they left before anybody was told of it', async () => {
    const [here, there] = [await aSitting(exam, unit), await aSitting(exam, unit, { startsAt: T0 + hours(50), title: '第二场' })];
    const { candidate, bookingId } = await aBooked(here, unit);
    const moved = must(await moveBooking(candidate.actor, bookingId, there.id));
    expect([...await runJobs(bookingId), ...await runJobs(moved)]).toEqual(['exams.booked', 'exams.moved']);
    expect(await toldTo(candidate)).toEqual([{ kind: 'place-moved', params: { ...await about(moved), sitting: '第二场' } }]);
  });

  it('is nothing of a place that was given up before anybody was told of it', async () => {
    const sitting = await aSitting(exam, unit);
    const { candidate, bookingId } = await aBooked(sitting, unit);
    must(await cancelBooking(candidate.actor, bookingId));
    expect(await runJobs(bookingId)).toEqual(['exams.booked']);
    for (const news of ['promoted', 'moved', 'changed'] as const) await announcePlace(bookingId, news);
    expect(await toldTo(candidate)).toEqual([]);
  });

  it('is, of two changes in a row, the later; a change after that is told by itself', async () => {
    const sitting = await aSitting(exam, unit, { place: 'remote', capacity: 1 });
    const { candidate, bookingId } = await aBooked(sitting, unit);
    await runJobs(bookingId);
    await change(sitting, { startsAt: T0 + hours(30) });
    await change(sitting, { startsAt: T0 + hours(31) });
    expect(await runJobs(bookingId)).toEqual(['exams.booked', 'exams.sitting-changed', 'exams.sitting-changed']);
    const later = { kind: 'place-changed', params: { ...await about(bookingId), startsAt: T0 + hours(31) } };
    expect((await toldTo(candidate)).filter(({ kind }) => kind === 'place-changed')).toEqual([later]);
    setClock(T0 + minutes(1));
    await change(sitting, { startsAt: T0 + hours(32) });
    await runJobs(bookingId);
    expect((await toldTo(candidate)).slice(1)).toEqual([later, { ...later, params: { ...later.params, startsAt: T0 + hours(32) } }]);
  });

  it('is a change of the sitting for which they wait, without a seat that they do not have', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: '第一考场', seats: 1, seatsPerRow: 1 }] });
    await aBooked(sitting, unit);
    const waiting = await aMember(unit);
    const { bookingId } = must(await book(waiting.actor, sitting.id, { wait: true }));
    const rooms = await roomsOf(reader(), sitting.id);
    await change(sitting, { startsAt: T0 + hours(30), place: 'rooms', capacity: null, rooms: rooms.map(({ id, name, seats, seatsPerRow }) => ({ id, name, seats, seatsPerRow })) });
    expect(await runJobs(bookingId)).toEqual(['exams.sitting-changed']);
    const told = await toldTo(waiting);
    expect(told).toEqual([{ kind: 'wait-changed', params: { ...await about(bookingId), startsAt: T0 + hours(30) } }]);
    expect(told.map((content) => wordNotice(textFor('zh'), content).text).join()).not.toMatch(/线上|准考证/);
  });

  it('is why a sitting was cancelled', async () => {
    const sitting = await aSitting(exam, unit);
    const { candidate, bookingId } = await aBooked(sitting, unit);
    await announcePlace(bookingId, 'cancelled');
    expect(await toldTo(candidate)).toEqual([]);
    must(await cancelSitting(planner(), sitting.id, '停电检修'));
    expect(await runJobs(bookingId)).toEqual(['exams.booked', 'exams.sitting-cancelled']);
    const told = await toldTo(candidate);
    expect(told).toEqual([{ kind: 'place-cancelled', params: await about(bookingId, { reason: '停电检修' }) }]);
    expect(told.map((content) => wordNotice(textFor('zh'), content).text).join()).toContain('原因：停电检修');
  });

  it('is why their place was taken away, once though pressed twice', async () => {
    const sitting = await aSitting(exam, unit);
    const { candidate, bookingId } = await aBooked(sitting, unit);
    await runJobs(bookingId);
    for (const reason of ['已调离', '已调离']) must(await removeCandidate(planner(), bookingId, reason));
    await runJobs(bookingId);
    expect((await toldTo(candidate)).slice(1)).toEqual([{ kind: 'place-taken', params: await about(bookingId, { reason: '已调离' }) }]);
  });

  it('is what was decided on their excuse, and the place that makes up for the missed one', async () => {
    const [sitting, later] = [await aSitting(exam, unit), await aSitting(exam, unit, { startsAt: T0 + hours(50), title: '第二场' })];
    const { candidate, bookingId } = await aBooked(sitting, unit);
    await runJobs(bookingId);
    const before = await about(bookingId);
    const ask = async () => must(await askExcuse(candidate.actor, bookingId, '住院'));
    const refused = await ask();
    await announceExcuse(refused);
    expect(await toldTo(candidate)).toHaveLength(1);
    must(await decideExcuse(planner(), refused, { approve: false, reasons: '可以改期', laterSittingId: null }));
    expect(await runJobs(refused)).toEqual(['exams.excuse-decided']);
    const approved = await ask();
    must(await decideExcuse(planner(), approved, { approve: true, reasons: '有住院证明', laterSittingId: later.id }));
    expect(await runJobs(approved)).toEqual(['exams.excuse-decided']);
    const given = (await findExcuse(reader(), approved))?.laterBookingId ?? '';
    expect(await runJobs(given)).toEqual(['exams.booked']);
    expect((await toldTo(candidate)).slice(1).sort((a, b) => a.kind.localeCompare(b.kind))).toEqual([
      { kind: 'excuse-approved', params: { ...before, reason: '有住院证明' } }, { kind: 'excuse-refused', params: { ...before, reason: '可以改期' } },
      { kind: 'place-booked', params: { ...await about(given), sitting: '第二场' } },
    ]);
  });
});
