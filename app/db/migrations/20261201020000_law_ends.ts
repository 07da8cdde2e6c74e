import type { Migration } from '../migrate';

/** An end that a change of law set says so: for clearances, and for what was issued on them. */
export const lawEnds: Migration = {
  name: '20261201020000_law_ends',
  statements: [
    `ALTER TABLE clearances ADD COLUMN law_until TEXT`,
    // What was limited before is judged anew by the sweep, which fills the column.
    `UPDATE clearances SET changes_on = '2000-01-01' WHERE assignment_id IN (SELECT assignment_id FROM recertification_members WHERE outcome = 'affected')`,
    // Why the present end is not the printed one; null: it is, or an extension or other evidence moved it.
    `ALTER TABLE credentials ADD COLUMN end_cause TEXT CHECK (end_cause IN ('law'))`,
  ],
};
