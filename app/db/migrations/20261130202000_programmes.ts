import type { Migration } from '../migrate';

/** Publishing and moving by jobs that can be resumed, and days of the calendar that a deployment sets itself. */
export const programmes: Migration = {
  name: '20261130202000_programmes',
  statements: [
    // When everybody whom a version applies to had been gone through; null until the job has ended.
    `ALTER TABLE programme_versions ADD COLUMN applied_at BIGINT`,
    `UPDATE programme_versions SET applied_at = created_at`,
    `CREATE INDEX assignments_version ON assignments (programme_version_id, ended_at)`,
    `CREATE INDEX assignment_exceptions_appointment ON assignment_exceptions (appointment_id)`,
    // The decision that people move to another version; a row for each of them, so that it can be taken back.
    `CREATE TABLE programme_moves (
      id TEXT PRIMARY KEY, from_version_id TEXT NOT NULL REFERENCES programme_versions (id),
      to_version_id TEXT NOT NULL REFERENCES programme_versions (id), who TEXT NOT NULL CHECK (who IN ('open', 'all')), due_on TEXT,
      state TEXT NOT NULL CHECK (state IN ('running', 'done', 'reversing', 'reversed')), reason TEXT NOT NULL,
      decided_at BIGINT NOT NULL, decided_by TEXT NOT NULL, reversed_at BIGINT, reversed_by TEXT, reverse_reason TEXT,
      version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX programme_moves_to ON programme_moves (to_version_id, decided_at)`,
    `CREATE TABLE programme_move_rows (
      move_id TEXT NOT NULL REFERENCES programme_moves (id), from_assignment_id TEXT NOT NULL REFERENCES assignments (id),
      to_assignment_id TEXT REFERENCES assignments (id),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'moved', 'skipped', 'reversed', 'kept')),
      PRIMARY KEY (move_id, from_assignment_id))`,
    `CREATE INDEX programme_move_rows_state ON programme_move_rows (move_id, state)`,
    `CREATE TABLE calendar_days (
      day TEXT PRIMARY KEY, working INTEGER NOT NULL, note TEXT NOT NULL, set_at BIGINT NOT NULL, set_by TEXT NOT NULL)`,
  ],
};
