import { z } from 'zod';
import { chunks, Flag, places, rows, type Params, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { leadingFirst, within } from '~/people';
import { FORMER } from '../attempt.repository';
import { ATTEMPT_STATES } from '../attempt-state';
import type { TakenBefore } from './eligibility';
import { SITTING_MODES } from './sitting';

const PersonRow = z.object({ id: z.string(), name: z.string(), number: z.string().nullable(), organisation: z.string() });
export type Candidate = z.infer<typeof PersonRow>;

export type CandidatesBy = { intakeId: string } | { organisationPath: string } | { personIds: string[] };

/** People with an appointment in scope, by number; once each. */
export async function candidatesBy(from: Reader, paths: readonly string[], by: CandidatesBy): Promise<Candidate[]> {
  if (!('personIds' in by)) {
    return 'intakeId' in by
      ? candidatesWhere(from, paths, 'ap.intake_id = $intakeId', { intakeId: by.intakeId })
      : candidatesWhere(from, paths, `o.path LIKE $beneath || '%'`, { beneath: by.organisationPath });
  }
  const found: Candidate[] = [];
  for (const chunk of chunks(by.personIds)) {
    const { list, params } = places(chunk);
    found.push(...await candidatesWhere(from, paths, `p.id IN (${list})`, params));
  }
  return found;
}

function candidatesWhere(from: Reader, paths: readonly string[], condition: string, params: Params): Promise<Candidate[]> {
  const scope = within('o.path', paths);
  return rows(from, PersonRow, `SELECT id, name, number, organisation FROM (
      SELECT p.id, p.name, o.name AS organisation,
        (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind IN ('recruitment', 'staff')) AS number,
        ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY ${leadingFirst('ap')}) AS place
      FROM appointments ap JOIN persons p ON p.id = ap.person_id JOIN organisations o ON o.id = ap.organisation_id
      WHERE ap.ended_on IS NULL AND ${scope.sql} AND ${condition}) listed
    WHERE place = 1 ORDER BY number, name, id`, { ...scope.params, ...params });
}

const TakenRow = z.object({
  person_id: z.string(), state: z.enum(ATTEMPT_STATES), handed_in_at: z.number().nullable(), passed: Flag.nullable(), released_at: z.number().nullable(), former: Flag,
});

/** What each of these people has taken of an exam. */
export async function takenBefore(from: Reader, examId: string, personIds: readonly string[]): Promise<Map<string, TakenBefore[]>> {
  const byPerson = new Map<string, TakenBefore[]>();
  for (const chunk of chunks(personIds)) {
    const { list, params } = places(chunk);
    const found = await rows(from, TakenRow, `SELECT a.person_id, a.state, a.handed_in_at, r.passed, r.released_at, ${FORMER} AS former
      FROM attempts a LEFT JOIN results r ON r.attempt_id = a.id
      WHERE a.exam_id = $examId AND a.started_at IS NOT NULL AND a.person_id IN (${list})`, { ...params, examId });
    for (const row of found) {
      const taken = { state: row.state, handedInAt: row.handed_in_at, passed: row.released_at === null ? null : row.passed, former: row.former };
      byPerson.set(row.person_id, [...(byPerson.get(row.person_id) ?? []), taken]);
    }
  }
  return byPerson;
}

const HeldRow = z.object({
  person_id: z.string(), booking_id: z.string(), state: z.enum(['booked', 'waiting']), sitting_id: z.string(), exam_id: z.string(),
  title: z.string(), mode: z.enum(SITTING_MODES), starts_at: z.number(), ends_at: z.number(),
}).transform((row) => ({
  personId: row.person_id, mode: row.mode, bookingId: row.booking_id, state: row.state, sittingId: row.sitting_id, examId: row.exam_id, title: row.title,
  startsAt: row.starts_at, endsAt: row.ends_at,
}));
export type Held = z.infer<typeof HeldRow>;

/** The places that these people have or wait for in sittings that are not over, and that no attempt has used up. */
export async function heldPlaces(from: Reader, personIds: readonly string[], now: Instant): Promise<Map<string, Held[]>> {
  const byPerson = new Map<string, Held[]>();
  for (const chunk of chunks(personIds)) {
    const { list, params } = places(chunk);
    const found = await rows(from, HeldRow, `SELECT b.person_id, b.id AS booking_id, b.state, s.id AS sitting_id, s.exam_id, s.title, s.mode, s.starts_at, s.ends_at
      FROM bookings b JOIN sittings s ON s.id = b.sitting_id
      WHERE b.state IN ('booked', 'waiting') AND s.state <> 'cancelled' AND s.ends_at > $now AND b.person_id IN (${list})
        AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.booking_id = b.id AND a.state NOT IN ('prepared', 'in-progress'))`, { ...params, now });
    for (const row of found) byPerson.set(row.personId, [...(byPerson.get(row.personId) ?? []), row]);
  }
  return byPerson;
}
