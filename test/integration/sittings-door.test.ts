import { afterEach, beforeEach, expect, it } from 'vitest';
import { reader } from '~/db';
import {
  askExcuse, book, bookingsOf, candidatesOfSitting, checkIn, checkInCode, decideExcuse, decideIdentity, enterCode, excusesInScope, exempt, findBooking, findExcuse,
  giveLaterPlace, lastStart, passDoor, roomsOf, undoIdentity, withdrawExcuse, type Exam,
} from '~/exams';
import { advanceClock, clock, days, hours, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam } from '../support/exams';
import { refusal } from '../support/intakes';
import { aBooked, aMember, aSitting, codeOf, plannerOf, startWith, told } from '../support/sittings';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const proof = { address: '10.1.1.1', sebPasses: false, checkInCode: null };

let unit: Organisation;
let exam: Exam;
const planner = () => plannerOf(unit);

onEveryDatabase('an excused absence', () => {
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    unit = await anOrganisation();
    exam = await anExam({ maxAttempts: 1 });
  });
  afterEach(() => resetClock());
  const approve = { approve: true, reasons: '有住院证明', laterSittingId: null };

  it('is asked for by the candidate and decided by somebody else, with a place in a later sitting', async () => {
    const [sitting, later] = [await aSitting(exam, unit), await aSitting(exam, unit, { startsAt: T0 + days(9), bookUntil: T0 + hours(1) })];
    const { candidate, bookingId } = await aBooked(sitting, unit, '缓考者');
    const excuseId = must(await askExcuse(candidate.actor, bookingId, '住院'));
    expect(must(await askExcuse(candidate.actor, bookingId, '住院'))).toBe(excuseId);
    const listed = await excusesInScope(reader(), { paths: [unit.path], search: '缓考', state: 'asked', page: 1 });
    expect(listed.excuses).toMatchObject([{ id: excuseId, name: '缓考者', hasLater: false }]);
    expect(await refusal(decideExcuse(candidate.actor, excuseId, approve))).toBe('access.denied');
    expect(codeOf(await decideExcuse({ ...planner(), personId: candidate.personId }, excuseId, approve))).toBe('excuse.own');
    advanceClock(days(2));
    must(await decideExcuse(planner(), excuseId, { ...approve, laterSittingId: later.id }));
    expect(await findBooking(reader(), bookingId)).toMatchObject({ state: 'excused' });
    const decided = await findExcuse(reader(), excuseId);
    expect(decided).toMatchObject({ state: 'approved', decision: '有住院证明' });
    expect(await findBooking(reader(), decided?.laterBookingId ?? '')).toMatchObject({ state: 'booked', sittingId: later.id, source: 'excused' });
    expect(codeOf(await decideExcuse(planner(), excuseId, approve))).toBe('excuse.decided');
    expect(await told(excuseId)).toEqual(['excuse.asked', 'excuse.approved', 'excuse.given-place']);
  });

  it('takes no attempt away: the only one is still there', async () => {
    const sitting = await aSitting(exam, unit);
    const later = await aSitting(exam, unit, { startsAt: T0 + days(9) });
    const { candidate, bookingId } = await aBooked(sitting, unit);
    const excuseId = must(await askExcuse(candidate.actor, bookingId, '住院'));
    must(await decideExcuse(planner(), excuseId, approve));
    expect(codeOf(await book(candidate.actor, later.id, { wait: false }))).toBe('ok');
  });

  it('may get its place later, once, and not in a full sitting', async () => {
    const sitting = await aSitting(exam, unit);
    const full = await aSitting(exam, unit, { startsAt: T0 + days(5), rooms: [{ name: 'A', seats: 1 }] });
    const later = await aSitting(exam, unit, { startsAt: T0 + days(9) });
    await aBooked(full, unit);
    const { candidate, bookingId } = await aBooked(sitting, unit);
    const excuseId = must(await askExcuse(planner(), bookingId, '本人住院，单位代办'));
    must(await decideExcuse(planner(), excuseId, approve));
    expect(codeOf(await giveLaterPlace(planner(), excuseId, full.id))).toBe('booking.full');
    expect(codeOf(await giveLaterPlace(planner(), excuseId, later.id))).toBe('ok');
    expect(codeOf(await giveLaterPlace(planner(), excuseId, later.id))).toBe('excuse.decided');
    expect((await bookingsOf(reader(), later.id)).map((one) => one.personId)).toEqual([candidate.personId]);
  });

  it('that is approved before the end of booking lets the next one move up; refused or withdrawn it does not', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 1 }] });
    const { candidate, bookingId } = await aBooked(sitting, unit);
    const next = await aMember(unit);
    const waits = must(await book(next.actor, sitting.id, { wait: true })).bookingId;
    must(await withdrawExcuse(candidate.actor, must(await askExcuse(candidate.actor, bookingId, '出差'))));
    must(await decideExcuse(planner(), must(await askExcuse(candidate.actor, bookingId, '出差')), { ...approve, approve: false, reasons: '可以改期' }));
    expect([(await findBooking(reader(), bookingId))?.state, (await findBooking(reader(), waits))?.state]).toEqual(['booked', 'waiting']);
    const excuseId = must(await askExcuse(candidate.actor, bookingId, '住院'));
    must(await decideExcuse(planner(), excuseId, approve));
    expect([(await findBooking(reader(), bookingId))?.state, (await findBooking(reader(), waits))?.state]).toEqual(['excused', 'booked']);
    expect(codeOf(await withdrawExcuse(candidate.actor, excuseId))).toBe('excuse.decided');
  });

  it('can be asked for a week after the sitting, by HR also later, and never by who has begun', async () => {
    const sitting = await aSitting(exam, unit);
    const [late, writing] = [await aBooked(sitting, unit), await aBooked(sitting, unit)];
    await startWith(writing.candidate, writing.bookingId, sitting);
    expect(codeOf(await askExcuse(writing.candidate.actor, writing.bookingId, '住院'))).toBe('booking.started');
    setClock(sitting.endsAt + days(7) + 1);
    expect((await candidatesOfSitting(reader(), { sittingId: sitting.id, state: 'absent' })).candidates.map(({ id }) => id)).toEqual([late.bookingId]);
    expect(codeOf(await askExcuse(late.candidate.actor, late.bookingId, '住院'))).toBe('excuse.too-late');
    expect(codeOf(await askExcuse(planner(), late.bookingId, '住院'))).toBe('ok');
  });
});

