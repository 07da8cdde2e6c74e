import type { Migration } from '../migrate';

/** What lists need to be right as time passes, and seals that chain what the ledger has recorded. */
export const clearanceLists: Migration = {
  name: '20261130200500_clearance_lists',
  statements: [
    `ALTER TABLE clearances ADD COLUMN suspended_on TEXT`,
    `ALTER TABLE clearances ADD COLUMN expired_on TEXT`,
    // From that day on the row must be judged anew.
    `ALTER TABLE clearances ADD COLUMN changes_on TEXT`,
    // Whether the row stands for its appointment and gate: one line for one person, however many programmes and cycles.
    `ALTER TABLE clearances ADD COLUMN leads INTEGER NOT NULL DEFAULT 1`,
    `CREATE INDEX clearances_changes ON clearances (changes_on)`,
    `DROP INDEX clearances_start`,
    `CREATE INDEX clearances_order ON clearances (gate, (CASE status WHEN 'not-cleared' THEN 0 WHEN 'waived' THEN 1 ELSE 2 END), start_of_duty, assignment_id)
      WHERE leads = 1`,
    // A seal names its events itself, so that the ledger stays as it was written. Up to (to_at, to_id) everything is sealed; a late
    // seal takes in what was committed after its time had been sealed, and moves that place no further.
    `CREATE TABLE ledger_seals (
      number INTEGER PRIMARY KEY, late INTEGER NOT NULL, to_at BIGINT NOT NULL, to_id TEXT NOT NULL, events INTEGER NOT NULL, ids TEXT NOT NULL,
      hash TEXT NOT NULL, previous TEXT NOT NULL, sealed_at BIGINT NOT NULL)`,
    `CREATE INDEX ledger_seals_to ON ledger_seals (to_at)`,
  ],
};
