import type { Migration } from '../migrate';

/** Keys that sign what leaves the house, and where each signed badge stands in which status list. */
export const badges: Migration = {
  name: '20261130205000_badges',
  statements: [
    // The private half is sealed with the deployment's key. Who retires signs nothing new; what leaked is forgotten.
    `CREATE TABLE signing_keys (
      id TEXT PRIMARY KEY, public_key TEXT NOT NULL UNIQUE, sealed TEXT,
      state TEXT NOT NULL CHECK (state IN ('active', 'retired', 'leaked')), made_at BIGINT NOT NULL, ended_at BIGINT,
      CHECK (state = 'leaked' OR sealed IS NOT NULL))`,
    `CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active'`,
    `CREATE TABLE status_lists (
      number INTEGER PRIMARY KEY, key_id TEXT NOT NULL REFERENCES signing_keys (id), used INTEGER NOT NULL DEFAULT 0, made_at BIGINT NOT NULL)`,
    `CREATE INDEX status_lists_key ON status_lists (key_id, number)`,
    // A place is drawn at random and never given twice. Ended: published as withdrawn, which is for ever.
    `CREATE TABLE status_entries (
      id TEXT PRIMARY KEY, credential_id TEXT NOT NULL REFERENCES credentials (id), list INTEGER NOT NULL REFERENCES status_lists (number),
      position INTEGER NOT NULL CHECK (position >= 0), made_at BIGINT NOT NULL, ended_at BIGINT, UNIQUE (list, position))`,
    `CREATE INDEX status_entries_credential ON status_entries (credential_id)`,
  ],
};
