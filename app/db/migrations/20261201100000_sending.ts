import type { Migration } from '../migrate';

/**
 * What leaves the house: one dispatch for what cannot wait, one digest a person a day for the rest; by which channel, when,
 * with which words. Plans that can be resumed, escalations, preferences, versions of templates, calendar addresses.
 */
export const sending: Migration = {
  name: '20261201100000_sending',
  statements: [
    // Words by version: a notice keeps the ones that were in force when it was made.
    `CREATE TABLE notice_templates (
      id TEXT PRIMARY KEY, template_key TEXT NOT NULL, number INTEGER NOT NULL, origin TEXT NOT NULL CHECK (origin IN ('shipped', 'own')),
      title_zh TEXT NOT NULL, text_zh TEXT NOT NULL, title_en TEXT NOT NULL, text_en TEXT NOT NULL,
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, UNIQUE (template_key, number))`,

    `CREATE TABLE dispatches (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), kind TEXT NOT NULL CHECK (kind IN ('at-once', 'digest', 'trial')),
      day TEXT NOT NULL, made_at BIGINT NOT NULL, next_check_at BIGINT NOT NULL, settled_at BIGINT,
      outcome TEXT CHECK (outcome IN ('sent', 'product-only', 'paper', 'not-needed', 'switched-off', 'unreachable', 'given-up')), body TEXT,
      CHECK ((settled_at IS NULL) = (outcome IS NULL)))`,
    `CREATE UNIQUE INDEX dispatches_one_digest ON dispatches (person_id, day) WHERE kind = 'digest'`,
    `CREATE INDEX dispatches_open ON dispatches (next_check_at) WHERE settled_at IS NULL`,
    `CREATE INDEX dispatches_person ON dispatches (person_id, made_at)`,

    `ALTER TABLE notices ADD COLUMN urgency TEXT NOT NULL DEFAULT 'at-once' CHECK (urgency IN ('at-once', 'digest'))`,
    `ALTER TABLE notices ADD COLUMN dispatch_id TEXT REFERENCES dispatches (id)`,
    // Not needed any more before it was sent: done, waived, left, moved.
    `ALTER TABLE notices ADD COLUMN dropped_at BIGINT`,
    `ALTER TABLE notices ADD COLUMN template_id TEXT REFERENCES notice_templates (id)`,
    // What was told until now went out notice by notice; only what still waits for its job is open.
    `INSERT INTO dispatches (id, person_id, kind, day, made_at, next_check_at, settled_at, outcome)
      SELECT n.id, n.person_id, 'at-once', '1970-01-01', n.created_at, n.created_at,
        CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.name = 'notices.send' AND o.status <> 'done' AND o.payload = '{"noticeId":"' || n.id || '"}') THEN NULL ELSE n.created_at END,
        CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.name = 'notices.send' AND o.status <> 'done' AND o.payload = '{"noticeId":"' || n.id || '"}') THEN NULL
          WHEN EXISTS (SELECT 1 FROM send_log s WHERE s.notice_id = n.id AND s.result IN ('sent', 'uncertain')) THEN 'sent' ELSE 'product-only' END
      FROM notices n`,
    `UPDATE notices SET dispatch_id = id`,
    `CREATE INDEX notices_waiting ON notices (person_id) WHERE dispatch_id IS NULL AND dropped_at IS NULL`,
    `CREATE INDEX notices_dispatch ON notices (dispatch_id)`,
    `CREATE INDEX notices_created ON notices (created_at)`,

    `CREATE TABLE send_log_new (
      id TEXT PRIMARY KEY, dispatch_id TEXT NOT NULL REFERENCES dispatches (id), channel TEXT NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL,
      attempts INTEGER NOT NULL, claimed_at BIGINT NOT NULL, ended_at BIGINT,
      result TEXT NOT NULL CHECK (result IN ('sending', 'sent', 'uncertain', 'failed', 'refused', 'bounced', 'to-print', 'handed-over')),
      detail TEXT NOT NULL DEFAULT '', handed_on TEXT, handed_by TEXT,
      UNIQUE (dispatch_id, channel), CHECK ((result = 'handed-over') = (handed_on IS NOT NULL AND handed_by IS NOT NULL)))`,
    `INSERT INTO send_log_new (id, dispatch_id, channel, address, text, attempts, claimed_at, ended_at, result, detail)
      SELECT id, notice_id, channel, '', text, 1, sent_at, CASE WHEN result = 'sending' THEN NULL ELSE sent_at END,
        CASE WHEN result IN ('sending', 'sent', 'uncertain') THEN result ELSE 'failed' END, CASE WHEN result LIKE 'failed: %' THEN SUBSTR(result, 9) ELSE '' END FROM send_log`,
    `DROP TABLE send_log`,
    `ALTER TABLE send_log_new RENAME TO send_log`,
    `CREATE INDEX send_log_open ON send_log (claimed_at) WHERE result IN ('sending', 'to-print')`,

    // How far a day's planning has come: a pass that was cut off goes on from there.
    `CREATE TABLE notice_plans (
      day TEXT PRIMARY KEY, since TEXT NOT NULL, stage TEXT NOT NULL CHECK (stage IN ('reminders', 'escalations', 'weekly', 'done')),
      due_on TEXT NOT NULL DEFAULT '', after_id TEXT NOT NULL DEFAULT '', reminders INTEGER NOT NULL DEFAULT 0, escalations INTEGER NOT NULL DEFAULT 0,
      weekly INTEGER NOT NULL DEFAULT 0, began_at BIGINT NOT NULL, ended_at BIGINT, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE TABLE escalations (
      assignment_id TEXT NOT NULL REFERENCES assignments (id), step TEXT NOT NULL, organisation_id TEXT NOT NULL REFERENCES organisations (id),
      audience TEXT NOT NULL CHECK (audience IN ('manager', 'hr')), planned_on TEXT NOT NULL, told_at BIGINT, PRIMARY KEY (assignment_id, step))`,
    `CREATE INDEX escalations_waiting ON escalations (planned_on) WHERE told_at IS NULL`,
    `CREATE TABLE escalation_notices (
      notice_id TEXT NOT NULL REFERENCES notices (id), assignment_id TEXT NOT NULL, step TEXT NOT NULL, PRIMARY KEY (notice_id, assignment_id, step),
      FOREIGN KEY (assignment_id, step) REFERENCES escalations (assignment_id, step))`,
    // Due dates of those who are not cleared, in the order in which a plan goes through them.
    `CREATE INDEX clearances_open ON clearances (due_on, assignment_id) WHERE status = 'not-cleared'`,

    `CREATE TABLE notice_preferences (
      person_id TEXT PRIMARY KEY REFERENCES persons (id), channels TEXT, digest_hour INTEGER CHECK (digest_hour BETWEEN 0 AND 23),
      lang TEXT NOT NULL DEFAULT 'both' CHECK (lang IN ('zh', 'en', 'both')), off TEXT NOT NULL DEFAULT '[]', changed_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    // A gateway for text messages or an enterprise messenger, reached by one signed request a message.
    `CREATE TABLE notice_channels (
      id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL CHECK (kind IN ('sms', 'messenger')), url TEXT NOT NULL, secret TEXT NOT NULL,
      body TEXT NOT NULL, addressed_by TEXT NOT NULL CHECK (addressed_by IN ('phone', 'staff-number', 'e-mail')),
      knows_repeats INTEGER NOT NULL CHECK (knows_repeats IN (0, 1)), active INTEGER NOT NULL CHECK (active IN (0, 1)),
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    // Addresses that refused for good; they are not tried again until somebody gives another one or clears them.
    `CREATE TABLE bad_addresses (
      person_id TEXT NOT NULL REFERENCES persons (id), channel TEXT NOT NULL, address_hash TEXT NOT NULL, address TEXT NOT NULL, since BIGINT NOT NULL, detail TEXT NOT NULL,
      PRIMARY KEY (person_id, channel, address_hash))`,
    `CREATE TABLE calendar_addresses (
      person_id TEXT PRIMARY KEY REFERENCES persons (id), token_hash TEXT NOT NULL UNIQUE, token TEXT NOT NULL, lang TEXT NOT NULL CHECK (lang IN ('zh', 'en')),
      made_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
  ],
};
