import { appendEvent, appendEvents, commitIfOk, reader, type Tx } from '~/db';
import { examsBeside } from '~/exams';
import { authorise, covers, scopePaths, type Actor } from '~/identity';
import { dateAt, daysBetween, startOfDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { engage, organisationTree, personsByNumber, release } from '~/people';
import { annulHours, enterHours } from '../hours';
import { isAttended, wasThere, type Attendance } from './attendance';
import { annul, count } from './counting.service';
import { attendeesOf, cancelEventRow, findEvent, insertAttendees, insertEvent, lockEvent, markAttendance, type Attendee, type ClassroomEvent, type NewEvent } from './events.repository';
import { peopleNamed } from './past/past.repository';

/** Plans a classroom event of an organisation in scope. @returns its id */
export async function planEvent(actor: Actor, given: NewEvent): Promise<Result<string>> {
  const place = (await organisationTree(reader(), scopePaths(actor, 'hr'))).find((one) => one.id === given.organisationId);
  if (!place) return err('field.choose', undefined, 'organisationId');
  authorise(actor, 'hold events', { organisationPath: place.path });
  if (given.untilOn < given.fromOn) return err('records.dates-order', undefined, 'untilOn');
  return commitIfOk(async (tx) => {
    const id = await insertEvent(tx, given, actor.by);
    await appendEvent(tx, { kind: 'event.planned', subject: { kind: 'event', id }, by: actor.by, body: { series: given.series, fromOn: given.fromOn, untilOn: given.untilOn, hundredths: given.hundredths } });
    return ok(id);
  });
}

/** An event with its list, for those in whose scope it is. @throws ProblemError */
export async function openEvent(actor: Actor, id: string): Promise<{ event: ClassroomEvent; attendees: Attendee[] } | null> {
  const event = await findEvent(reader(), id);
  if (!event) authorise(actor, 'see events');
  else authorise(actor, 'see an event', { organisationPath: event.path });
  return event && { event, attendees: await attendeesOf(reader(), id) };
}

const onEvent = <T>(actor: Actor, id: string, act: (tx: Tx, event: ClassroomEvent) => Promise<Result<T>>): Promise<Result<T>> =>
  commitIfOk(async (tx) => {
    await lockEvent(tx, id);
    const event = await findEvent(tx, id);
    if (!event) return err('not-found');
    authorise(actor, 'hold events', { organisationPath: event.path });
    return event.state === 'cancelled' ? err('event.cancelled') : act(tx, event);
  });

/** The most people that are listed at once. */
const MOST_AT_ONCE = 500;

/** Lists people by their recruitment or staff numbers; all of them or nobody. @returns how many are new on the list */
export const addAttendees = (actor: Actor, id: string, typed: string): Promise<Result<number>> => onEvent(actor, id, async (tx, event) => {
  const numbers = [...new Set(typed.split(/[\s,;，；、]+/).filter(Boolean))].slice(0, MOST_AT_ONCE);
  if (numbers.length === 0) return err('field.required', undefined, 'numbers');
  const owners = await personsByNumber(tx, numbers);
  const people = await peopleNamed(tx, [...new Set(owners.values())]);
  const scope = scopePaths(actor, 'hr');
  const mine = (personId: string | undefined): boolean => (people.get(personId ?? '')?.paths ?? []).some((path) => scope.some((one) => covers(one, path)));
  const unknown = numbers.filter((number) => !mine(owners.get(number)));
  if (unknown.length > 0) return err('event.numbers-unknown', { numbers: unknown.slice(0, 20).join('、') }, 'numbers');
  const listed = [...new Set(owners.values())];
  const engaged = { title: event.title, fromOn: event.fromOn, untilOn: event.untilOn };
  const writing = new Set(await examsBeside(tx, listed, engaged, tx.now));
  if (writing.size > 0) return err('event.clash', { numbers: numbers.filter((number) => writing.has(owners.get(number) ?? '')).slice(0, 20).join('、') }, 'numbers');
  const added = await insertAttendees(tx, id, listed, actor.by);
  if (event.capacity !== null && event.listed + added.length > event.capacity) return err('event.full', { left: Math.max(0, event.capacity - event.listed) }, 'numbers');
  await engage(tx, id, added.map((personId) => ({ personId, ...engaged })));
  await appendEvents(tx, added.map((personId) => ({ kind: 'event.attendee-added', subject: { kind: 'event', id }, personId, by: actor.by })));
  return ok(added.length);
});

export interface Mark {
  id: string;
  state: Attendance;
  /** Hours missed, in hundredths. */
  leave: number;
}

/** Records who was there and for how long: evidence and hours for those who were, nothing for those who were not. Can be corrected. */
export const recordAttendance = (actor: Actor, id: string, marks: readonly Mark[]): Promise<Result<number>> => onEvent(actor, id, async (tx, event) => {
  if (event.fromOn > dateAt(tx.now, config().TIME_ZONE)) return err('event.not-yet');
  const attendees = new Map((await attendeesOf(tx, id)).map((one) => [one.id, one]));
  let changed = 0;
  for (const given of marks) {
    const attendee = attendees.get(given.id);
    if (!attendee) continue;
    // Nobody records that they were there themselves.
    const mark = { state: given.state, leave: wasThere(given.state) ? given.leave : 0 };
    if (mark.state === attendee.state && mark.leave === attendee.leave) continue;
    if (attendee.personId === actor.personId) return err('records.four-eyes');
    if (mark.leave > event.hundredths) return err('event.leave-too-long');
    await markAttendance(tx, given.id, mark, actor.by);
    await settle(tx, actor, event, attendee, mark);
    changed += 1;
  }
  return ok(changed);
});

async function settle(tx: Tx, actor: Actor, event: ClassroomEvent, attendee: Attendee, mark: Omit<Mark, 'id'>): Promise<void> {
  const { id: ref, personId } = attendee;
  const how = { by: actor.by, cause: 'personnel' };
  await appendEvent(tx, {
    kind: 'event.attendance-marked', subject: { kind: 'event', id: event.id }, personId, by: actor.by, body: { state: mark.state, leave: mark.leave, attendanceId: ref },
  });
  // What was entered before is taken out first: hours are entered anew under a reference of their own.
  await annulHours(tx, 'classroom', hoursRef(ref, attendee.version), how);
  if (!wasThere(mark.state)) return annul(tx, personId, 'event-attendance', ref, how);
  const passed = isAttended({ ...mark, total: event.hundredths });
  await count(tx, personId, {
    kind: 'event-attendance', ref, targetId: event.series, passed, at: startOfDate(event.untilOn, config().TIME_ZONE), validUntil: null,
    facts: { hundredths: event.hundredths - mark.leave, leaveHundredths: mark.leave, eventId: event.id },
  }, how);
  await enterHours(tx, {
    personId, kind: 'classroom', ref: hoursRef(ref, attendee.version + 1), title: { zh: event.title, en: event.title }, occurredOn: event.untilOn,
    minutes: Math.round(event.hundredths * 0.6), days: daysBetween(event.fromOn, event.untilOn) + 1, statedHours: event.hundredths / 100,
    leave: { missed: mark.leave / 100, of: event.hundredths / 100 }, approvedBy: actor.by,
  }, how);
}

/** Corrected attendance is another entry: the first one stays, annulled, with its calculation. */
const hoursRef = (ref: string, version: number): string => `${ref}:${version}`;

/** Calls an event off, as long as nobody was recorded as having been there. */
export const cancelEvent = (actor: Actor, id: string, reason: string): Promise<Result<null>> => onEvent(actor, id, async (tx, event) => {
  if (event.there > 0) return err('event.has-attendance');
  await cancelEventRow(tx, id, reason);
  await release(tx, id);
  await appendEvent(tx, { kind: 'event.cancelled', subject: { kind: 'event', id }, by: actor.by, body: { reason } });
  return ok(null);
});
