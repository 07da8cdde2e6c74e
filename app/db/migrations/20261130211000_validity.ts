import type { Migration } from '../migrate';

/**
 * Which clearance was followed by a next cycle, extensions of an expiry, recertification by change of law, and courses
 * and exams taken again. Runs after the hours, which still named completions before.
 */
export const validity: Migration = {
  name: '20261130211000_validity',
  statements: [
    // Set when the next cycle is made, so that looking for open windows never goes through what was renewed long ago.
    `ALTER TABLE clearances ADD COLUMN followed_by TEXT REFERENCES assignments (id)`,
    // The day on which everything was met, and the last day by rule: without extensions and limits.
    `ALTER TABLE clearances ADD COLUMN completed_on TEXT`,
    `ALTER TABLE clearances ADD COLUMN rule_until TEXT`,
    `CREATE INDEX clearances_to_follow ON clearances (rule_until) WHERE followed_by IS NULL AND rule_until IS NOT NULL`,
    // Asked for by one person, decided by another; moves one expiry, never what a renewal counts from.
    `CREATE TABLE extensions (
      id TEXT PRIMARY KEY, assignment_id TEXT NOT NULL REFERENCES assignments (id),
      state TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'refused', 'withdrawn')),
      from_expiry TEXT NOT NULL, until TEXT NOT NULL, reason TEXT NOT NULL, asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL,
      decided_at BIGINT, decided_by TEXT, decision_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (until > from_expiry), CHECK (decided_by IS NULL OR decided_by <> asked_by),
      CHECK (state NOT IN ('granted', 'refused') OR decided_by IS NOT NULL))`,
    `CREATE INDEX extensions_assignment ON extensions (assignment_id)`,
    `CREATE UNIQUE INDEX extensions_one_asked ON extensions (assignment_id) WHERE state = 'asked'`,
    `CREATE INDEX extensions_expiry ON extensions (from_expiry) WHERE state = 'granted'`,
    // A change of law: who is affected, what they must show, until when. programmes: those of which earlier versions are affected.
    `CREATE TABLE recertifications (
      id TEXT PRIMARY KEY, title_zh TEXT NOT NULL, title_en TEXT NOT NULL, basis TEXT NOT NULL,
      programmes TEXT NOT NULL, organisation_id TEXT NOT NULL REFERENCES organisations (id),
      course_id TEXT REFERENCES courses (id), exam_id TEXT REFERENCES exams (id), until TEXT NOT NULL, counts_from TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('draft', 'starting', 'running', 'cancelling', 'cancelled', 'discarded')),
      programme_version_id TEXT REFERENCES programme_versions (id), cursor TEXT NOT NULL DEFAULT '',
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, started_at BIGINT, started_by TEXT, numbers TEXT,
      cancelled_at BIGINT, cancelled_by TEXT, cancel_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (course_id IS NOT NULL OR exam_id IS NOT NULL), CHECK (started_by IS NULL OR started_by <> made_by))`,
    `CREATE INDEX recertifications_state ON recertifications (state)`,
    `CREATE TABLE recertification_members (
      recertification_id TEXT NOT NULL REFERENCES recertifications (id), assignment_id TEXT NOT NULL REFERENCES assignments (id),
      outcome TEXT NOT NULL CHECK (outcome IN ('affected', 'exempt', 'expiring')), exempt_by TEXT,
      delta_assignment_id TEXT REFERENCES assignments (id), lapsed_at BIGINT,
      PRIMARY KEY (recertification_id, assignment_id))`,
    `CREATE INDEX recertification_members_delta ON recertification_members (delta_assignment_id)`,
    // A course that is taken again is a round of its own: what was read and completed before stays as it was.
    `CREATE TABLE enrolments_new (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), course_id TEXT NOT NULL REFERENCES courses (id),
      course_version_id TEXT NOT NULL REFERENCES course_versions (id), round INTEGER NOT NULL DEFAULT 1 CHECK (round > 0),
      source TEXT NOT NULL CHECK (source IN ('assigned', 'chosen')), enrolled_at BIGINT NOT NULL,
      completed_at BIGINT, UNIQUE (person_id, course_id, round))`,
    `INSERT INTO enrolments_new (id, person_id, course_id, course_version_id, source, enrolled_at, completed_at)
      SELECT id, person_id, course_id, course_version_id, source, enrolled_at, completed_at FROM enrolments`,
    `CREATE TABLE lesson_progress_new (
      enrolment_id TEXT NOT NULL REFERENCES enrolments_new (id), lesson_slug TEXT NOT NULL,
      opened_at BIGINT NOT NULL, read_at BIGINT, PRIMARY KEY (enrolment_id, lesson_slug))`,
    `INSERT INTO lesson_progress_new (enrolment_id, lesson_slug, opened_at, read_at)
      SELECT enrolment_id, lesson_slug, opened_at, read_at FROM lesson_progress`,
    `CREATE TABLE completions_new (
      id TEXT PRIMARY KEY, enrolment_id TEXT NOT NULL UNIQUE REFERENCES enrolments_new (id),
      person_id TEXT NOT NULL REFERENCES persons (id), course_id TEXT NOT NULL REFERENCES courses (id),
      course_version_id TEXT NOT NULL REFERENCES course_versions (id), minutes INTEGER NOT NULL,
      completed_at BIGINT NOT NULL)`,
    `INSERT INTO completions_new (id, enrolment_id, person_id, course_id, course_version_id, minutes, completed_at)
      SELECT id, enrolment_id, person_id, course_id, course_version_id, minutes, completed_at FROM completions`,
    `DROP TABLE completions`,
    `DROP TABLE lesson_progress`,
    `DROP TABLE enrolments`,
    `ALTER TABLE enrolments_new RENAME TO enrolments`,
    `ALTER TABLE lesson_progress_new RENAME TO lesson_progress`,
    `ALTER TABLE completions_new RENAME TO completions`,
    `CREATE INDEX completions_person ON completions (person_id)`,
    // From when on an exam is taken anew: attempts handed in before that decide nothing any more.
    `CREATE TABLE exam_renewals (
      exam_id TEXT NOT NULL REFERENCES exams (id), person_id TEXT NOT NULL REFERENCES persons (id), since BIGINT NOT NULL,
      PRIMARY KEY (exam_id, person_id))`,
  ],
};
