import type { Migration } from '../migrate';

/** How a due date came about, and what a change of the working calendar moved. */
export const calendarChanges: Migration = {
  name: '20261201120000_calendar_changes',
  statements: [
    // rule: by the programme's rule; renewal: by the end of what it renews; decision: somebody set it, or moved that end.
    `ALTER TABLE assignments ADD COLUMN due_by TEXT NOT NULL DEFAULT 'rule' CHECK (due_by IN ('rule', 'renewal', 'decision'))`,
    `UPDATE assignments SET due_by = 'renewal' WHERE follows IS NOT NULL AND counts_from IS NOT NULL AND id NOT IN (SELECT to_assignment_id FROM programme_move_rows WHERE to_assignment_id IS NOT NULL)`,
    `UPDATE assignments SET due_by = 'decision' WHERE id IN (SELECT r.to_assignment_id FROM programme_move_rows r JOIN programme_moves m ON m.id = r.move_id AND m.due_on IS NOT NULL WHERE r.to_assignment_id IS NOT NULL)
      OR follows IN (SELECT assignment_id FROM extensions WHERE state = 'granted')
      OR EXISTS (SELECT 1 FROM assignment_exceptions e WHERE e.appointment_id = assignments.appointment_id AND e.programme_version_id = assignments.programme_version_id AND e.decision = 'new-due')`,
    `CREATE TABLE calendar_changes (
      id TEXT PRIMARY KEY, first_day TEXT NOT NULL, last_day TEXT NOT NULL, working INTEGER CHECK (working IN (0, 1)), note TEXT NOT NULL,
      made_at BIGINT NOT NULL, made_by TEXT NOT NULL, seen INTEGER NOT NULL, moved INTEGER NOT NULL DEFAULT 0,
      state TEXT NOT NULL CHECK (state IN ('running', 'checking', 'done')), after_id TEXT NOT NULL DEFAULT '', ended_at BIGINT, version INTEGER NOT NULL DEFAULT 1,
      CHECK (last_day >= first_day), CHECK ((state = 'done') = (ended_at IS NOT NULL)))`,
    `CREATE INDEX calendar_changes_made ON calendar_changes (made_at)`,
    `CREATE INDEX calendar_changes_open ON calendar_changes (made_at) WHERE state <> 'done'`,
  ],
};
