import type { Migration } from '../migrate';

/**
 * The first schema. Instants are BIGINT milliseconds, dates of law TEXT `YYYY-MM-DD`, flags 0 or 1,
 * documents JSON text, ids UUIDv7 text: equal on both databases.
 */
export const foundation: Migration = {
  name: '20261123090000_foundation',
  statements: [
    // db
    `CREATE TABLE ledger_events (
      id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL,
      person_id TEXT, at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, by TEXT NOT NULL, cause TEXT,
      body TEXT NOT NULL, personal TEXT)`,
    `CREATE INDEX ledger_events_subject ON ledger_events (subject_kind, subject_id, recorded_at)`,
    `CREATE INDEX ledger_events_person ON ledger_events (person_id, recorded_at)`,
    `CREATE INDEX ledger_events_recorded ON ledger_events (recorded_at, id)`,
    `CREATE TABLE person_keys (person_id TEXT PRIMARY KEY, wrapped TEXT, created_at BIGINT NOT NULL, erased_at BIGINT)`,
    `CREATE TABLE outbox (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, payload TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'done', 'failed')),
      not_before BIGINT NOT NULL, created_at BIGINT NOT NULL, sent_at BIGINT, done_at BIGINT, failed_at BIGINT,
      attempts INTEGER NOT NULL DEFAULT 0, error TEXT)`,
    `CREATE INDEX outbox_status ON outbox (status, not_before)`,
    `CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at BIGINT NOT NULL)`,

    // people
    `CREATE TABLE organisations (
      id TEXT PRIMARY KEY, parent_id TEXT REFERENCES organisations (id), path TEXT NOT NULL UNIQUE,
      code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE TABLE persons (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT, phone TEXT, created_at BIGINT NOT NULL,
      version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX persons_name ON persons (name)`,
    `CREATE TABLE identifiers (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      kind TEXT NOT NULL CHECK (kind IN ('recruitment', 'staff', 'national')),
      value TEXT, encrypted TEXT, value_hash TEXT NOT NULL, UNIQUE (kind, value_hash))`,
    `CREATE INDEX identifiers_person ON identifiers (person_id)`,
    `CREATE TABLE intakes (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, organisation_id TEXT NOT NULL REFERENCES organisations (id),
      start_of_duty TEXT NOT NULL, created_at BIGINT NOT NULL, created_by TEXT NOT NULL,
      version INTEGER NOT NULL DEFAULT 1, UNIQUE (organisation_id, name))`,
    `CREATE TABLE appointments (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), intake_id TEXT REFERENCES intakes (id),
      kind TEXT NOT NULL CHECK (kind IN ('recruit', 'staff', 'leader')), post TEXT NOT NULL, rank TEXT,
      start_of_duty TEXT NOT NULL, ended_on TEXT, created_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX appointments_person ON appointments (person_id)`,
    `CREATE INDEX appointments_organisation ON appointments (organisation_id, kind)`,
    `CREATE INDEX appointments_intake ON appointments (intake_id)`,

    // identity
    `CREATE TABLE accounts (
      id TEXT PRIMARY KEY, person_id TEXT UNIQUE REFERENCES persons (id), sign_in_name TEXT NOT NULL UNIQUE,
      password_hash TEXT, state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'closed')),
      created_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    // All names with which an account can sign in, case and width folded: recruitment number, staff number, chosen.
    `CREATE TABLE sign_in_names (
      name TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), created_at BIGINT NOT NULL)`,
    `CREATE INDEX sign_in_names_account ON sign_in_names (account_id)`,
    `CREATE TABLE roles (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
      role TEXT NOT NULL CHECK (role IN ('administrator', 'hr', 'author', 'invigilator', 'inspector')),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), created_at BIGINT NOT NULL,
      UNIQUE (account_id, role, organisation_id))`,
    `CREATE TABLE sign_ins (
      id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES accounts (id),
      created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT,
      address TEXT NOT NULL, agent TEXT NOT NULL)`,
    `CREATE INDEX sign_ins_account ON sign_ins (account_id, created_at)`,
    `CREATE TABLE activation_codes (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), code_hash TEXT NOT NULL UNIQUE,
      purpose TEXT NOT NULL CHECK (purpose IN ('activate', 'reset')), created_at BIGINT NOT NULL,
      created_by TEXT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT, replaced_at BIGINT)`,
    `CREATE INDEX activation_codes_account ON activation_codes (account_id)`,
    // The shape that rate-limiter-flexible expects; keys are keyed hashes. SQLite counts in memory instead.
    `CREATE TABLE rate_limits (key TEXT PRIMARY KEY, points INTEGER NOT NULL DEFAULT 0, expire BIGINT)`,

    // courses
    `CREATE TABLE courses (
      id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE,
      audience TEXT NOT NULL CHECK (audience IN ('recruits', 'leaders', 'residents')),
      access TEXT NOT NULL CHECK (access IN ('assigned', 'enrol', 'open')), created_at BIGINT NOT NULL)`,
    `CREATE TABLE course_versions (
      id TEXT PRIMARY KEY, course_id TEXT NOT NULL REFERENCES courses (id), number INTEGER NOT NULL,
      content_hash TEXT NOT NULL, title_zh TEXT NOT NULL, title_en TEXT NOT NULL, summary_zh TEXT NOT NULL,
      summary_en TEXT NOT NULL, description_html TEXT NOT NULL, minutes INTEGER NOT NULL, exam TEXT,
      published_at BIGINT NOT NULL, UNIQUE (course_id, number))`,
    `CREATE TABLE lessons (
      id TEXT PRIMARY KEY, course_version_id TEXT NOT NULL REFERENCES course_versions (id), slug TEXT NOT NULL,
      position INTEGER NOT NULL, title_zh TEXT NOT NULL, title_en TEXT NOT NULL, summary_zh TEXT NOT NULL,
      summary_en TEXT NOT NULL, minutes INTEGER NOT NULL, html TEXT NOT NULL, aims TEXT NOT NULL,
      takeaways TEXT NOT NULL, checks TEXT NOT NULL, sources TEXT NOT NULL,
      UNIQUE (course_version_id, slug), UNIQUE (course_version_id, position))`,
    `CREATE TABLE shipped_items (
      course_version_id TEXT NOT NULL REFERENCES course_versions (id), code TEXT NOT NULL, position INTEGER NOT NULL,
      lesson_slug TEXT NOT NULL, type TEXT NOT NULL, difficulty INTEGER NOT NULL, body TEXT NOT NULL, key TEXT NOT NULL,
      explanation TEXT NOT NULL, PRIMARY KEY (course_version_id, code))`,
    `CREATE TABLE enrolments (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      course_id TEXT NOT NULL REFERENCES courses (id),
      course_version_id TEXT NOT NULL REFERENCES course_versions (id),
      source TEXT NOT NULL CHECK (source IN ('assigned', 'chosen')), enrolled_at BIGINT NOT NULL,
      completed_at BIGINT, UNIQUE (person_id, course_id))`,
    `CREATE TABLE lesson_progress (
      enrolment_id TEXT NOT NULL REFERENCES enrolments (id), lesson_slug TEXT NOT NULL,
      opened_at BIGINT NOT NULL, read_at BIGINT, PRIMARY KEY (enrolment_id, lesson_slug))`,
    `CREATE TABLE completions (
      id TEXT PRIMARY KEY, enrolment_id TEXT NOT NULL UNIQUE REFERENCES enrolments (id),
      person_id TEXT NOT NULL REFERENCES persons (id), course_id TEXT NOT NULL REFERENCES courses (id),
      course_version_id TEXT NOT NULL REFERENCES course_versions (id), minutes INTEGER NOT NULL,
      completed_at BIGINT NOT NULL)`,
    `CREATE INDEX completions_person ON completions (person_id)`,

    // itembank
    `CREATE TABLE item_banks (
      id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
      origin TEXT NOT NULL CHECK (origin IN ('shipped', 'own')),
      course_id TEXT REFERENCES courses (id), created_at BIGINT NOT NULL)`,
    `CREATE TABLE items (
      id TEXT PRIMARY KEY, bank_id TEXT NOT NULL REFERENCES item_banks (id), code TEXT NOT NULL,
      lesson_slug TEXT NOT NULL, type TEXT NOT NULL
        CHECK (type IN ('single', 'multiple', 'true-false', 'order', 'match', 'short')),
      current_version_id TEXT, retired_at BIGINT, created_at BIGINT NOT NULL, UNIQUE (bank_id, code))`,
    `CREATE INDEX items_drawing ON items (bank_id, type, lesson_slug)`,
    `CREATE TABLE item_versions (
      id TEXT PRIMARY KEY, item_id TEXT NOT NULL REFERENCES items (id), number INTEGER NOT NULL,
      content_hash TEXT NOT NULL, difficulty INTEGER NOT NULL CHECK (difficulty BETWEEN 1 AND 3),
      body TEXT NOT NULL, key TEXT NOT NULL, explanation TEXT NOT NULL, created_at BIGINT NOT NULL,
      UNIQUE (item_id, number))`,

    // exams
    `CREATE TABLE exams (
      id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, course_id TEXT REFERENCES courses (id),
      bank_id TEXT REFERENCES item_banks (id), title_zh TEXT NOT NULL, title_en TEXT NOT NULL,
      minutes INTEGER NOT NULL CHECK (minutes > 0), cut_score INTEGER NOT NULL CHECK (cut_score BETWEEN 0 AND 100),
      max_attempts INTEGER NOT NULL CHECK (max_attempts > 0), cooling_off_hours INTEGER NOT NULL,
      tolerance_seconds INTEGER NOT NULL DEFAULT 60, opens_at BIGINT, closes_at BIGINT,
      release TEXT NOT NULL CHECK (release IN ('automatic', 'by-person')),
      requires_course INTEGER NOT NULL DEFAULT 1, blueprint TEXT NOT NULL, created_at BIGINT NOT NULL,
      version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE TABLE papers (
      id TEXT PRIMARY KEY, exam_id TEXT NOT NULL REFERENCES exams (id), seed TEXT NOT NULL,
      entries TEXT NOT NULL, created_at BIGINT NOT NULL)`,
    `CREATE TABLE attempts (
      id TEXT PRIMARY KEY, exam_id TEXT NOT NULL REFERENCES exams (id), person_id TEXT NOT NULL REFERENCES persons (id),
      number INTEGER NOT NULL, paper_id TEXT NOT NULL REFERENCES papers (id),
      state TEXT NOT NULL CHECK (state IN ('prepared', 'in-progress', 'handed-in', 'graded', 'released', 'void', 'abandoned')),
      prepared_at BIGINT NOT NULL, started_at BIGINT, deadline_at BIGINT, next_check_at BIGINT,
      handed_in_at BIGINT, hand_in_cause TEXT, device TEXT, device_at BIGINT, last_contact_at BIGINT,
      version INTEGER NOT NULL DEFAULT 1, UNIQUE (person_id, exam_id, number))`,
    `CREATE INDEX attempts_due ON attempts (next_check_at)`,
    // Nobody writes the same exam twice at once, however often "start" is pressed.
    `CREATE UNIQUE INDEX attempts_one_in_progress ON attempts (person_id, exam_id) WHERE state = 'in-progress'`,
    `CREATE INDEX attempts_exam ON attempts (exam_id, state)`,
    `CREATE TABLE responses (
      attempt_id TEXT NOT NULL REFERENCES attempts (id), item TEXT NOT NULL, seq BIGINT NOT NULL,
      response TEXT NOT NULL, saved_at BIGINT NOT NULL, PRIMARY KEY (attempt_id, item))`,
    `CREATE TABLE response_log (
      id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), item TEXT NOT NULL, seq BIGINT NOT NULL,
      response TEXT NOT NULL, device TEXT NOT NULL, received_at BIGINT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'stale', 'late-within-tolerance', 'late', 'handed-in', 'other-device')))`,
    `CREATE INDEX response_log_attempt ON response_log (attempt_id)`,
    // What a candidate marked to look at again before handing in.
    `CREATE TABLE review_flags (
      attempt_id TEXT NOT NULL REFERENCES attempts (id), item TEXT NOT NULL, flagged INTEGER NOT NULL,
      changed_at BIGINT NOT NULL, PRIMARY KEY (attempt_id, item))`,
    `CREATE TABLE receipts (
      attempt_id TEXT PRIMARY KEY REFERENCES attempts (id), number TEXT NOT NULL UNIQUE, handed_in_at BIGINT NOT NULL,
      answered INTEGER NOT NULL, total INTEGER NOT NULL, hash TEXT NOT NULL)`,
    `CREATE TABLE device_permits (
      id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), granted_by TEXT NOT NULL,
      reason TEXT NOT NULL, granted_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT)`,
    `CREATE INDEX device_permits_attempt ON device_permits (attempt_id)`,
    `CREATE TABLE observations (
      id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), kind TEXT NOT NULL,
      at BIGINT NOT NULL, body TEXT NOT NULL)`,
    `CREATE INDEX observations_attempt ON observations (attempt_id)`,

    // marking
    `CREATE TABLE marks (
      attempt_id TEXT NOT NULL REFERENCES attempts (id), item TEXT NOT NULL, points DOUBLE PRECISION NOT NULL,
      max_points DOUBLE PRECISION NOT NULL, PRIMARY KEY (attempt_id, item))`,
    `CREATE TABLE results (
      attempt_id TEXT PRIMARY KEY REFERENCES attempts (id), exam_id TEXT NOT NULL REFERENCES exams (id),
      person_id TEXT NOT NULL REFERENCES persons (id), points DOUBLE PRECISION NOT NULL,
      max_points DOUBLE PRECISION NOT NULL, percent DOUBLE PRECISION NOT NULL, cut_score INTEGER NOT NULL,
      passed INTEGER NOT NULL, graded_at BIGINT NOT NULL, released_at BIGINT, released_by TEXT)`,
    `CREATE INDEX results_person ON results (person_id, exam_id)`,

    // certification
    `CREATE TABLE programmes (
      id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL)`,
    `CREATE TABLE programme_versions (
      id TEXT PRIMARY KEY, programme_id TEXT NOT NULL REFERENCES programmes (id), number INTEGER NOT NULL,
      title_zh TEXT NOT NULL, title_en TEXT NOT NULL, gate TEXT NOT NULL CHECK (gate IN ('before-start-of-duty')),
      due_working_days INTEGER NOT NULL, applies_to TEXT NOT NULL, effective_on TEXT NOT NULL,
      created_at BIGINT NOT NULL, UNIQUE (programme_id, number))`,
    `CREATE TABLE requirements (
      id TEXT PRIMARY KEY, programme_version_id TEXT NOT NULL REFERENCES programme_versions (id), code TEXT NOT NULL,
      position INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('course', 'exam')),
      course_id TEXT REFERENCES courses (id), exam_id TEXT REFERENCES exams (id),
      UNIQUE (programme_version_id, code))`,
    `CREATE TABLE assignments (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      appointment_id TEXT NOT NULL REFERENCES appointments (id),
      programme_version_id TEXT NOT NULL REFERENCES programme_versions (id),
      assigned_at BIGINT NOT NULL, due_on TEXT NOT NULL, start_of_duty TEXT NOT NULL, ended_at BIGINT,
      version INTEGER NOT NULL DEFAULT 1, UNIQUE (appointment_id, programme_version_id))`,
    `CREATE INDEX assignments_person ON assignments (person_id)`,
    `CREATE TABLE evidence (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      kind TEXT NOT NULL CHECK (kind IN ('course-completion', 'exam-result')), ref TEXT NOT NULL,
      target_id TEXT NOT NULL, passed INTEGER NOT NULL, at BIGINT NOT NULL, facts TEXT NOT NULL, UNIQUE (kind, ref))`,
    `CREATE INDEX evidence_person ON evidence (person_id, target_id)`,
    `CREATE TABLE credentials (
      id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, check_code TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES persons (id),
      assignment_id TEXT NOT NULL UNIQUE REFERENCES assignments (id), snapshot TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('valid', 'revoked')), issued_at BIGINT NOT NULL, valid_until TEXT,
      pdf_file TEXT, state_reason TEXT, state_at BIGINT NOT NULL)`,
    `CREATE INDEX credentials_person ON credentials (person_id)`,
    `CREATE TABLE credential_numbers (year INTEGER PRIMARY KEY, last INTEGER NOT NULL)`,
    `CREATE TABLE hour_entries (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), completion_id TEXT UNIQUE REFERENCES completions (id),
      minutes INTEGER NOT NULL, year INTEGER NOT NULL, at BIGINT NOT NULL)`,
    `CREATE INDEX hour_entries_person ON hour_entries (person_id, year)`,
    `CREATE TABLE clearances (
      assignment_id TEXT PRIMARY KEY REFERENCES assignments (id), person_id TEXT NOT NULL REFERENCES persons (id),
      appointment_id TEXT NOT NULL REFERENCES appointments (id),
      status TEXT NOT NULL CHECK (status IN ('cleared', 'not-cleared')), may_start_on TEXT, due_on TEXT NOT NULL,
      start_of_duty TEXT NOT NULL, withdrawn_on TEXT,
      done INTEGER NOT NULL, total INTEGER NOT NULL, requirements TEXT NOT NULL, computed_at BIGINT NOT NULL)`,
    `CREATE INDEX clearances_status ON clearances (status, due_on)`,
    `CREATE INDEX clearances_start ON clearances (status DESC, start_of_duty, assignment_id)`,
    `CREATE INDEX clearances_person ON clearances (person_id)`,

    // notices
    `CREATE TABLE notices (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), kind TEXT NOT NULL, params TEXT NOT NULL,
      step TEXT NOT NULL, created_at BIGINT NOT NULL, read_at BIGINT, UNIQUE (person_id, step))`,
    `CREATE TABLE send_log (
      id TEXT PRIMARY KEY, notice_id TEXT NOT NULL REFERENCES notices (id), channel TEXT NOT NULL,
      sent_at BIGINT NOT NULL, text TEXT NOT NULL, result TEXT NOT NULL, UNIQUE (notice_id, channel))`,
  ],
};
