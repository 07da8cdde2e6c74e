import type { Migration } from '../migrate';

/** Hiring lists: who asked of whom whether they may start on their day, what the answer was, what was done about it, and what was signed. */
export const hiring: Migration = {
  name: '20261201110000_hiring',
  statements: [
    `CREATE TABLE hiring_lists (
      id TEXT PRIMARY KEY, title TEXT NOT NULL, source TEXT NOT NULL CHECK (source IN ('upload', 'intake')),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), intake_id TEXT REFERENCES intakes (id), file_name TEXT, file_hash TEXT,
      people INTEGER NOT NULL, counts TEXT NOT NULL, asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, judged_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1,
      CHECK ((source = 'intake') = (intake_id IS NOT NULL)))`,
    `CREATE INDEX hiring_lists_latest ON hiring_lists (asked_at)`,
    // number is shown as it was typed, an identity number masked; number_keys are the keyed hashes by which it is found again.
    `CREATE TABLE hiring_rows (
      id TEXT PRIMARY KEY, list_id TEXT NOT NULL REFERENCES hiring_lists (id), line INTEGER NOT NULL,
      number TEXT NOT NULL, number_keys TEXT NOT NULL, name TEXT NOT NULL, asked_on TEXT,
      person_id TEXT REFERENCES persons (id), appointment_id TEXT REFERENCES appointments (id),
      known_name TEXT, organisation TEXT, post TEXT, start_on TEXT, started_on TEXT,
      status TEXT NOT NULL, answer TEXT NOT NULL, UNIQUE (list_id, line))`,
    `CREATE INDEX hiring_rows_status ON hiring_rows (list_id, status, line)`,
    `CREATE TABLE hiring_acts (
      id TEXT PRIMARY KEY, list_id TEXT NOT NULL REFERENCES hiring_lists (id), kind TEXT NOT NULL CHECK (kind IN ('remind', 'book', 'waiver', 'start')),
      terms TEXT NOT NULL, asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL)`,
    `CREATE INDEX hiring_acts_list ON hiring_acts (list_id, asked_at)`,
    `CREATE TABLE hiring_outcomes (
      act_id TEXT NOT NULL REFERENCES hiring_acts (id), row_id TEXT NOT NULL REFERENCES hiring_rows (id),
      outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')), problem TEXT, PRIMARY KEY (act_id, row_id))`,
    // What was signed: never changed afterwards.
    `CREATE TABLE hiring_statements (
      id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, check_code TEXT NOT NULL, list_id TEXT NOT NULL REFERENCES hiring_lists (id), as_of BIGINT NOT NULL,
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, snapshot TEXT NOT NULL, signature TEXT NOT NULL, pdf_key TEXT, pdf_hash TEXT, UNIQUE (list_id, as_of))`,
    `CREATE UNIQUE INDEX hiring_statements_pdf ON hiring_statements (pdf_hash)`,
  ],
};
