import type { Migration } from '../migrate';

/** Reports that are asked for, kept and sent at fixed times, with their files; yearly figures for evaluations, frozen and corrected. */
export const reports: Migration = {
  name: '20261201130000_reports',
  statements: [
    // A report goes through an organisation's appointments in the order of their ids, some at a time.
    `CREATE INDEX appointments_in_order ON appointments (organisation_id, id)`,
    `CREATE TABLE saved_reports (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL, query TEXT NOT NULL,
      shared_with TEXT REFERENCES organisations (id), saved_at BIGINT NOT NULL, ended_at BIGINT, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE UNIQUE INDEX saved_reports_name ON saved_reports (account_id, name) WHERE ended_at IS NULL`,
    `CREATE INDEX saved_reports_shared ON saved_reports (shared_with)`,
    `CREATE TABLE report_schedules (
      id TEXT PRIMARY KEY, saved_report_id TEXT NOT NULL REFERENCES saved_reports (id), account_id TEXT NOT NULL REFERENCES accounts (id),
      rhythm TEXT NOT NULL CHECK (rhythm IN ('daily', 'weekly', 'monthly')), day INTEGER NOT NULL CHECK (day BETWEEN 0 AND 31), hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
      format TEXT NOT NULL CHECK (format IN ('xlsx', 'csv', 'pdf')), lang TEXT NOT NULL CHECK (lang IN ('zh', 'en')), keep_days INTEGER NOT NULL CHECK (keep_days BETWEEN 1 AND 90),
      state TEXT NOT NULL CHECK (state IN ('active', 'ended')), end_reason TEXT, next_at BIGINT NOT NULL, made_at BIGINT NOT NULL, version INTEGER NOT NULL DEFAULT 1)`,
    `CREATE INDEX report_schedules_due ON report_schedules (state, next_at)`,
    `CREATE INDEX report_schedules_account ON report_schedules (account_id)`,
    `CREATE TABLE report_requests (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), saved_report_id TEXT REFERENCES saved_reports (id),
      schedule_id TEXT REFERENCES report_schedules (id), due_at BIGINT, name TEXT NOT NULL, query TEXT NOT NULL,
      format TEXT NOT NULL CHECK (format IN ('xlsx', 'csv', 'pdf')), lang TEXT NOT NULL CHECK (lang IN ('zh', 'en')), keep_days INTEGER NOT NULL CHECK (keep_days BETWEEN 1 AND 90),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')), problem TEXT,
      asked_at BIGINT NOT NULL, started_at BIGINT, beat_at BIGINT, tries INTEGER NOT NULL DEFAULT 0, done_posts INTEGER NOT NULL DEFAULT 0, total_posts INTEGER,
      made_on TEXT, detail INTEGER, paths TEXT, lines INTEGER, bytes BIGINT, file_key TEXT, summary TEXT, finished_at BIGINT, expires_at BIGINT, removed_at BIGINT,
      downloads INTEGER NOT NULL DEFAULT 0, downloaded_at BIGINT, CHECK (state <> 'done' OR (file_key IS NOT NULL AND expires_at IS NOT NULL)))`,
    `CREATE UNIQUE INDEX report_requests_due ON report_requests (schedule_id, due_at) WHERE schedule_id IS NOT NULL`,
    `CREATE INDEX report_requests_account ON report_requests (account_id, asked_at)`,
    `CREATE INDEX report_requests_state ON report_requests (state, asked_at)`,
    `CREATE INDEX report_requests_kept ON report_requests (expires_at) WHERE removed_at IS NULL AND expires_at IS NOT NULL`,

    `CREATE TABLE appraisals (
      id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL REFERENCES organisations (id), year INTEGER NOT NULL, frozen_on TEXT NOT NULL,
      rule_code TEXT NOT NULL, rule_version TEXT NOT NULL, hour_rules TEXT NOT NULL DEFAULT '[]', state TEXT NOT NULL CHECK (state IN ('running', 'frozen')),
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, after_post TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL, frozen_at BIGINT, hash TEXT,
      version INTEGER NOT NULL DEFAULT 1, UNIQUE (organisation_id, year, frozen_on))`,
    `CREATE TABLE appraisal_units (
      appraisal_id TEXT NOT NULL REFERENCES appraisals (id), organisation_id TEXT NOT NULL REFERENCES organisations (id), place INTEGER NOT NULL,
      parent_id TEXT, path TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (appraisal_id, organisation_id))`,
    `CREATE TABLE appraisal_people (
      appraisal_id TEXT NOT NULL REFERENCES appraisals (id), person_id TEXT NOT NULL REFERENCES persons (id), appointment_id TEXT NOT NULL,
      organisation_id TEXT NOT NULL, kind TEXT NOT NULL, post TEXT NOT NULL, rank TEXT, leads TEXT, PRIMARY KEY (appraisal_id, person_id))`,
    `CREATE INDEX appraisal_people_organisation ON appraisal_people (appraisal_id, organisation_id)`,
    // A share is part / whole; both are whole numbers, hours in hundredths. whole is null for what is no share.
    `CREATE TABLE appraisal_figures (
      appraisal_id TEXT NOT NULL REFERENCES appraisals (id), subject_kind TEXT NOT NULL CHECK (subject_kind IN ('person', 'unit')), subject_id TEXT NOT NULL,
      code TEXT NOT NULL, part INTEGER NOT NULL, whole INTEGER, PRIMARY KEY (appraisal_id, subject_kind, subject_id, code))`,
    // What was frozen stays; the correction with the highest number counts.
    `CREATE TABLE appraisal_corrections (
      id TEXT PRIMARY KEY, appraisal_id TEXT NOT NULL, subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, code TEXT NOT NULL, number INTEGER NOT NULL,
      old_part INTEGER NOT NULL, old_whole INTEGER, part INTEGER NOT NULL, whole INTEGER, reason TEXT NOT NULL, corrected_at BIGINT NOT NULL, corrected_by TEXT NOT NULL,
      FOREIGN KEY (appraisal_id, subject_kind, subject_id, code) REFERENCES appraisal_figures (appraisal_id, subject_kind, subject_id, code),
      UNIQUE (appraisal_id, subject_kind, subject_id, code, number))`,
  ],
};
