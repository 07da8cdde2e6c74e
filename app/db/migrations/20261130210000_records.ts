import type { Migration } from '../migrate';

/** Evidence from outside, declarations, classroom events, the past from spreadsheets; transfers, and records that are one person's. */
export const records: Migration = {
  name: '20261130210000_records',
  statements: [
    // A scan or a document that somebody handed in; the content lies in the file store under `file_key`.
    `CREATE TABLE record_files (
      id TEXT PRIMARY KEY, file_key TEXT NOT NULL UNIQUE, type TEXT NOT NULL CHECK (type IN ('application/pdf', 'image/png', 'image/jpeg')),
      bytes INTEGER NOT NULL, hash TEXT NOT NULL, uploaded_at BIGINT NOT NULL, uploaded_by TEXT NOT NULL)`,

    // Asked for by the person or the personnel office, decided by somebody else.
    `CREATE TABLE external_evidence (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), code TEXT NOT NULL, title TEXT NOT NULL, issuer TEXT NOT NULL,
      issued_on TEXT NOT NULL, valid_until TEXT, file_id TEXT NOT NULL REFERENCES record_files (id), note TEXT NOT NULL DEFAULT '',
      state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'withdrawn', 'void')),
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, decision_reason TEXT,
      voided_at BIGINT, voided_by TEXT, void_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (valid_until IS NULL OR valid_until >= issued_on), CHECK (decided_by IS NULL OR decided_by <> asked_by))`,
    `CREATE INDEX external_evidence_person ON external_evidence (person_id)`,
    `CREATE INDEX external_evidence_state ON external_evidence (state, asked_at)`,

    // What was signed is kept word for word in both languages, with its hash.
    `CREATE TABLE declarations (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), assignment_id TEXT NOT NULL REFERENCES assignments (id),
      requirement_code TEXT NOT NULL, code TEXT NOT NULL, title_zh TEXT NOT NULL, title_en TEXT NOT NULL, text_zh TEXT NOT NULL, text_en TEXT NOT NULL,
      text_hash TEXT NOT NULL, lang TEXT NOT NULL CHECK (lang IN ('zh', 'en')), signed_name TEXT NOT NULL, signed_at BIGINT NOT NULL,
      signed_by TEXT NOT NULL, UNIQUE (assignment_id, requirement_code))`,
    `CREATE INDEX declarations_person ON declarations (person_id)`,

    // Classroom events, and who was there for how long. Hours in hundredths, so that sums are exact.
    `CREATE TABLE classroom_events (
      id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL REFERENCES organisations (id), series TEXT NOT NULL, title TEXT NOT NULL,
      from_on TEXT NOT NULL, until_on TEXT NOT NULL, place TEXT NOT NULL, hundredths INTEGER NOT NULL CHECK (hundredths > 0),
      capacity INTEGER CHECK (capacity > 0), state TEXT NOT NULL CHECK (state IN ('planned', 'cancelled')), end_reason TEXT,
      created_at BIGINT NOT NULL, created_by TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1, CHECK (until_on >= from_on))`,
    `CREATE INDEX classroom_events_time ON classroom_events (from_on)`,
    `CREATE TABLE event_attendance (
      id TEXT PRIMARY KEY, event_id TEXT NOT NULL REFERENCES classroom_events (id), person_id TEXT NOT NULL REFERENCES persons (id),
      state TEXT NOT NULL CHECK (state IN ('expected', 'attended', 'left-early', 'absent')), leave_hundredths INTEGER NOT NULL DEFAULT 0 CHECK (leave_hundredths >= 0),
      added_at BIGINT NOT NULL, added_by TEXT NOT NULL, marked_at BIGINT, marked_by TEXT, version INTEGER NOT NULL DEFAULT 1,
      UNIQUE (event_id, person_id))`,
    `CREATE INDEX event_attendance_person ON event_attendance (person_id)`,

    // The past from spreadsheets: asked for by one, approved by another, applied by a job, undone while nothing rests on it.
    `CREATE TABLE past_imports (
      id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL REFERENCES organisations (id), file_name TEXT NOT NULL, file_hash TEXT NOT NULL,
      source TEXT NOT NULL, scan_id TEXT REFERENCES record_files (id), unused TEXT NOT NULL DEFAULT '[]',
      state TEXT NOT NULL CHECK (state IN ('checked', 'asked', 'applying', 'applied', 'refused', 'withdrawn', 'undone')),
      created_at BIGINT NOT NULL, asked_by TEXT NOT NULL, asked_at BIGINT, decided_at BIGINT, decided_by TEXT, decision_reason TEXT,
      applied_at BIGINT, undone_at BIGINT, undone_by TEXT, undo_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (decided_by IS NULL OR decided_by <> asked_by))`,
    `CREATE UNIQUE INDEX past_imports_file ON past_imports (file_hash) WHERE state IN ('checked', 'asked', 'applying', 'applied')`,
    `CREATE INDEX past_imports_state ON past_imports (state, created_at)`,
    `CREATE TABLE past_import_rows (
      id TEXT PRIMARY KEY, import_id TEXT NOT NULL REFERENCES past_imports (id), line INTEGER NOT NULL, cells TEXT NOT NULL,
      problems TEXT NOT NULL DEFAULT '[]', person_id TEXT REFERENCES persons (id), content_hash TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('wrong', 'duplicate', 'ready', 'applied', 'undone')), scan_id TEXT REFERENCES record_files (id),
      UNIQUE (import_id, line))`,
    `CREATE INDEX past_import_rows_person ON past_import_rows (person_id)`,
    `CREATE INDEX past_import_rows_content ON past_import_rows (content_hash)`,

    // Proposed by the organisation that lets somebody go, accepted by the one that receives.
    `CREATE TABLE transfers (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), appointment_id TEXT NOT NULL REFERENCES appointments (id),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), ends_on TEXT NOT NULL, reason TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'withdrawn')),
      new_appointment_id TEXT REFERENCES appointments (id), asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL,
      decided_at BIGINT, decided_by TEXT, decision_reason TEXT, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE UNIQUE INDEX transfers_one ON transfers (appointment_id) WHERE state = 'proposed'`,
    `CREATE INDEX transfers_state ON transfers (state, asked_at)`,
    `CREATE INDEX transfers_person ON transfers (person_id)`,

    // Two records of one person. What moved is listed row by row, so that parting gives back exactly that.
    `CREATE TABLE person_merges (
      id TEXT PRIMARY KEY, survivor_id TEXT NOT NULL REFERENCES persons (id), merged_id TEXT NOT NULL REFERENCES persons (id),
      state TEXT NOT NULL CHECK (state IN ('proposed', 'merged', 'refused', 'withdrawn', 'parted')), reason TEXT NOT NULL,
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, decision_reason TEXT,
      parted_at BIGINT, parted_by TEXT, part_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (survivor_id <> merged_id), CHECK (decided_by IS NULL OR decided_by <> asked_by))`,
    `CREATE UNIQUE INDEX person_merges_one ON person_merges (merged_id) WHERE state IN ('proposed', 'merged')`,
    `CREATE INDEX person_merges_survivor ON person_merges (survivor_id, state)`,
    `CREATE TABLE person_merge_moves (
      merge_id TEXT NOT NULL REFERENCES person_merges (id), place TEXT NOT NULL, row_key TEXT NOT NULL, former TEXT,
      PRIMARY KEY (merge_id, place, row_key))`,
    `CREATE INDEX person_merge_moves_row ON person_merge_moves (row_key)`,
  ],
};
