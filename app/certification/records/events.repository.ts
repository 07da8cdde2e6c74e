import { z } from 'zod';
import { execute, insert, maybeOne, one, rows, type By, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { within } from '~/people';
import { ATTENDANCE, type Attendance } from './attendance';

const EventRow = z.object({
  id: z.string(), organisation_id: z.string(), organisation: z.string(), path: z.string(), series: z.string(), title: z.string(), from_on: z.string(), until_on: z.string(),
  place: z.string(), hundredths: z.number(), capacity: z.number().nullable(), state: z.enum(['planned', 'cancelled']), end_reason: z.string().nullable(), listed: z.number(), there: z.number(),
}).transform((row) => ({
  id: row.id, organisationId: row.organisation_id, organisation: row.organisation, path: row.path, series: row.series, title: row.title, fromOn: row.from_on, untilOn: row.until_on,
  place: row.place, hundredths: row.hundredths, capacity: row.capacity, state: row.state, endReason: row.end_reason, listed: row.listed, there: row.there,
}));
export type ClassroomEvent = z.output<typeof EventRow>;

const SELECT = `SELECT e.id, e.organisation_id, o.name AS organisation, o.path, e.series, e.title, e.from_on, e.until_on, e.place, e.hundredths, e.capacity, e.state, e.end_reason,
    (SELECT COUNT(*) FROM event_attendance t WHERE t.event_id = e.id) AS listed,
    (SELECT COUNT(*) FROM event_attendance t WHERE t.event_id = e.id AND t.state IN ('attended', 'left-early')) AS there
  FROM classroom_events e JOIN organisations o ON o.id = e.organisation_id`;

export const findEvent = (from: Reader, id: string): Promise<ClassroomEvent | null> => maybeOne(from, EventRow, `${SELECT} WHERE e.id = $id`, { id });

/** Events of organisations in scope, the latest first. */
export async function eventsInScope(from: Reader, query: { paths: readonly string[]; page: number; pageSize: number }): Promise<{ events: ClassroomEvent[]; count: number }> {
  const scope = within('o.path', query.paths);
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM classroom_events e JOIN organisations o ON o.id = e.organisation_id WHERE ${scope.sql}`, scope.params);
  const events = await rows(from, EventRow, `${SELECT} WHERE ${scope.sql} ORDER BY e.from_on DESC, e.id DESC LIMIT $limit OFFSET $offset`, {
    ...scope.params, limit: query.pageSize, offset: (query.page - 1) * query.pageSize,
  });
  return { events, count };
}

/** The codes of series of which there was an event. */
export const seriesKnown = async (from: Reader): Promise<string[]> =>
  (await rows(from, z.object({ series: z.string() }), 'SELECT DISTINCT series FROM classroom_events ORDER BY series')).map((row) => row.series);

export interface NewEvent {
  organisationId: string;
  series: string;
  title: string;
  fromOn: PlainDate;
  untilOn: PlainDate;
  place: string;
  hundredths: number;
  capacity: number | null;
}

export async function insertEvent(tx: Tx, fresh: NewEvent, by: By): Promise<string> {
  const id = newId();
  await insert(tx, 'classroom_events', [{
    id, organisation_id: fresh.organisationId, series: fresh.series, title: fresh.title, from_on: fresh.fromOn, until_on: fresh.untilOn, place: fresh.place,
    hundredths: fresh.hundredths, capacity: fresh.capacity, state: 'planned', created_at: tx.now, created_by: by,
  }]);
  return id;
}

/** Locks the event, so that its places are counted by one after the other. */
export const lockEvent = (tx: Tx, id: string): Promise<number> => execute(tx, 'UPDATE classroom_events SET version = version + 1 WHERE id = $id', { id });

export const cancelEventRow = (tx: Tx, id: string, reason: string): Promise<number> =>
  execute(tx, `UPDATE classroom_events SET state = 'cancelled', end_reason = $reason, version = version + 1 WHERE id = $id AND state = 'planned'`, { id, reason });

const AttendeeRow = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), number: z.string().nullable(), organisation: z.string().nullable(), state: z.enum(ATTENDANCE), leave_hundredths: z.number(), version: z.number(),
}).transform((row) => ({ version: row.version, id: row.id, personId: row.person_id, name: row.name, number: row.number, organisation: row.organisation, state: row.state, leave: row.leave_hundredths }));
export type Attendee = z.output<typeof AttendeeRow>;

/** Who is listed, by name. */
export const attendeesOf = (from: Reader, eventId: string): Promise<Attendee[]> =>
  rows(from, AttendeeRow, `SELECT t.id, t.person_id, p.name, (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind IN ('recruitment', 'staff')) AS number,
      (SELECT MIN(o.name) FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE a.person_id = p.id AND a.ended_on IS NULL) AS organisation,
      t.state, t.leave_hundredths, t.version
    FROM event_attendance t JOIN persons p ON p.id = t.person_id WHERE t.event_id = $eventId ORDER BY p.name, t.id`, { eventId });

/** @returns the ids of those who were not listed yet */
export async function insertAttendees(tx: Tx, eventId: string, personIds: readonly string[], by: By): Promise<string[]> {
  const added: string[] = [];
  for (const personId of personIds) {
    const fresh = await insert(tx, 'event_attendance', [{ id: newId(), event_id: eventId, person_id: personId, state: 'expected', added_at: tx.now, added_by: by }],
      'ON CONFLICT (event_id, person_id) DO NOTHING');
    if (fresh > 0) added.push(personId);
  }
  return added;
}

/** @returns 0 when it is so already */
export const markAttendance = (tx: Tx, id: string, mark: { state: Attendance; leave: number }, by: By): Promise<number> =>
  execute(tx, `UPDATE event_attendance SET state = $state, leave_hundredths = $leave, marked_at = $now, marked_by = $by, version = version + 1
    WHERE id = $id AND (state <> $state OR leave_hundredths <> $leave)`, { id, ...mark, by, now: tx.now });

const OwnRow = z.object({
  id: z.string(), organisation: z.string(), series: z.string(), title: z.string(), from_on: z.string(), until_on: z.string(), place: z.string(), hundredths: z.number(),
  capacity: z.number().nullable(), listed: z.number(), state: z.enum(ATTENDANCE).nullable(),
}).transform((row) => ({
  id: row.id, organisation: row.organisation, series: row.series, title: row.title, fromOn: row.from_on, untilOn: row.until_on, place: row.place, hundredths: row.hundredths,
  /** How many may still be put on the list; null: as many as come. */
  free: row.capacity === null ? null : Math.max(0, row.capacity - row.listed),
  /** Their own place on the list; null: they are not on it. */
  state: row.state,
}));
export type OwnEvent = z.output<typeof OwnRow>;

/** The events on whose lists somebody stands, and those ahead of series that they are required to attend. What lies ahead comes first. */
export const eventsFor = (from: Reader, personId: string, today: PlainDate): Promise<OwnEvent[]> =>
  rows(from, OwnRow, `SELECT e.id, o.name AS organisation, e.series, e.title, e.from_on, e.until_on, e.place, e.hundredths, e.capacity,
      (SELECT COUNT(*) FROM event_attendance l WHERE l.event_id = e.id) AS listed, t.state
    FROM classroom_events e JOIN organisations o ON o.id = e.organisation_id LEFT JOIN event_attendance t ON t.event_id = e.id AND t.person_id = $personId
    WHERE e.state = 'planned' AND (t.id IS NOT NULL OR (e.until_on >= $today AND e.series IN (SELECT r.target FROM assignments a
      JOIN requirements r ON r.programme_version_id = a.programme_version_id AND r.kind = 'event' WHERE a.person_id = $personId AND a.ended_at IS NULL)))
    ORDER BY CASE WHEN e.until_on >= $today THEN 0 ELSE 1 END, e.from_on, e.id`, { personId, today });
