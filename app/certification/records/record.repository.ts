import { z } from 'zod';
import { Flag, json, maybeOne, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

const Titles = { title_zh: z.string(), title_en: z.string() };

const CourseRow = z.object({ id: z.string(), ...Titles, enrolled_at: z.number(), completed_at: z.number().nullable() });

/** Courses under the title of the version that was learned. */
export const coursesLearned = (from: Reader, personId: string) =>
  rows(from, CourseRow, `SELECT e.id, v.title_zh, v.title_en, e.enrolled_at, d.completed_at
    FROM enrolments e LEFT JOIN completions d ON d.enrolment_id = e.id JOIN course_versions v ON v.id = COALESCE(d.course_version_id, e.course_version_id)
    WHERE e.person_id = $personId ORDER BY e.enrolled_at, e.id`, { personId });

const LessonRow = z.object({ enrolment_id: z.string(), lesson_slug: z.string(), title_zh: z.string().nullable(), read_at: z.number() });

export const lessonsRead = (from: Reader, personId: string) =>
  rows(from, LessonRow, `SELECT p.enrolment_id, p.lesson_slug, l.title_zh, p.read_at FROM lesson_progress p JOIN enrolments e ON e.id = p.enrolment_id
    LEFT JOIN lessons l ON l.course_version_id = e.course_version_id AND l.slug = p.lesson_slug
    WHERE e.person_id = $personId AND p.read_at IS NOT NULL ORDER BY p.read_at, p.lesson_slug`, { personId });

const ExamRow = z.object({
  ...Titles, number: z.number(), state: z.string(), started_at: z.number().nullable(), percent: z.number().nullable(), cut_score: z.number().nullable(),
  passed: Flag.nullable(), released_at: z.number().nullable(),
});

/** Attempts that were begun, practice apart; the result only once it was released. */
export const examsTaken = (from: Reader, personId: string) =>
  rows(from, ExamRow, `SELECT x.title_zh, x.title_en, a.number, a.state, a.started_at, r.percent, r.cut_score, r.passed, r.released_at
    FROM attempts a JOIN exams x ON x.id = a.exam_id LEFT JOIN results r ON r.attempt_id = a.id AND r.released_at IS NOT NULL
    WHERE a.person_id = $personId AND a.state <> 'prepared' AND x.practice_of IS NULL ORDER BY a.started_at, a.id`, { personId });

const CredentialRow = z.object({
  number: z.string(), ...Titles, state: z.string(), issued_at: z.number(), valid_until: z.string().nullable(), state_at: z.number(), state_reason: z.string().nullable(),
});

export const credentialsEarned = (from: Reader, personId: string) =>
  rows(from, CredentialRow, `SELECT c.number, v.title_zh, v.title_en, c.state, c.issued_at, c.valid_until, c.state_at, c.state_reason
    FROM credentials c JOIN assignments a ON a.id = c.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
    WHERE c.person_id = $personId ORDER BY c.issued_at, c.number`, { personId });

const YearRow = z.object({ year: z.number(), hundredths: z.number() });

/** With a limit: of what was learned until a day and entered before an instant. */
export const hoursByYear = (from: Reader, personId: string, limit: { lastDay: string; before: Instant } | null) =>
  rows(from, YearRow, `SELECT year, CAST(SUM(hundredths) AS INTEGER) AS hundredths FROM hour_entries WHERE person_id = $personId AND status = 'counted'
    ${limit ? 'AND occurred_on <= $lastDay AND entered_at < $before' : ''} GROUP BY year ORDER BY year`, { personId, ...limit });

const AssignedRow = z.object({ id: z.string(), ...Titles, gate: z.string(), cycle: z.number(), due_on: z.string() });

/** Every assignment there was, ended ones too. */
export const assignmentsHad = (from: Reader, personId: string) =>
  rows(from, AssignedRow, `SELECT a.id, v.title_zh, v.title_en, v.gate, a.cycle, a.due_on
    FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id WHERE a.person_id = $personId ORDER BY a.assigned_at, a.id`, { personId });

const PassedRow = z.object({ id: z.string(), appointment_id: z.string(), ...Titles, organisation: z.string(), ended_at: z.number().nullable() }).transform((row) => ({
  assignmentId: row.id, appointmentId: row.appointment_id, programme: { zh: row.title_zh, en: row.title_en }, organisation: row.organisation, endedAt: row.ended_at,
}));
export type PassedAssignment = z.output<typeof PassedRow>;

/** Every assignment with where it was for, the newest first. */
export const assignmentsPassed = (from: Reader, personId: string): Promise<PassedAssignment[]> =>
  rows(from, PassedRow, `SELECT a.id, a.appointment_id, v.title_zh, v.title_en, o.name AS organisation, a.ended_at
    FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id JOIN appointments p ON p.id = a.appointment_id
    JOIN organisations o ON o.id = p.organisation_id WHERE a.person_id = $personId ORDER BY a.assigned_at DESC, a.id DESC`, { personId });

const WaiverRow = z.object({
  ...Titles, state: z.string(), valid_from: z.string(), valid_until: z.string(), reason: z.string(), conditions: z.string(), decided_at: z.number().nullable(),
});

export const waiversHad = (from: Reader, personId: string) =>
  rows(from, WaiverRow, `SELECT v.title_zh, v.title_en, w.state, w.valid_from, w.valid_until, w.reason, w.conditions, w.decided_at
    FROM waivers w JOIN assignments a ON a.id = w.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
    WHERE w.person_id = $personId ORDER BY w.asked_at, w.id`, { personId });

const StartRow = z.object({ organisation: z.string(), started_on: z.string(), basis: z.string(), state: z.string() });

export const startsHad = (from: Reader, personId: string) =>
  rows(from, StartRow, `SELECT o.name AS organisation, s.started_on, s.basis, s.state FROM starts s JOIN appointments a ON a.id = s.appointment_id
    JOIN organisations o ON o.id = a.organisation_id WHERE s.person_id = $personId ORDER BY s.asked_at, s.id`, { personId });

const SignedRow = z.object({ ...Titles, text_hash: z.string(), signed_name: z.string(), signed_at: z.number() });

export const declarationsSigned = (from: Reader, personId: string) =>
  rows(from, SignedRow, `SELECT title_zh, title_en, text_hash, signed_name, signed_at FROM declarations WHERE person_id = $personId ORDER BY signed_at, id`, { personId });

const EventRow = z.object({
  title: z.string(), place: z.string(), from_on: z.string(), until_on: z.string(), hundredths: z.number(), leave_hundredths: z.number(), state: z.string(),
});

export const eventsAttended = (from: Reader, personId: string) =>
  rows(from, EventRow, `SELECT e.title, e.place, e.from_on, e.until_on, e.hundredths, t.leave_hundredths, t.state
    FROM event_attendance t JOIN classroom_events e ON e.id = t.event_id WHERE t.person_id = $personId AND e.state = 'planned' ORDER BY e.from_on, e.id`, { personId });

const PastRow = z.object({ cells: json(z.record(z.string(), z.string())), state: z.string() });

/** What was taken over from before, by imports that were approved before an instant. */
export const pastTakenOver = (from: Reader, personId: string, before: Instant) =>
  rows(from, PastRow, `SELECT r.cells, r.state FROM past_import_rows r JOIN past_imports i ON i.id = r.import_id
    WHERE r.person_id = $personId AND r.state = 'applied' AND i.decided_at < $before ORDER BY r.import_id, r.line`, { personId, before });

/** The name of the whole deployment's organisation. */
export const issuerName = async (from: Reader): Promise<string> =>
  (await maybeOne(from, z.object({ name: z.string() }), 'SELECT name FROM organisations WHERE parent_id IS NULL ORDER BY path LIMIT 1'))?.name ?? '';

/** When a person's record was checked as a file, the latest first. */
export const recordChecks = async (from: Reader, personId: string, limit: number): Promise<Instant[]> =>
  (await rows(from, z.object({ at: z.number() }), `SELECT at FROM ledger_events WHERE person_id = $personId AND kind = 'record.checked'
    ORDER BY recorded_at DESC LIMIT $limit`, { personId, limit })).map(({ at }) => at);
