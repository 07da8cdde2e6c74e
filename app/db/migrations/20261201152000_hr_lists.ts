import type { Migration } from '../migrate';

/** What the lists of HR's ask for every line: whether somebody has started; which clearances end at all; what the counted hours of a year come to. */
export const hrLists: Migration = {
  name: '20261201152000_hr_lists',
  statements: [
    `CREATE INDEX starts_appointment ON starts (appointment_id, state)`,
    `CREATE INDEX clearances_ending ON clearances (assignment_id) WHERE (cleared_until IS NOT NULL OR expired_on IS NOT NULL)`,
    `CREATE INDEX hour_entries_sums ON hour_entries (person_id, year, counts_as, off_the_job, hundredths, counted_days) WHERE status = 'counted'`,
  ],
};
