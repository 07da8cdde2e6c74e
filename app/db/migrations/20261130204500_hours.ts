import type { Migration } from '../migrate';

/** The calendar date at 8 hours east of Greenwich of an instant, in plain integer arithmetic that both databases do alike. */
const dateOf = (from: string): string => `SELECT days.*, y + CASE WHEN m <= 2 THEN 1 ELSE 0 END AS yy, m AS mm, d AS dd FROM (
  SELECT months.*, CASE WHEN mp < 10 THEN mp + 3 ELSE mp - 9 END AS m, doy - (153 * mp + 2) / 5 + 1 AS d FROM (
  SELECT years.*, doe - (365 * yoe + yoe / 4 - yoe / 100) AS doy, (5 * (doe - (365 * yoe + yoe / 4 - yoe / 100)) + 2) / 153 AS mp, yoe + era * 400 AS y FROM (
  SELECT eras.*, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 AS yoe FROM (
  SELECT shifted.*, z / 146097 AS era, z - (z / 146097) * 146097 AS doe FROM (
  SELECT source.*, (source.at + 28800000) / 86400000 + 719468 AS z FROM (${from}) source) shifted) eras) years) months) days`;

/**
 * Learning hours by versioned rules. Entries get their kind, what was entered, what it counts and the calculation;
 * those from before name no rule and are counted anew when the program starts.
 */
export const hours: Migration = {
  name: '20261130204500_hours',
  statements: [
    `CREATE TABLE hour_rules (
      id TEXT PRIMARY KEY, code TEXT NOT NULL, number INTEGER NOT NULL CHECK (number > 0), label TEXT NOT NULL,
      title_zh TEXT NOT NULL, title_en TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'discarded')),
      effective_from TEXT NOT NULL, effective_until TEXT, written TEXT NOT NULL, created_at BIGINT NOT NULL, created_by TEXT NOT NULL,
      published_at BIGINT, published_by TEXT, version INTEGER NOT NULL DEFAULT 1, UNIQUE (code, number))`,
    `CREATE INDEX hour_rules_state ON hour_rules (state, published_at)`,
    `CREATE TABLE hour_entries_new (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      kind TEXT NOT NULL CHECK (kind IN ('online-course', 'exam-passed', 'classroom', 'transfer', 'adjustment')), ref TEXT NOT NULL,
      counts_as TEXT NOT NULL CHECK (counts_as IN ('online-course', 'exam-passed', 'classroom', 'transfer')),
      title_zh TEXT NOT NULL, title_en TEXT NOT NULL, occurred_on TEXT NOT NULL, year INTEGER NOT NULL, at BIGINT NOT NULL,
      minutes INTEGER, days INTEGER, input TEXT NOT NULL, rule_id TEXT REFERENCES hour_rules (id),
      converted INTEGER NOT NULL, hundredths INTEGER NOT NULL, counted_days INTEGER NOT NULL, off_the_job INTEGER NOT NULL, calculation TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('counted', 'annulled', 'held')), reason TEXT,
      entered_at BIGINT NOT NULL, entered_by TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1, UNIQUE (kind, ref))`,
    `INSERT INTO hour_entries_new (id, person_id, kind, ref, counts_as, title_zh, title_en, occurred_on, year, at, minutes, days, input, rule_id,
        converted, hundredths, counted_days, off_the_job, calculation, status, entered_at, entered_by)
      SELECT id, person_id, 'online-course', completion_id, 'online-course', title_zh, title_en,
        yy || '-' || CASE WHEN mm < 10 THEN '0' ELSE '' END || mm || '-' || CASE WHEN dd < 10 THEN '0' ELSE '' END || dd, yy, at, minutes, NULL,
        '{}', NULL, 0, 0, 0, 0, '[]', 'counted', at, 'system:certification'
      FROM (${dateOf(`SELECT h.id, h.person_id, h.completion_id, v.title_zh, v.title_en, h.minutes, h.at
        FROM hour_entries h JOIN completions c ON c.id = h.completion_id JOIN course_versions v ON v.id = c.course_version_id`)}) dated`,
    `DROP TABLE hour_entries`,
    `ALTER TABLE hour_entries_new RENAME TO hour_entries`,
    `CREATE INDEX hour_entries_person ON hour_entries (person_id, year)`,
    `CREATE INDEX hour_entries_year ON hour_entries (year, person_id)`,
    `CREATE INDEX hour_entries_held ON hour_entries (status, entered_at)`,
    // Asked for by one administrator, closed by another.
    `CREATE TABLE hour_years (
      year INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('asked', 'closed', 'refused')), reason TEXT NOT NULL DEFAULT '',
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (decided_by IS NULL OR decided_by <> asked_by))`,
    `CREATE TABLE hour_carries (
      person_id TEXT NOT NULL REFERENCES persons (id), year INTEGER NOT NULL, target TEXT NOT NULL, hundredths INTEGER NOT NULL,
      PRIMARY KEY (person_id, year, target))`,
    // Long work in steps: what a draft would change, what a published version changes, what a closed year passes on.
    `CREATE TABLE hour_runs (
      id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('difference', 'recount', 'close')), rule_id TEXT REFERENCES hour_rules (id), year INTEGER,
      state TEXT NOT NULL CHECK (state IN ('running', 'done')), after_person TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL,
      started_at BIGINT NOT NULL, started_by TEXT NOT NULL, finished_at BIGINT)`,
    `CREATE INDEX hour_runs_state ON hour_runs (state, started_at)`,
    `CREATE INDEX hour_runs_rule ON hour_runs (rule_id, started_at)`,
    `CREATE TABLE hour_differences (
      run_id TEXT NOT NULL REFERENCES hour_runs (id), person_id TEXT NOT NULL REFERENCES persons (id), year INTEGER NOT NULL,
      before INTEGER NOT NULL, after INTEGER NOT NULL, PRIMARY KEY (run_id, person_id, year))`,
  ],
};
