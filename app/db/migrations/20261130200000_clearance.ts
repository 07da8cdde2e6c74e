import type { Migration } from '../migrate';

/**
 * Programmes as data, clearances with an end, waivers and starts. SQLite cannot change a CHECK or a UNIQUE of a table,
 * so those are made anew, children dropped before their parents; renaming the new ones carries the references along.
 */
export const clearance: Migration = {
  name: '20261130200000_clearance',
  statements: [
    `CREATE TABLE programme_versions_new (
      id TEXT PRIMARY KEY, programme_id TEXT NOT NULL REFERENCES programmes (id), number INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
      title_zh TEXT NOT NULL, title_en TEXT NOT NULL,
      gate TEXT NOT NULL CHECK (gate IN ('before-start-of-duty', 'before-confirmation', 'none')),
      due_rule TEXT NOT NULL, applies_to TEXT NOT NULL, tree TEXT NOT NULL, validity TEXT NOT NULL, effective_on TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
      created_at BIGINT NOT NULL, created_by TEXT NOT NULL, published_at BIGINT, published_by TEXT,
      version INTEGER NOT NULL DEFAULT 1, UNIQUE (programme_id, number))`,
    `INSERT INTO programme_versions_new (id, programme_id, number, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, effective_on,
        created_at, created_by, published_at, published_by)
      SELECT id, programme_id, number, 'published', title_zh, title_en, gate,
        '{"kind":"before-start","workingDays":' || due_working_days || '}', applies_to, '{"kind":"all"}', '{"kind":"for-ever"}', effective_on,
        created_at, 'system:certification', created_at, 'system:certification' FROM programme_versions`,
    `CREATE TABLE requirements_new (
      id TEXT PRIMARY KEY, programme_version_id TEXT NOT NULL REFERENCES programme_versions_new (id), code TEXT NOT NULL,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('course', 'exam', 'credential', 'hours', 'event', 'external', 'declaration')),
      course_id TEXT REFERENCES courses (id), exam_id TEXT REFERENCES exams (id), programme_id TEXT REFERENCES programmes (id),
      target TEXT, params TEXT NOT NULL DEFAULT '{}', UNIQUE (programme_version_id, code))`,
    `INSERT INTO requirements_new (id, programme_version_id, code, position, kind, course_id, exam_id)
      SELECT id, programme_version_id, code, position, kind, course_id, exam_id FROM requirements`,
    // A cycle is a row of its own: what is renewed is never reset.
    `CREATE TABLE assignments_new (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      appointment_id TEXT NOT NULL REFERENCES appointments (id),
      programme_version_id TEXT NOT NULL REFERENCES programme_versions_new (id),
      cycle INTEGER NOT NULL DEFAULT 1 CHECK (cycle > 0), follows TEXT REFERENCES assignments_new (id), counts_from TEXT,
      assigned_at BIGINT NOT NULL, due_on TEXT NOT NULL, start_of_duty TEXT NOT NULL, ended_at BIGINT,
      version INTEGER NOT NULL DEFAULT 1, UNIQUE (appointment_id, programme_version_id, cycle))`,
    `INSERT INTO assignments_new (id, person_id, appointment_id, programme_version_id, assigned_at, due_on, start_of_duty, ended_at, version)
      SELECT id, person_id, appointment_id, programme_version_id, assigned_at, due_on, start_of_duty, ended_at, version FROM assignments`,
    `CREATE TABLE credentials_new (
      id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, check_code TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES persons (id),
      assignment_id TEXT NOT NULL REFERENCES assignments_new (id), snapshot TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('valid', 'suspended', 'revoked', 'superseded')),
      issued_at BIGINT NOT NULL, valid_from TEXT, valid_until TEXT, pdf_file TEXT,
      state_reason TEXT, state_cause TEXT CHECK (state_cause IN ('personnel', 'rule')), state_at BIGINT NOT NULL,
      replaces TEXT REFERENCES credentials_new (id), version INTEGER NOT NULL DEFAULT 1)`,
    `INSERT INTO credentials_new (id, number, check_code, person_id, assignment_id, snapshot, state, issued_at, valid_until, pdf_file,
        state_reason, state_cause, state_at, replaces)
      SELECT id, number, check_code, person_id, assignment_id, snapshot, state, issued_at, valid_until, pdf_file,
        state_reason, state_cause, state_at, replaces FROM credentials ORDER BY issued_at, number`,
    `CREATE TABLE clearances_new (
      assignment_id TEXT PRIMARY KEY REFERENCES assignments_new (id), person_id TEXT NOT NULL REFERENCES persons (id),
      appointment_id TEXT NOT NULL REFERENCES appointments (id),
      gate TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('cleared', 'waived', 'not-cleared')), may_start_on TEXT, cleared_until TEXT,
      due_on TEXT NOT NULL, start_of_duty TEXT NOT NULL, withdrawn_on TEXT,
      done INTEGER NOT NULL, total INTEGER NOT NULL, periods TEXT NOT NULL DEFAULT '[]', requirements TEXT NOT NULL, computed_at BIGINT NOT NULL)`,
    `INSERT INTO clearances_new (assignment_id, person_id, appointment_id, gate, status, may_start_on, due_on, start_of_duty, withdrawn_on,
        done, total, periods, requirements, computed_at)
      SELECT assignment_id, person_id, appointment_id, 'before-start-of-duty', status, may_start_on, due_on, start_of_duty, withdrawn_on, done, total,
        CASE WHEN may_start_on IS NULL THEN '[]' ELSE '[{"from":"' || may_start_on || '","until":null,"basis":"evidence"}]' END,
        requirements, computed_at FROM clearances`,
    `CREATE TABLE evidence_new (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id),
      kind TEXT NOT NULL CHECK (kind IN ('course-completion', 'exam-result', 'credential', 'hours', 'event-attendance', 'external', 'declaration')),
      ref TEXT NOT NULL, target_id TEXT NOT NULL, passed INTEGER NOT NULL, at BIGINT NOT NULL, valid_until TEXT, facts TEXT NOT NULL,
      UNIQUE (kind, ref))`,
    `INSERT INTO evidence_new (id, person_id, kind, ref, target_id, passed, at, facts)
      SELECT id, person_id, kind, ref, target_id, passed, at, facts FROM evidence`,
    `DROP TABLE evidence`,
    `DROP TABLE clearances`,
    `DROP TABLE credentials`,
    `DROP TABLE assignments`,
    `DROP TABLE requirements`,
    `DROP TABLE programme_versions`,
    `ALTER TABLE programme_versions_new RENAME TO programme_versions`,
    `ALTER TABLE requirements_new RENAME TO requirements`,
    `ALTER TABLE assignments_new RENAME TO assignments`,
    `ALTER TABLE credentials_new RENAME TO credentials`,
    `ALTER TABLE clearances_new RENAME TO clearances`,
    `ALTER TABLE evidence_new RENAME TO evidence`,
    `CREATE INDEX assignments_person ON assignments (person_id)`,
    `CREATE UNIQUE INDEX assignments_follows ON assignments (follows)`,
    `CREATE INDEX credentials_person ON credentials (person_id)`,
    `CREATE INDEX credentials_assignment ON credentials (assignment_id)`,
    `CREATE UNIQUE INDEX credentials_one_valid ON credentials (assignment_id) WHERE state IN ('valid', 'suspended')`,
    `CREATE UNIQUE INDEX credentials_replaces ON credentials (replaces)`,
    `CREATE INDEX clearances_status ON clearances (status, due_on)`,
    `CREATE INDEX clearances_start ON clearances (status DESC, start_of_duty, assignment_id)`,
    `CREATE INDEX clearances_person ON clearances (person_id)`,
    `CREATE INDEX clearances_until ON clearances (cleared_until)`,
    `CREATE INDEX evidence_person ON evidence (person_id, target_id)`,

    // Asked for by one person, decided by another, for a time; never silent.
    `CREATE TABLE waivers (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), assignment_id TEXT NOT NULL REFERENCES assignments (id),
      requirement_code TEXT, state TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'refused', 'withdrawn', 'revoked')),
      valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, reason TEXT NOT NULL, proof TEXT NOT NULL, proof_file TEXT, conditions TEXT NOT NULL DEFAULT '',
      asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, decision_reason TEXT,
      revoked_at BIGINT, revoked_by TEXT, revoke_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (valid_until >= valid_from), CHECK (decided_by IS NULL OR decided_by <> asked_by))`,
    `CREATE INDEX waivers_assignment ON waivers (assignment_id)`,
    `CREATE INDEX waivers_state ON waivers (state, asked_at)`,
    // That somebody started, on what ground, as it was known then.
    `CREATE TABLE starts (
      id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES persons (id), appointment_id TEXT NOT NULL REFERENCES appointments (id),
      started_on TEXT NOT NULL, basis TEXT NOT NULL CHECK (basis IN ('clearance', 'waiver', 'emergency')),
      state TEXT NOT NULL CHECK (state IN ('proposed', 'recorded', 'refused', 'cancelled')),
      ground TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL,
      decided_at BIGINT, decided_by TEXT, decision_reason TEXT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (basis <> 'emergency' OR decided_by IS NULL OR decided_by <> asked_by))`,
    `CREATE UNIQUE INDEX starts_one ON starts (appointment_id) WHERE state IN ('proposed', 'recorded')`,
    `CREATE INDEX starts_state ON starts (state, basis, started_on)`,
    // What cannot be fulfilled as it stands; somebody must decide.
    `CREATE TABLE assignment_exceptions (
      id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('due-before-assigned', 'no-sitting-left', 'contradiction')),
      person_id TEXT NOT NULL REFERENCES persons (id), appointment_id TEXT NOT NULL REFERENCES appointments (id),
      programme_version_id TEXT NOT NULL REFERENCES programme_versions (id), detail TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'gone')), found_at BIGINT NOT NULL,
      decision TEXT, reason TEXT, decided_at BIGINT, decided_by TEXT, version INTEGER NOT NULL DEFAULT 1,
      UNIQUE (kind, appointment_id, programme_version_id))`,
    `CREATE INDEX assignment_exceptions_state ON assignment_exceptions (state, found_at)`,
    // To answer "as we knew it on" from an index alone.
    `CREATE INDEX ledger_events_person_kind ON ledger_events (person_id, kind, recorded_at)`,
  ],
};
