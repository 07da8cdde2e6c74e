import type { Migration } from '../migrate';

/** What changed about clearances, numbered for other systems to follow; answers kept for requests that come again; what applications asked. */
export const api: Migration = {
  name: '20261201140000_api',
  statements: [
    // `turn` counts the changes of one person, under the person's lock; `sequence` is given after the commit, by one at a time.
    `CREATE TABLE clearance_changes (
      id TEXT PRIMARY KEY, assignment_id TEXT NOT NULL REFERENCES assignments (id), person_id TEXT NOT NULL REFERENCES persons (id), turn INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('assigned', 'changed', 'ended')), state_before TEXT, state_after TEXT, at BIGINT NOT NULL, sequence BIGINT)`,
    `CREATE INDEX clearance_changes_person ON clearance_changes (person_id, turn)`,
    `CREATE UNIQUE INDEX clearance_changes_sequence ON clearance_changes (sequence) WHERE sequence IS NOT NULL`,
    `CREATE INDEX clearance_changes_waiting ON clearance_changes (turn, at, id) WHERE sequence IS NULL`,
    `CREATE TABLE clearance_feed (id INTEGER PRIMARY KEY CHECK (id = 1), last_sequence BIGINT NOT NULL)`,
    `INSERT INTO clearance_feed (id, last_sequence) VALUES (1, 0)`,
    `CREATE TABLE idempotent_requests (
      application_id TEXT NOT NULL REFERENCES applications (id), key TEXT NOT NULL, request_hash TEXT NOT NULL, claimed_at BIGINT NOT NULL,
      status INTEGER, answer TEXT, PRIMARY KEY (application_id, key))`,
    `CREATE INDEX idempotent_requests_claimed ON idempotent_requests (claimed_at)`,
    `CREATE TABLE application_requests (
      id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES applications (id), at BIGINT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
      status INTEGER NOT NULL, ms INTEGER NOT NULL)`,
    `CREATE INDEX application_requests_application ON application_requests (application_id, at)`,
    `CREATE INDEX application_requests_at ON application_requests (at)`,
  ],
};