onEveryDatabase('at the door', () => {
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    unit = await anOrganisation();
    exam = await anExam();
  });
  afterEach(() => resetClock());
  const invigilator = () => anActor({ invigilator: [unit.path] });

  it('somebody is let in after identity check and code, and not before', async () => {
    const sitting = await aSitting(exam, unit, { admission: true, checkIn: true });
    const { candidate, bookingId } = await aBooked(sitting, unit);
    expect(codeOf(await passDoor(candidate.actor, exam.id, proof))).toBe('door.not-open');
    setClock(sitting.startsAt);
    expect(codeOf(await passDoor(candidate.actor, exam.id, proof))).toBe('door.not-admitted');
    must(await decideIdentity(invigilator(), bookingId, 'admitted', '身份证与本人相符'));
    expect(codeOf(await passDoor(candidate.actor, exam.id, proof))).toBe('door.check-in');
    expect(codeOf(await passDoor(candidate.actor, exam.id, { ...proof, checkInCode: '000000x' }))).toBe('door.check-in-wrong');
    const [room] = await roomsOf(reader(), sitting.id);
    const { code: shown } = checkInCode(sitting, room?.id ?? null, clock.now());
    expect(await passDoor(candidate.actor, exam.id, { ...proof, checkInCode: shown })).toMatchObject({ ok: true, value: { booking: { id: bookingId } } });
    advanceClock(minutes(5));
    expect(codeOf(await passDoor(candidate.actor, exam.id, proof))).toBe('ok');
    expect(await told(bookingId)).toEqual(['booking.made', 'booking.admitted', 'booking.checked-in']);
  });

  it('nobody is late by the time they stood in line, nor loses the code that was right when they pressed start', async () => {
    const sitting = await aSitting(exam, unit, { checkIn: true });
    const { candidate } = await aBooked(sitting, unit);
    const askedAt = lastStart(sitting);
    setClock(askedAt);
    const [room] = await roomsOf(reader(), sitting.id);
    must(await enterCode(candidate.actor, exam.id, checkInCode(sitting, room?.id ?? null, askedAt).code));
    advanceClock(minutes(4));
    expect(codeOf(await passDoor(candidate.actor, exam.id, proof))).toBe('door.too-late');
    expect(codeOf(await passDoor(candidate.actor, exam.id, { ...proof, askedAt }))).toBe('ok');
    expect(await enterCode(candidate.actor, exam.id, '000000')).toEqual({ ok: true, value: null });
  });

  it('the decision can be taken back until the start and no longer, and pressed twice it is one', async () => {
    const sitting = await aSitting(exam, unit, { admission: true });
    const { candidate, bookingId } = await aBooked(sitting, unit);
    must(await decideIdentity(invigilator(), bookingId, 'refused', '证件过期'));
    must(await decideIdentity(invigilator(), bookingId, 'refused', '证件过期'));
    setClock(sitting.startsAt);
    expect(codeOf(await passDoor(candidate.actor, exam.id, proof))).toBe('door.refused');
    must(await undoIdentity(invigilator(), bookingId, '出示了临时身份证'));
    must(await decideIdentity(invigilator(), bookingId, 'admitted', '临时身份证'));
    await startWith(candidate, bookingId, sitting);
    expect(codeOf(await undoIdentity(invigilator(), bookingId, '后悔'))).toBe('booking.started');
    expect(await told(bookingId)).toEqual(['booking.made', 'booking.refused', 'booking.identity-undone', 'booking.admitted']);
  });

  it('an exemption lets one pass for what it was granted', async () => {
    const sitting = await aSitting(exam, unit, { networks: '10.9.0.0/16', seb: 'required' });
    const { candidate, bookingId } = await aBooked(sitting, unit);
    setClock(sitting.startsAt + minutes(16));
    const doors = [];
    for (const kind of ['late', 'network', 'seb'] as const) {
      doors.push(codeOf(await passDoor(candidate.actor, exam.id, proof)));
      must(await exempt(invigilator(), bookingId, kind, '交通管制'));
    }
    expect([...doors, codeOf(await passDoor(candidate.actor, exam.id, proof))]).toEqual(['door.too-late', 'door.network', 'door.seb', 'ok']);
  });

  it('only invigilators of the sitting decide, and nobody tries codes through', async () => {
    const sitting = await aSitting(exam, unit, { checkIn: true });
    const { candidate, bookingId } = await aBooked(sitting, unit);
    expect(codeOf(await decideIdentity(anActor({ invigilator: [(await anOrganisation()).path] }), bookingId, 'admitted', '相符'))).toBe('not-found');
    expect(await refusal(decideIdentity(candidate.actor, bookingId, 'admitted', '相符'))).toBe('access.denied');
    setClock(sitting.startsAt);
    const answers = [];
    for (let i = 0; i < 11; i += 1) answers.push(codeOf(await checkIn(candidate.actor, bookingId, 'wrong')));
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 'door.check-in-wrong'), 'rate.limited']);
  });
});
