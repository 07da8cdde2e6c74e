import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { one as oneRow, reader } from '~/db';
import {
  appointInvigilator, askExcuse, assign, book, bookingsOf, cancelSitting, changeSitting, countBookings, dismissInvigilator, findBooking, findSitting, maySeeSitting,
  mayActInRoom, moveCandidate, planSitting, previewAssignment, removeCandidate, reseat, reseatAll, roomsOf, sittingsInScope, type Exam,
} from '~/exams';
import { hours, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { anActor, anOrganisation, aSignedInAccount } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam } from '../support/exams';
import { aRow, anIntake, refusal } from '../support/intakes';
import { aBooked, aPlan, aSitting, codeOf, plannerOf, startWith, told } from '../support/sittings';

const T0 = Date.parse('2026-07-01T01:00:00Z');

let unit: Organisation;
let exam: Exam;
const planner = () => plannerOf(unit);
const jobs = async (name: string): Promise<number> => (await oneRow(reader(), z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM outbox WHERE name = $name', { name })).n;

onEveryDatabase('a planner', () => {
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    unit = await anOrganisation();
    exam = await anExam();
  });
  afterEach(() => resetClock());

  it('plans a sitting with rooms and a code of its own, where they may', async () => {
    const made = await Promise.all([1, 2, 3].map((i) => planSitting(planner(), { ...aPlan({ title: `第 ${i} 场` }), examId: exam.id, organisationId: unit.id })));
    const codes = await Promise.all(made.map(async (one) => (await findSitting(reader(), must(one)))?.code));
    expect(new Set(codes).size).toBe(3);
    expect(codes[0]).toMatch(/^260702\d{2,}$/);
    expect(await roomsOf(reader(), must(made[0] ?? { ok: true, value: '' }))).toMatchObject([{ name: '第一考场', seats: 6, seatsPerRow: 3, position: 0 }]);
    expect(await refusal(planSitting(plannerOf(await anOrganisation()), { ...aPlan(), examId: exam.id, organisationId: unit.id }))).toBe('access.denied');
    expect(codeOf(await planSitting(planner(), { ...aPlan({ startsAt: T0 - 1 }), examId: exam.id, organisationId: unit.id }))).toBe('sitting.in-past');
  });

  it('finds sittings by word, exam and time, and only those in scope or watched over', async () => {
    const sitting = await aSitting(exam, unit, { title: '秋季补考' });
    const elsewhere = await anOrganisation();
    const { accountId } = await aSignedInAccount({ role: 'invigilator', organisationId: elsewhere.id });
    const query: Parameters<typeof sittingsInScope>[1] = { paths: [unit.path], accountId: 'nobody', search: '', examId: null, time: null, now: T0, page: 1 };
    const found = async (given: Partial<typeof query>) =>
      (await sittingsInScope(reader(), { ...query, ...given })).sittings.map(({ id }) => id);
    expect(await found({})).toEqual([sitting.id]);
    expect(await found({ search: '补考', time: 'coming', examId: exam.id })).toEqual([sitting.id]);
    expect(await found({ search: '%' })).toEqual([]);
    expect(await found({ time: 'past', now: sitting.endsAt })).toEqual([sitting.id]);
    expect(await found({ paths: [elsewhere.path] })).toEqual([]);
    must(await appointInvigilator(planner(), sitting.id, { accountId, roomId: null }));
    expect(await found({ paths: [], accountId })).toEqual([sitting.id]);
    expect(await maySeeSitting(reader(), { ...anActor(), accountId }, sitting.id)).toBe(true);
    must(await dismissInvigilator(planner(), sitting.id, accountId));
    expect(await maySeeSitting(reader(), { ...anActor(), accountId }, sitting.id)).toBe(false);
  });

  it('appoints only invigilators, for the sitting or a room of it', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 2 }, { name: 'B', seats: 2 }] });
    const [a, b] = await roomsOf(reader(), sitting.id);
    const { accountId } = await aSignedInAccount({ role: 'invigilator', organisationId: unit.id });
    const { accountId: author } = await aSignedInAccount({ role: 'author', organisationId: unit.id });
    expect(codeOf(await appointInvigilator(planner(), sitting.id, { accountId: author, roomId: null }))).toBe('field.choose');
    must(await appointInvigilator(planner(), sitting.id, { accountId, roomId: a?.id ?? null }));
    const actor = { ...anActor(), accountId };
    expect([await mayActInRoom(reader(), actor, sitting.id, a?.id ?? ''), await mayActInRoom(reader(), actor, sitting.id, b?.id ?? '')]).toEqual([true, false]);
  });

  it('sees who would get a place, and who not and why, before anybody does', async () => {
    const sitting = await aSitting(exam, unit, { booking: 'assigned', rooms: [{ name: 'A', seats: 2, seatsPerRow: 2 }] });
    const rowsOf = [1, 2, 3, 4].map((i) => aRow({ name: `新人 ${i}`, organisationCode: unit.code }));
    const intake = await anIntake(unit, rowsOf);
    const [busy = ''] = intake.personIds;
    const other = await aSitting(await anExam(), unit, { booking: 'assigned', title: '同一时间' });
    must(await assign(planner(), other.id, { numbers: rowsOf[0]?.recruitmentNumber ?? '' }));
    const preview = must(await previewAssignment(planner(), sitting.id, { intakeId: intake.intakeId }, T0));
    expect(preview.free).toBe(2);
    expect(preview.people.map((one) => one.problem?.code ?? 'ok')).toEqual(['booking.clash', 'ok', 'ok', 'booking.full']);
    expect(await countBookings(reader(), sitting.id)).toMatchObject({ made: 0 });
    expect(must(await assign(planner(), sitting.id, { intakeId: intake.intakeId }))).toBe(2);
    expect((await bookingsOf(reader(), sitting.id)).some((one) => one.personId === busy)).toBe(false);
    expect(codeOf(await assign(planner(), sitting.id, { intakeId: intake.intakeId }))).toBe('booking.nobody');
  });

  it('assigns by organisation and by pasted numbers, and is told which belong to nobody in scope', async () => {
    const sitting = await aSitting(exam, unit, { booking: 'assigned', rooms: [{ name: 'A', seats: 50 }] });
    const row = aRow({ organisationCode: unit.code });
    await anIntake(unit, [row, aRow({ organisationCode: unit.code })]);
    const foreign = await anOrganisation();
    const stranger = aRow({ organisationCode: foreign.code });
    await anIntake(foreign, [stranger]);
    const numbers = `${row.recruitmentNumber.toLowerCase()}，无此人 ${stranger.recruitmentNumber}`;
    expect(must(await previewAssignment(planner(), sitting.id, { numbers }, T0))).toMatchObject({ people: [{ problem: null }], unknown: ['无此人', stranger.recruitmentNumber] });
    expect(must(await assign(planner(), sitting.id, { numbers }))).toBe(1);
    expect(must(await assign(planner(), sitting.id, { organisationPath: unit.path }))).toBe(1);
    expect(await countBookings(reader(), sitting.id)).toMatchObject({ booked: 2 });
  });

  it('draws all seats anew from a seed that is kept, or gives them by number', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 8, seatsPerRow: 4 }, { name: 'B', seats: 8, seatsPerRow: 4 }] });
    for (let i = 0; i < 10; i += 1) await aBooked(sitting, unit);
    const seats = async () => (await bookingsOf(reader(), sitting.id)).sort((x, y) => (x.ticket < y.ticket ? -1 : 1)).map((one) => `${one.roomId} ${one.seat}`);
    const before = await seats();
    must(await reseatAll(planner(), sitting.id, 'random'));
    expect((await findSitting(reader(), sitting.id))?.seatSeed).toMatch(/^[0-9a-f]{32}$/);
    expect(await seats()).not.toEqual(before);
    must(await reseatAll(planner(), sitting.id, 'by-number'));
    const [a, b] = await roomsOf(reader(), sitting.id);
    expect(await seats()).toEqual([...[1, 2, 3, 4, 5, 6, 7, 8].map((seat) => `${a?.id} ${seat}`), `${b?.id} 1`, `${b?.id} 2`]);
    expect((await findSitting(reader(), sitting.id))?.seatSeed).toBeNull();
    setClock(sitting.startsAt);
    expect(codeOf(await reseatAll(planner(), sitting.id, 'random'))).toBe('sitting.begun');
  });

  it('gives somebody another seat, or lets two change theirs', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 2, seatsPerRow: 2 }] });
    const [first, second] = [await aBooked(sitting, unit), await aBooked(sitting, unit)];
    const [room] = await roomsOf(reader(), sitting.id);
    const [one, two] = [await findBooking(reader(), first.bookingId), await findBooking(reader(), second.bookingId)];
    const to = { roomId: room?.id ?? '', seat: two?.seat ?? 0 };
    expect(codeOf(await reseat(planner(), first.bookingId, { ...to, swap: false }))).toBe('booking.seat-taken');
    expect(codeOf(await reseat(planner(), first.bookingId, { ...to, seat: 3, swap: true }))).toBe('booking.seat-unknown');
    must(await reseat(planner(), first.bookingId, { ...to, swap: true }));
    expect([(await findBooking(reader(), first.bookingId))?.seat, (await findBooking(reader(), second.bookingId))?.seat]).toEqual([two?.seat, one?.seat]);
  });

  it('cannot change a sitting so that somebody would have no seat, or be in two places', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 2 }, { name: 'B', seats: 2 }] });
    const people = [await aBooked(sitting, unit), await aBooked(sitting, unit), await aBooked(sitting, unit)];
    const [a, b] = await roomsOf(reader(), sitting.id);
    const change = (given: Parameters<typeof aPlan>[0], confirmed = true, version = sitting.version) => changeSitting(planner(), sitting.id,
      aPlan({ startsAt: sitting.startsAt, rooms: [{ id: a?.id, name: 'A', seats: 2 }, { id: b?.id, name: 'B', seats: 2 }], ...given }), { version, confirmed });
    expect(codeOf(await change({ rooms: [{ id: a?.id, name: 'A', seats: 2 }, { name: 'C', seats: 2 }] }))).toBe('sitting.would-unseat');
    expect(codeOf(await change({ capacity: 2 }))).toBe('sitting.capacity-booked');
    const other = await aSitting(await anExam(), unit, { startsAt: T0 + hours(48), title: '另一场' });
    must(await book(people[0]?.candidate.actor ?? anActor(), other.id, { wait: false }));
    expect(codeOf(await change({ startsAt: T0 + hours(47.5) }))).toBe('sitting.change-clash');
    expect(codeOf(await change({ startsAt: T0 + hours(30) }, false))).toBe('sitting.confirm');
    const before = await jobs('exams.sitting-changed');
    expect(codeOf(await change({ startsAt: T0 + hours(30) }))).toBe('ok');
    expect(await jobs('exams.sitting-changed')).toBe(before + 3);
    expect(codeOf(await change({ startsAt: T0 + hours(31) }))).toBe('conflict.changed');
    setClock(T0 + hours(30));
    expect(codeOf(await change({}, true, 2))).toBe('sitting.begun');
  });

  it('may rename and exchange rooms, take away empty ones, and let everybody write at home', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 3 }, { name: 'B', seats: 3 }] });
    must(await reseatAll(planner(), sitting.id, 'by-number'));
    const { bookingId } = await aBooked(sitting, unit);
    const [a, b] = await roomsOf(reader(), sitting.id);
    const version = async () => (await findSitting(reader(), sitting.id))?.version ?? 0;
    const typed = (given: Parameters<typeof aPlan>[0]) => aPlan({ startsAt: sitting.startsAt, ...given });
    must(await changeSitting(planner(), sitting.id, typed({ rooms: [{ id: a?.id, name: 'B', seats: 3 }, { id: b?.id, name: 'A', seats: 3 }] }), { version: await version(), confirmed: true }));
    expect((await roomsOf(reader(), sitting.id)).map(({ id, name }) => [id, name])).toEqual([[a?.id, 'B'], [b?.id, 'A']]);
    must(await changeSitting(planner(), sitting.id, typed({ rooms: [{ id: a?.id, name: 'B', seats: 3 }] }), { version: await version(), confirmed: false }));
    expect(await roomsOf(reader(), sitting.id)).toHaveLength(1);
    must(await changeSitting(planner(), sitting.id, typed({ place: 'remote', capacity: 3 }), { version: await version(), confirmed: true }));
    expect(await findBooking(reader(), bookingId)).toMatchObject({ state: 'booked', roomId: null, seat: null });
    must(await changeSitting(planner(), sitting.id, typed({ rooms: [{ name: 'C', seats: 3 }] }), { version: await version(), confirmed: true }));
    expect(await findBooking(reader(), bookingId)).toMatchObject({ state: 'booked', seat: expect.any(Number) as number });
  });

  it('cancels a sitting with a reason: all places end, everybody is told; not once somebody writes', async () => {
    const [sitting, begun] = [await aSitting(exam, unit), await aSitting(exam, unit, { startsAt: T0 + hours(50) })];
    const [one] = [await aBooked(sitting, unit), await aBooked(sitting, unit)];
    const before = await jobs('exams.sitting-cancelled');
    must(await askExcuse(one.candidate.actor, one.bookingId, '住院'));
    expect(must(await cancelSitting(planner(), sitting.id, '停电检修'))).toBe(2);
    expect(await findBooking(reader(), one.bookingId)).toMatchObject({ state: 'cancelled', endReason: '停电检修' });
    expect(await jobs('exams.sitting-cancelled')).toBe(before + 2);
    expect(await told(sitting.id)).toEqual(['sitting.planned', 'sitting.cancelled']);
    expect(codeOf(await cancelSitting(planner(), sitting.id, '停电检修'))).toBe('door.cancelled');
    const writing = await aBooked(begun, unit);
    await startWith(writing.candidate, writing.bookingId, begun);
    expect(codeOf(await cancelSitting(planner(), begun.id, '停电检修'))).toBe('sitting.has-attempts');
  });

  it('moves a candidate after the end of booking, and takes a place away, each with a reason', async () => {
    const here = await aSitting(exam, unit, { bookUntil: T0 + hours(1) });
    const there = await aSitting(exam, unit, { startsAt: T0 + hours(50), bookUntil: T0 + hours(1) });
    const { bookingId } = await aBooked(here, unit);
    setClock(T0 + hours(2));
    const moved = must(await moveCandidate(planner(), bookingId, there.id, '值班'));
    expect(await findBooking(reader(), moved)).toMatchObject({ state: 'booked', source: 'assigned' });
    must(await removeCandidate(planner(), moved, '已调离'));
    must(await removeCandidate(planner(), moved, '已调离'));
    expect(await findBooking(reader(), moved)).toMatchObject({ state: 'cancelled', endReason: '已调离' });
  });
});
