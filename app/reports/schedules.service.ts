import { addJob, appendEvent, commitIfOk, inTransaction, reader, type By } from '~/db';
import { actorOfAccount, authorise, can, type Actor } from '~/identity';
import { dateAt, isWorkingDay } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { log } from '~/kernel/log';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import type { Lang } from '~/text';
import type { Format } from './report';
import { insertRequest } from './requests.repository';
import { isRhythm, nextRun, type Rhythm } from './schedule';
import { dueSchedules, endSchedule, findSchedule, insertSchedule, moveOn, type ReportSchedule } from './schedules.repository';
import { openSaved, seenSaved } from './saved.service';

const BY: By = 'system:reports';

export interface ScheduleWish extends Rhythm {
  format: Format;
  lang: Lang;
  keepDays: number;
}

/** Has a saved report made again and again, for whoever asks and by what they may see each time. @returns its id */
export async function scheduleReport(actor: Actor, savedReportId: string, wish: ScheduleWish): Promise<Result<string>> {
  const saved = await openSaved(actor, savedReportId);
  if (!isRhythm(wish)) return err('report.day-form', undefined, 'day');
  if (saved.query.on !== undefined) return err('report.on-fixed', { on: saved.query.on }, 'rhythm');
  return commitIfOk(async (tx) => {
    const id = await insertSchedule(tx, { ...wish, savedReportId, accountId: actor.accountId, nextAt: nextRun(wish, clock.now(), config().TIME_ZONE) });
    await appendEvent(tx, {
      kind: 'report.scheduled', subject: { kind: 'report-schedule', id }, by: actor.by,
      body: { savedReportId, rhythm: wish.rhythm, day: wish.day, hour: wish.hour, format: wish.format, keepDays: wish.keepDays },
    });
    return ok(id);
  });
}

/** Ends a schedule of one's own; what it has made stays until its date. */
export async function stopSchedule(actor: Actor, id: string): Promise<void> {
  authorise(actor, 'see reports');
  const found = await findSchedule(reader(), id);
  if (found?.accountId !== actor.accountId) throw new ProblemError({ code: 'not-found' });
  await end(id, 'stopped', actor.by);
}

const end = (id: string, reason: string, by: By): Promise<void> =>
  inTransaction(async (tx) => {
    if (await endSchedule(tx, id, reason) === 0) return;
    await appendEvent(tx, { kind: 'report.schedule-ended', subject: { kind: 'report-schedule', id }, by, cause: reason, body: { reason } });
  });

const AT_A_TIME = 100;

/**
 * Asks for what is due: once for each time, whatever runs twice. After a time in which nothing ran, what was missed is made
 * once, not as often as it was missed.
 */
export async function sweepSchedules(now: Instant): Promise<void> {
  for (const schedule of await dueSchedules(reader(), now, AT_A_TIME)) {
    try {
      await take(schedule, now);
    } catch (error) {
      log().error({ err: error, scheduleId: schedule.id }, 'a scheduled report could not be asked for');
    }
  }
}

async function take(schedule: ReportSchedule, now: Instant): Promise<void> {
  const zone = config().TIME_ZONE;
  const actor = await actorOfAccount(reader(), schedule.accountId, now);
  if (!actor || !can(actor, 'see reports')) return end(schedule.id, 'no-permission', BY);
  const saved = await seenSaved(reader(), actor, schedule.savedReportId);
  if (!saved) return end(schedule.id, 'report-gone', BY);
  // The calendar may have changed since this time was set.
  const isDayOff = !isWorkingDay(dateAt(schedule.nextAt, zone));
  await inTransaction(async (tx) => {
    if (await moveOn(tx, schedule, nextRun(schedule, isDayOff ? schedule.nextAt : now, zone)) === 0 || isDayOff) return;
    const id = await insertRequest(tx, {
      accountId: schedule.accountId, name: saved.name, query: saved.query, format: schedule.format, lang: schedule.lang, keepDays: schedule.keepDays, savedReportId: saved.id,
      schedule: { id: schedule.id, dueAt: schedule.nextAt },
    });
    if (id === null) return;
    await appendEvent(tx, { kind: 'report.asked', subject: { kind: 'report', id }, by: BY, cause: 'schedule', body: { scheduleId: schedule.id, kind: saved.query.kind, format: schedule.format } });
    await addJob(tx, 'reports.make', { requestId: id });
  });
}
