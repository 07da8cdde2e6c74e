import type { Migration } from '../migrate';

/** People are found by the first letters of their names and by how their numbers begin; partings by the record that was merged. */
export const peopleSearch: Migration = {
  name: '20261201150000_people_search',
  statements: [
    // Null: not noted yet. A sweep goes through those who were registered before.
    `ALTER TABLE person_likeness ADD COLUMN initials TEXT`,
    `CREATE INDEX person_likeness_initials ON person_likeness (initials)`,
    `CREATE INDEX identifiers_typed ON identifiers (lower(value)) WHERE value IS NOT NULL`,
    // The index that lets a record be merged once holds no partings.
    `CREATE INDEX person_merges_merged ON person_merges (merged_id, state)`,
  ],
};
