import type { Migration } from '../migrate';

/** Messages to other systems when a clearance changes: who is told, what of, and each time it was tried. */
export const webhooks: Migration = {
  name: '20261201151000_webhooks',
  statements: [
    // `fanned_to`: changes up to this number have their deliveries. `leased_until`: somebody sends them now.
    `CREATE TABLE webhooks (
      id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES applications (id), organisation_id TEXT NOT NULL REFERENCES organisations (id), url TEXT NOT NULL, secret TEXT NOT NULL,
      kinds TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('active', 'paused')), fanned_to BIGINT NOT NULL, leased_until BIGINT, asked_at BIGINT,
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX webhooks_application ON webhooks (application_id)`,
    `CREATE TABLE webhook_deliveries (
      id TEXT PRIMARY KEY, webhook_id TEXT NOT NULL REFERENCES webhooks (id), change_id TEXT REFERENCES clearance_changes (id), person_id TEXT REFERENCES persons (id), sequence BIGINT NOT NULL,
      kind TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')), tries INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
      next_at BIGINT NOT NULL, at BIGINT NOT NULL, made_at BIGINT NOT NULL, settled_at BIGINT, UNIQUE (webhook_id, change_id))`,
    `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, sequence) WHERE state = 'waiting'`,
    `CREATE INDEX webhook_deliveries_person ON webhook_deliveries (webhook_id, person_id, sequence) WHERE state = 'waiting'`,
    `CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (webhook_id, state, sequence)`,
    `CREATE INDEX webhook_deliveries_at ON webhook_deliveries (webhook_id, at)`,
    `CREATE TABLE webhook_attempts (
      delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id), number INTEGER NOT NULL, webhook_id TEXT NOT NULL REFERENCES webhooks (id), at BIGINT NOT NULL,
      status INTEGER, ms INTEGER, error TEXT, PRIMARY KEY (delivery_id, number))`,
    `CREATE INDEX webhook_attempts_webhook ON webhook_attempts (webhook_id, at)`,
  ],
};
