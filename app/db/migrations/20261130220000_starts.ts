import type { Migration } from '../migrate';

/** What was asked for beside what was granted, cancelled records, and confirmations of rank after the probation. */
export const starts: Migration = {
  name: '20261130220000_starts',
  statements: [
    `ALTER TABLE waivers ADD COLUMN asked_from TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE waivers ADD COLUMN asked_until TEXT NOT NULL DEFAULT ''`,
    `CREATE INDEX waivers_person ON waivers (person_id)`,
    `ALTER TABLE starts ADD COLUMN cancelled_at BIGINT`,
    `ALTER TABLE starts ADD COLUMN cancelled_by TEXT`,
    `ALTER TABLE starts ADD COLUMN cancel_reason TEXT`,
    `CREATE INDEX starts_person ON starts (person_id)`,
    // The end of the probation: a record of its own, for its gate knows no emergency.
    `CREATE TABLE confirmations (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), appointment_id TEXT NOT NULL REFERENCES appointments (id),
      confirmed_on TEXT NOT NULL, basis TEXT NOT NULL CHECK (basis IN ('clearance', 'waiver')),
      state TEXT NOT NULL CHECK (state IN ('recorded', 'cancelled')), ground TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
      recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
      cancelled_at BIGINT, cancelled_by TEXT, cancel_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (cancelled_by IS NULL OR cancelled_by <> recorded_by))`,
    `CREATE UNIQUE INDEX confirmations_one ON confirmations (appointment_id) WHERE state = 'recorded'`,
    `CREATE INDEX confirmations_person ON confirmations (person_id)`,
  ],
};
