import type { Migration } from '../migrate';

/** Credentials per issuer, what is done to them and by whom, templates, bulk runs, and who checked them. */
export const credentials: Migration = {
  name: '20261130201000_credentials',
  statements: [
    // An organisation that issues under its own prefix; beneath none the root issues. Numbers run by issuer and year.
    `CREATE TABLE credential_issuers (
      organisation_id TEXT PRIMARY KEY REFERENCES organisations (id), prefix TEXT NOT NULL UNIQUE,
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, ended_at BIGINT)`,
    `CREATE TABLE credential_serials (
      issuer_id TEXT NOT NULL REFERENCES credential_issuers (organisation_id), year INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (issuer_id, year))`,
    `INSERT INTO credential_issuers (organisation_id, prefix, made_at, made_by)
      SELECT id, 'SG', created_at, 'system:certification' FROM organisations WHERE parent_id IS NULL ORDER BY path LIMIT 1`,
    `INSERT INTO credential_serials (issuer_id, year, last)
      SELECT i.organisation_id, n.year, n.last FROM credential_numbers n JOIN credential_issuers i ON i.prefix = 'SG'`,
    `DROP TABLE credential_numbers`,
    // A revocation is asked for by one person and decided by another; a suspension is lifted by another than who made it.
    `CREATE TABLE credential_acts (
      id TEXT PRIMARY KEY, credential_id TEXT NOT NULL REFERENCES credentials (id),
      kind TEXT NOT NULL CHECK (kind IN ('revocation', 'suspension', 'correction')),
      state TEXT NOT NULL CHECK (state IN ('asked', 'carried-out', 'refused', 'withdrawn', 'in-force', 'lifted', 'overtaken')),
      reason TEXT NOT NULL, explanation TEXT NOT NULL, asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL,
      decided_at BIGINT, decided_by TEXT, decision_note TEXT, successor_id TEXT REFERENCES credentials (id), version INTEGER NOT NULL DEFAULT 1,
      CHECK (state NOT IN ('refused', 'lifted') OR decided_by IS NOT NULL),
      CHECK (kind <> 'revocation' OR state <> 'carried-out' OR decided_by IS NOT NULL),
      CHECK (decided_by IS NULL OR decided_by <> asked_by OR state = 'withdrawn'))`,
    `CREATE INDEX credential_acts_credential ON credential_acts (credential_id)`,
    `CREATE INDEX credential_acts_state ON credential_acts (state, asked_at)`,
    `CREATE UNIQUE INDEX credential_acts_open ON credential_acts (credential_id, kind) WHERE state IN ('asked', 'in-force')`,
    // A version that was published never changes: what was issued under it is drawn from it.
    `CREATE TABLE credential_templates (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, programme_id TEXT REFERENCES programmes (id), made_at BIGINT NOT NULL, made_by TEXT NOT NULL)`,
    `CREATE TABLE credential_template_versions (
      id TEXT PRIMARY KEY, template_id TEXT NOT NULL REFERENCES credential_templates (id), number INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')), content TEXT NOT NULL,
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, published_at BIGINT, published_by TEXT, version INTEGER NOT NULL DEFAULT 1,
      UNIQUE (template_id, number))`,
    `CREATE UNIQUE INDEX credential_template_versions_draft ON credential_template_versions (template_id) WHERE state = 'draft'`,
    `CREATE UNIQUE INDEX credential_template_versions_published ON credential_template_versions (template_id) WHERE state = 'published'`,
    // Named by what they hold, so that a picture of that name is always the same one.
    `CREATE TABLE credential_emblems (sha256 TEXT PRIMARY KEY, png TEXT NOT NULL, added_at BIGINT NOT NULL)`,
    `CREATE TABLE credential_runs (
      id TEXT PRIMARY KEY, filter TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'done')),
      started_at BIGINT NOT NULL, started_by TEXT NOT NULL, changed_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX credential_runs_started ON credential_runs (started_at)`,
    `CREATE TABLE credential_run_items (
      run_id TEXT NOT NULL REFERENCES credential_runs (id), assignment_id TEXT NOT NULL REFERENCES assignments (id),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')), reason TEXT, detail TEXT, credential_id TEXT REFERENCES credentials (id), at BIGINT,
      PRIMARY KEY (run_id, assignment_id))`,
    `CREATE INDEX credential_run_items_state ON credential_run_items (run_id, state, assignment_id)`,
    // One row for a day, a way and a kind of network: enough for the holder to see, nothing to follow anybody by.
    `CREATE TABLE credential_checks (
      credential_id TEXT NOT NULL REFERENCES credentials (id), day TEXT NOT NULL, how TEXT NOT NULL CHECK (how IN ('number', 'code', 'name', 'qr', 'file')),
      network TEXT NOT NULL CHECK (network IN ('internal', 'public')), times INTEGER NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL,
      PRIMARY KEY (credential_id, day, how, network))`,
    // The files that were handed out: a newer program may render other bytes, older files stay known.
    `CREATE TABLE credential_pdfs (
      credential_id TEXT NOT NULL REFERENCES credentials (id), sha256 TEXT NOT NULL, rendered_at BIGINT NOT NULL, PRIMARY KEY (credential_id, sha256))`,
    `CREATE INDEX credential_pdfs_sha256 ON credential_pdfs (sha256)`,
  ],
};
