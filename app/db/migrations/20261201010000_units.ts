import type { Migration } from '../migrate';

/**
 * Organisations that move, merge, close and change their names, each with the day from which it holds; appointments of
 * several natures with a planned end; applications that feed the register from outside.
 */
export const units: Migration = {
  name: '20261201010000_units',
  statements: [
    // The first day on which the organisation no longer is one to appoint to.
    `ALTER TABLE organisations ADD COLUMN closed_on TEXT`,
    // Where an organisation stood and what it was called, each from a day until the next one. What was there before this was kept has always been so.
    `CREATE TABLE organisation_places (
      organisation_id TEXT NOT NULL REFERENCES organisations (id), from_on TEXT NOT NULL, parent_id TEXT REFERENCES organisations (id), path TEXT NOT NULL,
      PRIMARY KEY (organisation_id, from_on))`,
    `CREATE INDEX organisation_places_day ON organisation_places (from_on)`,
    `INSERT INTO organisation_places (organisation_id, from_on, parent_id, path) SELECT id, '0001-01-01', parent_id, path FROM organisations`,
    `CREATE TABLE organisation_names (
      organisation_id TEXT NOT NULL REFERENCES organisations (id), from_on TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (organisation_id, from_on))`,
    `INSERT INTO organisation_names (organisation_id, from_on, name) SELECT id, '0001-01-01', name FROM organisations`,
    `CREATE TABLE organisation_changes (
      id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('move', 'merge')),
      organisation_id TEXT NOT NULL REFERENCES organisations (id), target_id TEXT NOT NULL REFERENCES organisations (id),
      effective_on TEXT NOT NULL, roles TEXT NOT NULL CHECK (roles IN ('keep', 'end', 'carry')),
      state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'withdrawn', 'failed')), reason TEXT NOT NULL,
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, ended_at BIGINT, ended_by TEXT, end_reason TEXT, problem TEXT,
      version INTEGER NOT NULL DEFAULT 1, CHECK (organisation_id <> target_id))`,
    `CREATE UNIQUE INDEX organisation_changes_one ON organisation_changes (organisation_id) WHERE state = 'planned'`,
    `CREATE INDEX organisation_changes_due ON organisation_changes (state, effective_on)`,
    `CREATE INDEX organisation_changes_target ON organisation_changes (target_id, state)`,

    `ALTER TABLE appointments ADD COLUMN nature TEXT NOT NULL DEFAULT 'main' CHECK (nature IN ('main', 'concurrent', 'secondment'))`,
    // The last day that is planned; ended_on is set once it is over.
    `ALTER TABLE appointments ADD COLUMN ends_on TEXT CHECK (ends_on IS NULL OR ends_on >= start_of_duty)`,
    `ALTER TABLE appointments ADD COLUMN superior_id TEXT REFERENCES persons (id)`,
    `UPDATE appointments SET ends_on = (SELECT MAX(t.ends_on) FROM transfers t WHERE t.appointment_id = appointments.id AND t.state = 'accepted' AND t.ends_on >= appointments.start_of_duty)
      WHERE ended_on IS NULL`,
    `UPDATE appointments SET nature = 'concurrent' WHERE ended_on IS NULL AND ends_on IS NULL AND EXISTS (
      SELECT 1 FROM appointments o WHERE o.person_id = appointments.person_id AND o.ended_on IS NULL AND o.ends_on IS NULL
        AND (o.start_of_duty < appointments.start_of_duty OR (o.start_of_duty = appointments.start_of_duty AND o.id < appointments.id)))`,
    // Two with a planned end can follow each other, which no index of both databases can tell: the program looks at those.
    `CREATE UNIQUE INDEX appointments_one_main ON appointments (person_id) WHERE nature = 'main' AND ended_on IS NULL AND ends_on IS NULL`,
    `CREATE INDEX appointments_ending ON appointments (ends_on)`,
    `CREATE INDEX appointments_superior ON appointments (superior_id)`,
    // Which organisation an appointment belonged to before: it goes on elsewhere from that day, alone or because its organisation was merged.
    `CREATE TABLE appointment_moves (
      appointment_id TEXT NOT NULL REFERENCES appointments (id), moved_on TEXT NOT NULL, change_id TEXT REFERENCES organisation_changes (id),
      from_organisation_id TEXT NOT NULL REFERENCES organisations (id), to_organisation_id TEXT NOT NULL REFERENCES organisations (id),
      PRIMARY KEY (appointment_id, moved_on))`,
  ],
};
