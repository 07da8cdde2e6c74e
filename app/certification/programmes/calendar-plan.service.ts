import { addJob, appendEvent, commitIfOk, inTransaction, reader, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { addDays, dateAt, daysBetween, type PlainDate } from '~/kernel/calendar';
import { minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { replanAssignment } from '../assignment.service';
import { findAssignment, lockPeople } from '../assignments.repository';
import { isAsked } from '../gaps.repository';
import { refreshPeople } from '../refresh.service';
import { countMoved, dueGroups, dueOnes, findChange, insertChange, moveChangeOn, unfinishedChanges, type CalendarChange, type DueOne } from './calendar-changes.repository';
import { calendarDays, dropDays, setDays } from './calendar-days.repository';
import { loadCalendar } from './calendar.service';
import { knowing } from './known.service';
import { effectOf, plannedDue, type CalendarEffect } from './planned-due';

export const REPLAN_JOB = 'certification.calendar';
const LONGEST = 60;
const STEP = 200;
/** Other processes read the calendar once a minute: what they assigned by the former one is found after this. */
const CHECK_AGAIN_AFTER = minutes(3);

/** Days that are set alike; `working` null: the built-in calendar decides about them again. */
export interface DaysToChange {
  from: PlainDate;
  until: PlainDate;
  working: boolean | null;
  note: string;
}

function daysIn({ from, until }: Pick<DaysToChange, 'from' | 'until'>): Result<PlainDate[]> {
  if (until < from) return err('calendar.order', undefined, 'until');
  const count = daysBetween(from, until) + 1;
  // One change is one decision, which somebody can look over.
  return count > LONGEST ? err('calendar.too-long', undefined, 'until') : ok(Array.from({ length: count }, (_, i) => addDays(from, i)));
}

/** Whose due dates would move, before anything is saved. */
export async function previewCalendar(from: Reader, { working, ...span }: Omit<DaysToChange, 'note'>, now: Instant): Promise<Result<CalendarEffect>> {
  const days = daysIn(span);
  if (!days.ok) return days;
  const own = new Map((await calendarDays(from)).map((one) => [one.day, one.working]));
  for (const day of days.value) {
    if (working === null) own.delete(day);
    else own.set(day, working);
  }
  return ok(effectOf(await dueGroups(from), own, dateAt(now, config().TIME_ZONE)));
}

/**
 * Sets days off or days of work, or gives them back to the built-in calendar. Due dates that follow from working days are
 * planned anew by a job.
 * @param seen how many people the preview showed
 */
export async function changeCalendar(actor: Actor, change: DaysToChange, seen: number): Promise<Result<null>> {
  authorise(actor, 'set the calendar');
  const days = daysIn(change);
  if (!days.ok) return days;
  const { from, until, working, note } = change;
  const done = await commitIfOk(async (tx) => {
    const effect = await previewCalendar(tx, change, tx.now);
    if (!effect.ok) return effect;
    if (effect.value.people !== seen) return err('calendar.numbers-changed');
    const id = newId();
    if (working === null) await dropDays(tx, days.value);
    else await setDays(tx, days.value, { working, note, by: actor.by });
    await insertChange(tx, { id, firstDay: from, lastDay: until, working, note, madeBy: actor.by, seen });
    await appendEvent(tx, {
      kind: working === null ? 'calendar.day-cleared' : 'calendar.days-set', subject: { kind: 'calendar', id: from }, by: actor.by,
      body: { from, until, ...(working !== null && { working }), note, calendarChange: id, people: seen },
    });
    await addJob(tx, REPLAN_JOB, { changeId: id });
    return ok(null);
  });
  await loadCalendar();
  return done;
}

/**
 * The next step of planning anew after a change: so many assignments in one transaction, which also notes how far it came
 * and asks for the step after. So it may be stopped at any time and run twice at once. What is done, fixed by its date or
 * decided by somebody does not move.
 */
export async function replanByCalendar(changeId: string): Promise<void> {
  await loadCalendar();
  await inTransaction(async (tx) => {
    const change = await findChange(tx, changeId);
    if (!change || change.state === 'done') return;
    const found = await dueOnes(tx, change.afterId, STEP);
    if (!await moveOn(tx, change, found)) return;
    const personIds = [...new Set(found.filter(moves).map(({ personId }) => personId))];
    if (personIds.length === 0) return;
    await lockPeople(tx, personIds);
    // Between reading and locking somebody may have decided, or met everything.
    const settled = (await dueOnes(tx, change.afterId, STEP)).filter((one) => moves(one) && personIds.includes(one.personId));
    await countMoved(tx, changeId, await moveAll(tx, changeId, settled));
    await refreshPeople(tx, personIds);
  });
}

const newDueOf = ({ source, dueOn }: DueOne): PlainDate | null => (source === null ? null : plannedDue(source, dueOn));

function moves(one: DueOne): boolean {
  const due = newDueOf(one);
  return due !== null && due !== one.dueOn;
}

/** @returns false when another run of the same step was faster */
async function moveOn(tx: Tx, change: CalendarChange, found: readonly DueOne[]): Promise<boolean> {
  const last = found.length === STEP ? found.at(-1)?.id : undefined;
  const next = last !== undefined ? { state: change.state, afterId: last } : { state: change.state === 'running' ? 'checking' as const : 'done' as const, afterId: '' };
  if (await moveChangeOn(tx, change, next) === 0) return false;
  if (next.state !== 'done') await addJob(tx, REPLAN_JOB, { changeId: change.id }, last !== undefined ? undefined : tx.now + CHECK_AGAIN_AFTER);
  return true;
}

async function moveAll(tx: Tx, changeId: string, ones: readonly DueOne[]): Promise<number> {
  const known = knowing(tx);
  let moved = 0;
  for (const one of ones) {
    const held = await findAssignment(tx, one.id);
    const dueOn = newDueOf(one);
    if (!held || dueOn === null) continue;
    const { start_of_duty: startOfDuty, due_by: dueBy } = held;
    if (await replanAssignment(tx, held, { startOfDuty, dueOn, dueBy }, known, { cause: 'calendar', calendarChange: changeId })) moved += 1;
  }
  return moved;
}

/** Changes whose job got lost. */
export async function sweepCalendar(): Promise<void> {
  for (const { id } of await unfinishedChanges(reader())) {
    await inTransaction(async (tx) => {
      if (!await isAsked(tx, REPLAN_JOB, { changeId: id })) await addJob(tx, REPLAN_JOB, { changeId: id });
    });
  }
}
