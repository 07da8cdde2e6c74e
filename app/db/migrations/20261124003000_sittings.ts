import type { Migration } from '../migrate';

/** Exams held in sittings: rooms, bookings, time, incidents, invigilation, findings, late answers. */
export const sittings: Migration = {
  name: '20261124003000_sittings',
  statements: [
    // identity: adjudicators decide on findings, appeals and late answers. SQLite cannot alter a check.
    `CREATE TABLE roles_new (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
      role TEXT NOT NULL CHECK (role IN ('administrator', 'hr', 'author', 'invigilator', 'adjudicator', 'inspector')),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), created_at BIGINT NOT NULL,
      UNIQUE (account_id, role, organisation_id))`,
    `INSERT INTO roles_new (id, account_id, role, organisation_id, created_at)
      SELECT id, account_id, role, organisation_id, created_at FROM roles`,
    `DROP TABLE roles`,
    `ALTER TABLE roles_new RENAME TO roles`,

    // certification: a credential that a rule revoked is replaced by another one of the same assignment. SQLite cannot drop a
    // constraint. Until now only the personnel office revoked.
    `CREATE TABLE credentials_new (
      id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, check_code TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES persons (id),
      assignment_id TEXT NOT NULL REFERENCES assignments (id), snapshot TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('valid', 'revoked')), issued_at BIGINT NOT NULL, valid_until TEXT,
      pdf_file TEXT, state_reason TEXT, state_cause TEXT CHECK (state_cause IN ('personnel', 'rule')), state_at BIGINT NOT NULL)`,
    `INSERT INTO credentials_new (id, number, check_code, person_id, assignment_id, snapshot, state, issued_at, valid_until, pdf_file,
        state_reason, state_cause, state_at)
      SELECT id, number, check_code, person_id, assignment_id, snapshot, state, issued_at, valid_until, pdf_file,
        state_reason, CASE WHEN state = 'revoked' THEN 'personnel' END, state_at FROM credentials`,
    `DROP TABLE credentials`,
    `ALTER TABLE credentials_new RENAME TO credentials`,
    // The revoked credential that this one took the place of.
    `ALTER TABLE credentials ADD COLUMN replaces TEXT REFERENCES credentials (id)`,
    `CREATE INDEX credentials_person ON credentials (person_id)`,
    `CREATE INDEX credentials_assignment ON credentials (assignment_id)`,
    `CREATE UNIQUE INDEX credentials_one_valid ON credentials (assignment_id) WHERE state = 'valid'`,
    `CREATE UNIQUE INDEX credentials_replaces ON credentials (replaces)`,

    // exams: open (one window, no sittings) as before, or held in sittings.
    `ALTER TABLE exams ADD COLUMN delivery TEXT NOT NULL DEFAULT 'open' CHECK (delivery IN ('open', 'sittings'))`,
    // A practice exam is an exam row of its own: its attempts can never be evidence for the real one.
    `ALTER TABLE exams ADD COLUMN practice_of TEXT REFERENCES exams (id)`,
    `CREATE UNIQUE INDEX exams_practice ON exams (practice_of)`,
    // 1: the window's end also cuts personal extra time. The candidate sees that before starting.
    `ALTER TABLE exams ADD COLUMN window_cuts_extra INTEGER NOT NULL DEFAULT 0`,
    // 1: the candidate may move to another device with the password, without the invigilator.
    `ALTER TABLE exams ADD COLUMN own_takeover INTEGER NOT NULL DEFAULT 0`,
    // JSON list of the kinds of observation that are on, chosen by the author.
    `ALTER TABLE exams ADD COLUMN observed TEXT NOT NULL DEFAULT '[]'`,
    // After so many minutes without any input the candidate is warned; null: never.
    `ALTER TABLE exams ADD COLUMN idle_minutes INTEGER`,
    // JSON: [{title: {zh, en}, lines, minutes, oneWay}] – neighbouring lines of the blueprint; [] is one section without limit.
    `ALTER TABLE exams ADD COLUMN sections TEXT NOT NULL DEFAULT '[]'`,

    // Of what a prepared paper was drawn (bank, its state, blueprint, sections): one drawn of something else is drawn anew.
    `ALTER TABLE papers ADD COLUMN basis TEXT`,

    // sittings
    `CREATE TABLE sittings (
      id TEXT PRIMARY KEY, exam_id TEXT NOT NULL REFERENCES exams (id),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), code TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
      mode TEXT NOT NULL CHECK (mode IN ('window', 'fixed')),
      starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL CHECK (ends_at > starts_at),
      place TEXT NOT NULL CHECK (place IN ('rooms', 'remote')),
      booking TEXT NOT NULL CHECK (booking IN ('assigned', 'self')),
      capacity INTEGER NOT NULL CHECK (capacity >= 0),
      book_from BIGINT, book_until BIGINT NOT NULL,
      late_minutes INTEGER, late_rule TEXT NOT NULL CHECK (late_rule IN ('full', 'cut')),
      admission INTEGER NOT NULL, check_in INTEGER NOT NULL,
      seb TEXT NOT NULL CHECK (seb IN ('off', 'required')), seb_salt TEXT NOT NULL, seb_keys TEXT NOT NULL DEFAULT '[]',
      networks TEXT NOT NULL DEFAULT '[]',
      seat_seed TEXT,
      state TEXT NOT NULL CHECK (state IN ('planned', 'closed', 'cancelled')),
      created_at BIGINT NOT NULL, created_by TEXT NOT NULL, closed_at BIGINT, closed_by TEXT, end_reason TEXT,
      version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX sittings_exam ON sittings (exam_id, starts_at)`,
    `CREATE INDEX sittings_time ON sittings (starts_at)`,
    `CREATE TABLE exam_rooms (
      id TEXT PRIMARY KEY, sitting_id TEXT NOT NULL REFERENCES sittings (id), name TEXT NOT NULL,
      seats INTEGER NOT NULL CHECK (seats > 0), seats_per_row INTEGER NOT NULL CHECK (seats_per_row > 0),
      networks TEXT NOT NULL DEFAULT '[]', position INTEGER NOT NULL, UNIQUE (sitting_id, name))`,
    `CREATE TABLE sitting_invigilators (
      sitting_id TEXT NOT NULL REFERENCES sittings (id), account_id TEXT NOT NULL REFERENCES accounts (id),
      room_id TEXT REFERENCES exam_rooms (id), added_at BIGINT NOT NULL, added_by TEXT NOT NULL,
      PRIMARY KEY (sitting_id, account_id))`,
    `CREATE INDEX sitting_invigilators_account ON sitting_invigilators (account_id)`,
    // One row per place that somebody has, waits for, or had; nothing is deleted.
    `CREATE TABLE bookings (
      id TEXT PRIMARY KEY, sitting_id TEXT NOT NULL REFERENCES sittings (id), person_id TEXT NOT NULL REFERENCES persons (id),
      room_id TEXT REFERENCES exam_rooms (id), seat INTEGER, ticket TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL CHECK (state IN ('booked', 'waiting', 'cancelled', 'moved', 'excused')),
      source TEXT NOT NULL CHECK (source IN ('assigned', 'self', 'excused')),
      booked_at BIGINT NOT NULL, booked_by TEXT NOT NULL, promoted_at BIGINT, ended_at BIGINT, ended_by TEXT, end_reason TEXT,
      checked_in_at BIGINT,
      identity TEXT CHECK (identity IN ('admitted', 'refused')), identity_at BIGINT, identity_by TEXT, identity_reason TEXT,
      version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE UNIQUE INDEX bookings_one_place ON bookings (sitting_id, person_id) WHERE state IN ('booked', 'waiting')`,
    `CREATE UNIQUE INDEX bookings_seat ON bookings (room_id, seat) WHERE state = 'booked'`,
    `CREATE INDEX bookings_sitting ON bookings (sitting_id, state, booked_at)`,
    `CREATE INDEX bookings_person ON bookings (person_id, state)`,
    // What an invigilator let pass at the door, each with a reason: no browser key, another network, too late.
    `CREATE TABLE door_exemptions (
      id TEXT PRIMARY KEY, booking_id TEXT NOT NULL REFERENCES bookings (id),
      kind TEXT NOT NULL CHECK (kind IN ('seb', 'network', 'late')), reason TEXT NOT NULL,
      granted_by TEXT NOT NULL, granted_at BIGINT NOT NULL, ended_at BIGINT)`,
    `CREATE INDEX door_exemptions_booking ON door_exemptions (booking_id)`,
    `CREATE TABLE excuses (
      id TEXT PRIMARY KEY, booking_id TEXT NOT NULL REFERENCES bookings (id), person_id TEXT NOT NULL REFERENCES persons (id),
      reason TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'withdrawn')),
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, decision TEXT,
      later_booking_id TEXT REFERENCES bookings (id), version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE UNIQUE INDEX excuses_open ON excuses (booking_id) WHERE state = 'asked'`,
    `CREATE INDEX excuses_person ON excuses (person_id)`,

    // time
    `CREATE TABLE accommodations (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), exam_id TEXT REFERENCES exams (id),
      extra_minutes INTEGER NOT NULL DEFAULT 0 CHECK (extra_minutes >= 0),
      factor_percent INTEGER NOT NULL DEFAULT 100 CHECK (factor_percent BETWEEN 100 AND 400),
      reason TEXT NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT, granted_at BIGINT NOT NULL, granted_by TEXT NOT NULL,
      ended_at BIGINT, ended_by TEXT, end_reason TEXT)`,
    `CREATE INDEX accommodations_person ON accommodations (person_id)`,
    // What the deadline was computed from at the start (JSON), so that it can be explained and computed again.
    `ALTER TABLE attempts ADD COLUMN time_basis TEXT`,
    `ALTER TABLE attempts ADD COLUMN sitting_id TEXT REFERENCES sittings (id)`,
    `ALTER TABLE attempts ADD COLUMN room_id TEXT REFERENCES exam_rooms (id)`,
    `ALTER TABLE attempts ADD COLUMN booking_id TEXT REFERENCES bookings (id)`,
    // Since when it stands still; null while it runs.
    `ALTER TABLE attempts ADD COLUMN paused_at BIGINT`,
    // When somebody else than the candidate last changed what the candidate's page must learn of.
    `ALTER TABLE attempts ADD COLUMN signal_at BIGINT`,
    // The contact before the last one: a gap between the two is evidence of lost time.
    `ALTER TABLE attempts ADD COLUMN previous_contact_at BIGINT`,
    // The item that the candidate had before their eyes at the last contact.
    `ALTER TABLE attempts ADD COLUMN current_item TEXT`,
    // The section that is open, counted from 0.
    `ALTER TABLE attempts ADD COLUMN section INTEGER NOT NULL DEFAULT 0`,
    `CREATE INDEX attempts_sitting ON attempts (sitting_id, state)`,
    `CREATE INDEX attempts_booking ON attempts (booking_id)`,
    `CREATE INDEX attempts_signal ON attempts (signal_at)`,
    // Time that was given to one attempt. grant: minutes; pause and incident: from–to; an open end (to_at null) runs to
    // the resumption, or at most to cap_at for an incident whose candidate has not come back yet.
    `CREATE TABLE attempt_times (
      id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id),
      code TEXT NOT NULL CHECK (code IN ('grant', 'pause', 'incident')), act_id TEXT NOT NULL,
      minutes INTEGER, from_at BIGINT, to_at BIGINT, cap_at BIGINT,
      made_at BIGINT NOT NULL, undone_at BIGINT, UNIQUE (attempt_id, act_id))`,
    `CREATE INDEX attempt_times_act ON attempt_times (act_id)`,
    `CREATE TABLE attempt_sections (
      attempt_id TEXT NOT NULL REFERENCES attempts (id), section INTEGER NOT NULL, entered_at BIGINT NOT NULL,
      ends_at BIGINT, left_at BIGINT, PRIMARY KEY (attempt_id, section))`,
    `CREATE TABLE contact_gaps (
      attempt_id TEXT NOT NULL REFERENCES attempts (id), from_at BIGINT NOT NULL, to_at BIGINT NOT NULL,
      PRIMARY KEY (attempt_id, from_at))`,
    `CREATE TABLE incidents (
      id TEXT PRIMARY KEY, sitting_id TEXT NOT NULL REFERENCES sittings (id), room_id TEXT REFERENCES exam_rooms (id),
      title TEXT NOT NULL, from_at BIGINT NOT NULL, to_at BIGINT NOT NULL CHECK (to_at > from_at),
      basis TEXT NOT NULL CHECK (basis IN ('evidence', 'whole')), recovery_minutes INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('recorded', 'applied', 'undone')),
      recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL, applied_at BIGINT, applied_by TEXT,
      undone_at BIGINT, undone_by TEXT, undo_reason TEXT, credits TEXT, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX incidents_sitting ON incidents (sitting_id)`,

    // invigilation: every act at the console, with its reason; undone where that is possible
    `CREATE TABLE invigilation_acts (
      id TEXT PRIMARY KEY, sitting_id TEXT REFERENCES sittings (id), room_id TEXT REFERENCES exam_rooms (id),
      kind TEXT NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL DEFAULT '{}', done_at BIGINT NOT NULL, done_by TEXT NOT NULL,
      undone_at BIGINT, undone_by TEXT, undo_reason TEXT)`,
    `CREATE INDEX invigilation_acts_sitting ON invigilation_acts (sitting_id, done_at)`,
    `CREATE TABLE candidate_messages (
      id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), act_id TEXT REFERENCES invigilation_acts (id),
      text TEXT NOT NULL, sent_at BIGINT NOT NULL, sent_by TEXT NOT NULL, seen_at BIGINT)`,
    `CREATE INDEX candidate_messages_attempt ON candidate_messages (attempt_id, sent_at)`,

    // integrity: what was observed decides nothing; a finding is a person's decision
    `ALTER TABLE observations ADD COLUMN seconds INTEGER`,
    `CREATE TABLE findings (
      id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), person_id TEXT NOT NULL REFERENCES persons (id),
      state TEXT NOT NULL CHECK (state IN ('proposed', 'heard', 'upheld', 'dismissed', 'appealed', 'appeal-upheld', 'appeal-dismissed')),
      observations TEXT NOT NULL, allegation TEXT NOT NULL, proposed_at BIGINT NOT NULL, proposed_by TEXT NOT NULL,
      hear_until BIGINT NOT NULL, statement TEXT, statement_at BIGINT,
      consequence TEXT CHECK (consequence IN ('warning', 'void')), reasons TEXT, decided_at BIGINT, decided_by TEXT,
      appeal_until BIGINT, appeal TEXT, appealed_at BIGINT, appeal_reasons TEXT, appeal_decided_at BIGINT, appeal_decided_by TEXT,
      version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX findings_attempt ON findings (attempt_id)`,
    `CREATE INDEX findings_person ON findings (person_id)`,
    `CREATE INDEX findings_state ON findings (state, proposed_at)`,

    // answers: late evidence and answer files
    // changed_at: when the device says, by the server's clock, that the response was changed. counted: why it counts after all.
    `ALTER TABLE response_log ADD COLUMN changed_at BIGINT`,
    `ALTER TABLE response_log ADD COLUMN counted TEXT CHECK (counted IN ('by-rule', 'accepted', 'refused'))`,
    `ALTER TABLE response_log ADD COLUMN counted_at BIGINT`,
    `ALTER TABLE response_log ADD COLUMN counted_by TEXT`,
    `ALTER TABLE response_log ADD COLUMN answer_file_id TEXT`,
    // The console looks every two seconds for devices that tried to write; the log itself is long.
    `CREATE INDEX response_log_other_device ON response_log (attempt_id, received_at) WHERE outcome = 'other-device'`,
    // What waits for an adjudicator; few rows among very many.
    `CREATE INDEX response_log_open ON response_log (attempt_id) WHERE counted IS NULL AND outcome NOT IN ('accepted', 'stale')`,
    `CREATE TABLE answer_files (
      id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), file_hash TEXT NOT NULL UNIQUE,
      made_at BIGINT NOT NULL, uploaded_at BIGINT NOT NULL, uploaded_by TEXT NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL)`,
    `CREATE INDEX answer_files_attempt ON answer_files (attempt_id)`,
    // A receipt that was replaced because late answers were accepted: the old one stays checkable.
    `CREATE TABLE earlier_receipts (
      number TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), handed_in_at BIGINT NOT NULL,
      answered INTEGER NOT NULL, total INTEGER NOT NULL, hash TEXT NOT NULL, replaced_at BIGINT NOT NULL, reason TEXT NOT NULL)`,
    `CREATE INDEX earlier_receipts_attempt ON earlier_receipts (attempt_id)`,
  ],
};
