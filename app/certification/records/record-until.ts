import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { LifeRecord } from './record';

/**
 * A record as it looked by the end of a day: what a former office keeps, to answer for its time. What came later is not
 * in it, nor what was found out later about what is; the numbers that somebody got elsewhere are left out too.
 */
export function recordUntil(record: LifeRecord, lastDay: PlainDate): LifeRecord {
  const by = (at: string): boolean => dateAt(Date.parse(at), record.zone) <= lastDay;
  const then = (at: string | null): string | null => (at !== null && by(at) ? at : null);
  const endedBy = (day: PlainDate | null): PlainDate | null => (day !== null && day <= lastDay ? day : null);
  return {
    ...record,
    person: { ...record.person, numbers: record.person.numbers.filter(({ kind }) => kind === 'recruitment') },
    appointments: record.appointments.filter(({ from }) => from <= lastDay).map((one) => ({ ...one, until: endedBy(one.until) })),
    courses: record.courses.filter((one) => by(one.enrolledAt)).map((one) => ({
      ...one, completedAt: then(one.completedAt), lessons: one.lessons.filter(({ readAt }) => by(readAt)),
    })),
    exams: record.exams.filter(({ startedAt }) => then(startedAt) !== null).map((one) => ({ ...one, result: one.result && by(one.result.releasedAt) ? one.result : null })),
    // What a credential is worth today anybody may ask by its number; why is not told any more.
    credentials: record.credentials.filter(({ issuedAt }) => by(issuedAt)).map((one) => ({ ...one, stateReason: by(one.stateAt) ? one.stateReason : null })),
    waivers: record.waivers.filter(({ decidedAt }) => then(decidedAt) !== null),
    starts: record.starts.filter(({ on }) => on <= lastDay),
    declarations: record.declarations.filter(({ signedAt }) => by(signedAt)),
    events: record.events.filter(({ until }) => until <= lastDay),
  };
}
