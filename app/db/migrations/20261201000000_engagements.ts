import type { Migration } from '../migrate';

/** Days on which somebody is expected elsewhere: nobody can sit an exam and attend a course at once. */
export const engagements: Migration = {
  name: '20261201000000_engagements',
  statements: [
    `CREATE TABLE engagements (
      ref TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES persons (id), title TEXT NOT NULL,
      from_on TEXT NOT NULL, until_on TEXT NOT NULL, PRIMARY KEY (ref, person_id), CHECK (until_on >= from_on))`,
    `CREATE INDEX engagements_person ON engagements (person_id, until_on)`,
    `INSERT INTO engagements (ref, person_id, title, from_on, until_on)
      SELECT e.id, t.person_id, e.title, e.from_on, e.until_on FROM event_attendance t JOIN classroom_events e ON e.id = t.event_id WHERE e.state = 'planned'`,
  ],
};
