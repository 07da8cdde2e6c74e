import type { Migration } from '../migrate';

const CHANGES = `(
      id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('move', 'merge', 'close')),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), target_id TEXT NOT NULL REFERENCES organisations (id),
      effective_on TEXT NOT NULL, roles TEXT NOT NULL CHECK (roles IN ('keep', 'end', 'carry')),
      state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'withdrawn', 'failed')), reason TEXT NOT NULL,
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, ended_at BIGINT, ended_by TEXT, end_reason TEXT, problem TEXT,
      version INTEGER NOT NULL DEFAULT 1, CHECK (organisation_id <> target_id))`;
const MOVES = `(
      appointment_id TEXT NOT NULL REFERENCES appointments (id), moved_on TEXT NOT NULL, change_id TEXT REFERENCES organisation_changes_new (id),
      from_organisation_id TEXT NOT NULL REFERENCES organisations (id), to_organisation_id TEXT NOT NULL REFERENCES organisations (id),
      PRIMARY KEY (appointment_id, moved_on))`;
const COLUMNS = 'id, kind, organisation_id, target_id, effective_on, roles, state, reason, asked_at, asked_by, ended_at, ended_by, end_reason, problem, version';

/** Organisations are closed on a day that is planned, as they are moved and merged; what a closing names as its target is the superior that keeps the records. */
export const closings: Migration = {
  name: '20261201140500_closings',
  statements: [
    `CREATE TABLE organisation_changes_new ${CHANGES}`,
    `INSERT INTO organisation_changes_new (${COLUMNS}) SELECT ${COLUMNS} FROM organisation_changes`,
    `CREATE TABLE appointment_moves_new ${MOVES}`,
    `INSERT INTO appointment_moves_new (appointment_id, moved_on, change_id, from_organisation_id, to_organisation_id)
      SELECT appointment_id, moved_on, change_id, from_organisation_id, to_organisation_id FROM appointment_moves`,
    `DROP TABLE appointment_moves`,
    `DROP TABLE organisation_changes`,
    `ALTER TABLE organisation_changes_new RENAME TO organisation_changes`,
    `ALTER TABLE appointment_moves_new RENAME TO appointment_moves`,
    `CREATE UNIQUE INDEX organisation_changes_one ON organisation_changes (organisation_id) WHERE state = 'planned'`,
    `CREATE INDEX organisation_changes_due ON organisation_changes (state, effective_on)`,
    `CREATE INDEX organisation_changes_target ON organisation_changes (target_id, state)`,
  ],
};
