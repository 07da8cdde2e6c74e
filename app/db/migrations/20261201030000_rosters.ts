import type { Migration } from '../migrate';

/** Rosters from spreadsheets: read and judged first, applied in one step, taken back while nobody acted on it; who looks like whom. */
export const rosters: Migration = {
  name: '20261201030000_rosters',
  statements: [
    // By which a person is recognised under another spelling: the name as it sounds; with the day of birth only as a keyed hash.
    `CREATE TABLE person_likeness (person_id TEXT PRIMARY KEY REFERENCES persons (id), name_key TEXT NOT NULL, born_hash TEXT)`,
    `CREATE INDEX person_likeness_name ON person_likeness (name_key)`,
    `CREATE INDEX person_likeness_born ON person_likeness (born_hash)`,

    // `file_key` is empty once the content is not needed any more. `scope`: the organisations over which whoever asked may import.
    `CREATE TABLE roster_imports (
      id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL REFERENCES organisations (id), source TEXT NOT NULL CHECK (source IN ('upload', 'folder')),
      file_name TEXT NOT NULL, file_key TEXT, file_hash TEXT NOT NULL, sheet TEXT NOT NULL DEFAULT '', header_line INTEGER NOT NULL DEFAULT 0,
      headers TEXT NOT NULL DEFAULT '[]', mapping TEXT NOT NULL DEFAULT '[]', signature TEXT NOT NULL DEFAULT '', scope TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('columns', 'checking', 'checked', 'staging', 'cancelling', 'applied', 'undoing', 'undone', 'withdrawn', 'unreadable')),
      mode TEXT CHECK (mode IN ('all', 'good')), checked_on TEXT, problem TEXT, waits_for TEXT,
      lines INTEGER NOT NULL DEFAULT 0, staged INTEGER NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0, undone INTEGER NOT NULL DEFAULT 0, planned INTEGER NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL, created_by TEXT NOT NULL, checked_at BIGINT, apply_asked_at BIGINT, apply_asked_by TEXT, applied_at BIGINT, told_at BIGINT,
      undo_asked_at BIGINT, undo_asked_by TEXT, undo_reason TEXT, undo_rest INTEGER NOT NULL DEFAULT 0, undone_at BIGINT, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE UNIQUE INDEX roster_imports_file ON roster_imports (organisation_id, file_hash) WHERE state IN ('columns', 'checking', 'checked', 'staging', 'cancelling')`,
    `CREATE INDEX roster_imports_time ON roster_imports (created_at)`,
    `CREATE INDEX roster_imports_state ON roster_imports (state)`,

    // One line of the file as it was judged. `sealed` holds the cells as they stood, encrypted: identity numbers are among them.
    `CREATE TABLE roster_rows (
      import_id TEXT NOT NULL REFERENCES roster_imports (id), line INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('created', 'changed', 'moved', 'left', 'unchanged', 'wrong')),
      person_id TEXT REFERENCES persons (id), name TEXT NOT NULL, number TEXT NOT NULL, organisation TEXT NOT NULL,
      changes TEXT NOT NULL, problems TEXT NOT NULL, sealed TEXT NOT NULL, judged TEXT NOT NULL,
      question TEXT CHECK (question IN ('duplicate', 'name')), alike TEXT NOT NULL DEFAULT '[]', answer TEXT CHECK (answer IN ('same', 'other', 'skip')), answer_person TEXT REFERENCES persons (id),
      state TEXT NOT NULL CHECK (state IN ('checked', 'staged', 'stale', 'applied', 'undone', 'kept')), PRIMARY KEY (import_id, line))`,
    `CREATE INDEX roster_rows_kind ON roster_rows (import_id, kind, line)`,
    `CREATE INDEX roster_rows_question ON roster_rows (import_id, question, answer)`,
    `CREATE INDEX roster_rows_person ON roster_rows (person_id)`,

    // What a row will do, in columns, so that one statement does it for all rows. "former" is what to go back to.
    `CREATE TABLE roster_plans (
      import_id TEXT NOT NULL REFERENCES roster_imports (id), line INTEGER NOT NULL, act TEXT NOT NULL CHECK (act IN ('create', 'change', 'move', 'return', 'leave')),
      person_id TEXT NOT NULL REFERENCES persons (id), person_version INTEGER NOT NULL, alters_person INTEGER NOT NULL, name TEXT, email TEXT, phone TEXT,
      account_id TEXT, sign_in_name TEXT, appointment_id TEXT REFERENCES appointments (id), appointment_version INTEGER, alters_appointment INTEGER NOT NULL,
      kind TEXT, post TEXT, rank TEXT, start_of_duty TEXT, ended_on TEXT, ends_on TEXT,
      fresh_appointment_id TEXT, organisation_id TEXT REFERENCES organisations (id), former TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (import_id, line))`,
    `CREATE INDEX roster_plans_told ON roster_plans (import_id, told, line)`,
    `CREATE INDEX roster_plans_person ON roster_plans (person_id)`,
    // Numbers that people known already get; those of new people are reserved in identifiers while the rows are made ready.
    `CREATE TABLE roster_numbers (
      id TEXT PRIMARY KEY, import_id TEXT NOT NULL REFERENCES roster_imports (id), line INTEGER NOT NULL, person_id TEXT NOT NULL REFERENCES persons (id),
      kind TEXT NOT NULL, value TEXT, encrypted TEXT, value_hash TEXT NOT NULL)`,
    `CREATE INDEX roster_numbers_import ON roster_numbers (import_id, line)`,
    `CREATE INDEX roster_numbers_person ON roster_numbers (person_id)`,

    // Which column of a file is which, as somebody of the unit set it for files with these headers.
    `CREATE TABLE roster_mappings (
      organisation_id TEXT NOT NULL REFERENCES organisations (id), signature TEXT NOT NULL, mapping TEXT NOT NULL, saved_at BIGINT NOT NULL, saved_by TEXT NOT NULL,
      PRIMARY KEY (organisation_id, signature))`,
  ],
};
