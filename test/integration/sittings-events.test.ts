import { afterEach, beforeEach, expect, it } from 'vitest';
import { addAttendees, cancelEvent, planEvent } from '~/certification';
import { inTransaction, reader } from '~/db';
import { book, changeSitting, offersFor, previewAssignment, roomsOf, type Exam } from '~/exams';
import { clock, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { addNumber, type Organisation } from '~/people';
import { anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, type TestCandidate } from '../support/exams';
import { aMember, aPlan, aSitting, codeOf, plannerOf } from '../support/sittings';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const DAY = '2026-07-03';
let made = 0;

onEveryDatabase('an exam and a classroom event', () => {
  let unit: Organisation;
  let exam: Exam;
  let one: TestCandidate;
  let number: string;

  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    unit = await anOrganisation();
    exam = await anExam();
    one = await aMember(unit);
    made += 1;
    number = `EV${made}-${unit.id.slice(-6)}`;
    await inTransaction((tx) => addNumber(tx, one.personId, { kind: 'staff', value: number }));
  });
  afterEach(() => resetClock());

  /** On the day of the event, from nine to eleven. */
  const sittingThen = (day = DAY) => {
    const startsAt = Date.parse(`${day}T01:00:00Z`);
    return aSitting(exam, unit, { mode: 'fixed', startsAt });
  };
  const event = async (fromOn = DAY, untilOn = DAY) => must(await planEvent(plannerOf(unit), {
    organisationId: unit.id, series: 'network-safety', title: '网络安全集中培训', fromOn, untilOn, place: '党校', hundredths: 600, capacity: null,
  }));

  it('clash for whoever is listed: no place is booked, offered or assigned', async () => {
    const sitting = await sittingThen();
    must(await addAttendees(plannerOf(unit), await event(), number));
    expect(codeOf(await book(one.actor, sitting.id, { wait: false }))).toBe('booking.clash-event');
    const [offer] = await offersFor(reader(), exam, one.personId, clock.now());
    expect(offer?.problem).toEqual({ code: 'booking.clash-event', params: { title: '网络安全集中培训', from: DAY, until: DAY } });
    const preview = must(await previewAssignment(plannerOf(unit), sitting.id, { numbers: number }, clock.now()));
    expect(preview.people.map(({ problem }) => problem?.code)).toEqual(['booking.clash-event']);
  });

  it('clash for whoever has a place: they are not listed, and nobody else of that list is', async () => {
    const sitting = await sittingThen();
    must(await book(one.actor, sitting.id, { wait: false }));
    const id = await event('2026-07-02', '2026-07-04');
    expect(await addAttendees(plannerOf(unit), id, number)).toMatchObject({ ok: false, error: { code: 'event.clash', params: { numbers: number }, field: 'numbers' } });
    expect(must(await addAttendees(plannerOf(unit), await event('2026-07-06', '2026-07-07'), number))).toBe(1);
  });

  it('do not clash when the event is called off, or leaves a day of the sitting free', async () => {
    const sitting = await sittingThen();
    const id = await event();
    must(await addAttendees(plannerOf(unit), id, number));
    must(await cancelEvent(plannerOf(unit), id, '讲师不能到场'));
    expect(codeOf(await book(one.actor, sitting.id, { wait: false }))).toBe('ok');
  });

  it('keep a sitting from being moved onto the days of an event', async () => {
    const sitting = await sittingThen('2026-07-06');
    must(await book(one.actor, sitting.id, { wait: false }));
    must(await addAttendees(plannerOf(unit), await event(), number));
    const startsAt = Date.parse(`${DAY}T01:00:00Z`);
    const rooms = (await roomsOf(reader(), sitting.id)).map(({ id, name, seats, seatsPerRow }) => ({ id, name, seats, seatsPerRow }));
    expect(codeOf(await changeSitting(plannerOf(unit), sitting.id, aPlan({ startsAt, rooms }), { version: sitting.version, confirmed: true }))).toBe('sitting.change-clash');
  });
});
