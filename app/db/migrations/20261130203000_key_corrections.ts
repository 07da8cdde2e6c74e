import type { Migration } from '../migrate';

/** A key that turned out to be wrong after people were marked by it: asked by one, decided by another. */
export const keyCorrections: Migration = {
  name: '20261130203000_key_corrections',
  statements: [
    `CREATE TABLE key_corrections (
      id TEXT PRIMARY KEY, item_version_id TEXT NOT NULL REFERENCES item_versions (id),
      kind TEXT NOT NULL CHECK (kind IN ('key', 'credit', 'leave-out')), key TEXT, favourable INTEGER NOT NULL CHECK (favourable IN (0, 1)),
      reason TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'withdrawn')),
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, decision_reason TEXT, applied_at BIGINT,
      version INTEGER NOT NULL DEFAULT 1,
      CHECK ((kind = 'key') = (key IS NOT NULL)), CHECK (state = 'withdrawn' OR decided_by IS NULL OR decided_by <> asked_by))`,
    `CREATE UNIQUE INDEX key_corrections_one_asked ON key_corrections (item_version_id) WHERE state = 'asked'`,
    `CREATE INDEX key_corrections_approved ON key_corrections (item_version_id, decided_at) WHERE state = 'approved'`,
    `CREATE INDEX marks_item ON marks (item, attempt_id)`,
  ],
};
