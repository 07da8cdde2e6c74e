import ical, { ICalCalendarMethod, ICalEventStatus, type ICalCalendar } from 'ical-generator';
import { Temporal } from 'temporal-polyfill';
import { findExam } from '~/exams';
import type { Reader } from '~/db';
import { addDays, dateAt } from '~/kernel/calendar';
import { days, hours, type Instant } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { textFor, type Lang, type Text } from '~/text';
import { dueDatesOf, isRecent, placesOf, type DueDate } from './dates.repository';
import { appointmentsOf, type CalendarPlace } from './places';

/** What is over so long is not in the calendar any more; what was cancelled stays in it until then, as cancelled. */
const KEPT_DAYS = 60;

/** Somebody's sittings and due dates as an iCalendar file (RFC 5545), in their language. */
export async function calendarOf(from: Reader, personId: string, lang: Lang, now: Instant): Promise<string> {
  const text = textFor(lang, config().TIME_ZONE);
  const calendar = ical({
    name: text.t('calendar-feed.name'), prodId: { company: 'Shanggang', product: 'Shanggang', language: lang === 'zh' ? 'ZH' : 'EN' }, method: ICalCalendarMethod.PUBLISH,
    timezone: { name: config().TIME_ZONE, generator: vtimezone }, ttl: hours(1) / 1000,
  });
  const places = appointmentsOf(await placesOf(from, personId)).filter(({ place }) => isRecent(place.ends_at, now - days(KEPT_DAYS)));
  for (const one of places) addPlace(calendar, one, { text, exam: (await findExam(from, one.place.exam_id))?.title[lang] ?? '', now });
  for (const due of await dueDatesOf(from, personId, addDays(dateAt(now, config().TIME_ZONE), -KEPT_DAYS))) addDue(calendar, due, text, now);
  return calendar.toString();
}

function addPlace(calendar: ICalCalendar, { uid, sequence, isCancelled, place }: CalendarPlace, { text: { t }, exam, now }: { text: Text; exam: string; now: Instant }): void {
  const where = place.room === null ? t('notices.place-remote') : t('notices.place-where', { room: place.room, seat: place.seat ?? 0 });
  calendar.createEvent({
    id: `place-${uid}@${host()}`, sequence, stamp: zoned(now), start: zoned(place.starts_at), end: zoned(place.ends_at), timezone: config().TIME_ZONE,
    summary: t(isCancelled ? 'calendar-feed.cancelled' : 'calendar-feed.exam', { exam }), location: where,
    description: t('calendar-feed.exam-text', { sitting: place.sitting, ticket: place.ticket }), url: `${publicUrl()}/bookings/${place.id}`,
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
}

function addDue(calendar: ICalCalendar, { assignment_id: id, version, due_on: dueOn, title_zh, title_en }: DueDate, { t, lang }: Text, now: Instant): void {
  const programme = lang === 'zh' ? title_zh : title_en;
  calendar.createEvent({
    id: `due-${id}@${host()}`, sequence: version, stamp: zoned(now), allDay: true, start: Temporal.PlainDate.from(dueOn), end: Temporal.PlainDate.from(addDays(dueOn, 1)),
    summary: t('calendar-feed.due', { programme }), description: t('calendar-feed.due-text'), url: `${publicUrl()}/home`, status: ICalEventStatus.CONFIRMED,
  });
}

const zoned = (at: Instant) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(config().TIME_ZONE);

const host = (): string => new URL(publicUrl()).hostname;

/**
 * The zone as a calendar needs it. China has had one offset since 1992, which is all that these dates need; of a zone whose
 * clocks change nothing is said here, and calendars know it by its name.
 */
export function vtimezone(zone: string): string | null {
  const offsetIn = (month: number): string => Temporal.PlainDateTime.from({ year: 2026, month, day: 1 }).toZonedDateTime(zone).offset;
  if (Array.from({ length: 12 }, (_, i) => offsetIn(i + 1)).some((offset, _, [first]) => offset !== first)) return null;
  const offset = offsetIn(1).replace(':', '');
  return ['BEGIN:VTIMEZONE', `TZID:${zone}`, 'BEGIN:STANDARD', 'DTSTART:19920101T000000', `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`, 'END:STANDARD', 'END:VTIMEZONE'].join('\r\n');
}
