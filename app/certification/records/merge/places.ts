/** A table whose rows belong to a person, and what merging does with them. */
export interface Place {
  table: string;
  /** What names a row among those of one person. */
  key: string;
  /** Rows `t` of the merged record for which this holds stay where they are, because the surviving record has its own. */
  stays?: string;
}

const taken = (table: string, ...same: string[]): string =>
  `EXISTS (SELECT 1 FROM ${table} s WHERE s.person_id = $survivor AND ${same.map((column) => `s.${column} = t.${column}`).join(' AND ')})`;
const WAITS = `('booked', 'waiting')`;

/**
 * Everything that moves, parents first. Histories are not rewritten: only whose row it is changes, and each row that
 * moved is listed, so that parting gives back exactly those. The ledger keeps telling whose it was when.
 */
export const PLACES: readonly Place[] = [
  { table: 'identifiers', key: 'id' },
  { table: 'appointments', key: 'id' },
  { table: 'transfers', key: 'id' },
  { table: 'starts', key: 'id' },
  { table: 'confirmations', key: 'id' },
  { table: 'assignments', key: 'id' },
  { table: 'assignment_exceptions', key: 'id' },
  { table: 'waivers', key: 'id' },
  { table: 'declarations', key: 'id' },
  { table: 'credentials', key: 'id' },
  { table: 'clearances', key: 'assignment_id' },
  { table: 'external_evidence', key: 'id' },
  { table: 'past_import_rows', key: 'id' },
  { table: 'event_attendance', key: 'id', stays: taken('event_attendance', 'event_id') },
  { table: 'engagements', key: 'ref', stays: taken('engagements', 'ref') },
  // The same course twice: the second copy stays, with its completion; that it was completed counts all the same, as evidence.
  { table: 'enrolments', key: 'id', stays: taken('enrolments', 'course_id', 'round') },
  { table: 'completions', key: 'id', stays: `EXISTS (SELECT 1 FROM enrolments e JOIN enrolments s ON s.course_id = e.course_id AND s.round = e.round WHERE e.id = t.enrolment_id AND s.person_id = $survivor)` },
  // Hours for the same course count once.
  {
    table: 'hour_entries', key: 'id',
    stays: `t.kind = 'online-course' AND EXISTS (SELECT 1 FROM completions c JOIN completions s ON s.course_id = c.course_id WHERE c.id = t.ref AND s.person_id = $survivor)`,
  },
  {
    table: 'evidence', key: 'id',
    stays: `t.kind = 'hours' AND EXISTS (SELECT 1 FROM hour_entries h JOIN completions c ON c.id = h.ref JOIN completions s ON s.course_id = c.course_id
      WHERE h.id = t.ref AND h.kind = 'online-course' AND s.person_id = $survivor)`,
  },
  // A paper that was prepared and never begun; the surviving record has its own.
  { table: 'attempts', key: 'id', stays: `t.state = 'prepared'` },
  { table: 'results', key: 'attempt_id' },
  { table: 'findings', key: 'id' },
  { table: 'bookings', key: 'id', stays: `t.state IN ${WAITS} AND EXISTS (SELECT 1 FROM bookings s WHERE s.person_id = $survivor AND s.sitting_id = t.sitting_id AND s.state IN ${WAITS})` },
  { table: 'excuses', key: 'id' },
  { table: 'accommodations', key: 'id' },
  { table: 'exam_renewals', key: 'exam_id', stays: taken('exam_renewals', 'exam_id') },
  { table: 'dispatches', key: 'id', stays: `t.kind = 'digest' AND EXISTS (SELECT 1 FROM dispatches s WHERE s.person_id = $survivor AND s.kind = 'digest' AND s.day = t.day)` },
  { table: 'notices', key: 'id', stays: taken('notices', 'step') },
  { table: 'scim_members', key: 'group_id', stays: taken('scim_members', 'group_id') },
];

/** Tables with a `person_id` that merging leaves alone, and why. */
export const LEFT_ALONE: Readonly<Record<string, string>> = {
  notice_preferences: 'the surviving record has its own, or the rules of the house hold',
  bad_addresses: 'what an address refused is about the address of that record',
  calendar_addresses: 'the address leads to the record that it was made for',
  accounts: 'two accounts cannot be one; the other is closed and its names lead to the surviving one',
  hour_carries: 'what a closed year passed on is frozen',
  appraisal_people: 'figures for evaluations are frozen',
  hour_differences: 'a report on a day',
  hiring_rows: 'what was answered on a day; asked again, the number leads to the surviving record',
  ledger_events: 'the ledger is never rewritten',
  person_likeness: 'each record is recognised by what it says itself',
  scim_users: 'what a directory says of each of its own entries',
  scim_changes: 'what a directory did on its day',
  roster_numbers: 'what a roster did on its day',
  roster_plans: 'what a roster did on its day',
  roster_rows: 'what a roster did on its day',
  webhook_deliveries: 'what is sent in order is sent in the order of whom it was about',
  clearance_changes: 'what other systems were told stays what they were told; whose it is now is read from the assignment',
  person_keys: 'each record keeps the key that its events were encrypted with',
};

const ofMerged = (table: string): string => `(SELECT id FROM ${table} WHERE person_id = $merged)`;

/** What came to be after the merge follows, at the parting, what it belongs to. In this order. */
export const FOLLOWERS: readonly { table: string; where: string }[] = [
  { table: 'transfers', where: `appointment_id IN ${ofMerged('appointments')}` },
  // Whoever was taken over in between went there from an appointment of the merged record.
  { table: 'appointments', where: `id IN (SELECT new_appointment_id FROM transfers WHERE person_id = $merged)` },
  ...['assignments', 'starts', 'confirmations', 'assignment_exceptions', 'transfers'].map((table) => ({ table, where: `appointment_id IN ${ofMerged('appointments')}` })),
  ...['credentials', 'clearances', 'waivers', 'declarations'].map((table) => ({ table, where: `assignment_id IN ${ofMerged('assignments')}` })),
  { table: 'completions', where: `enrolment_id IN ${ofMerged('enrolments')}` },
  { table: 'bookings', where: `id IN (SELECT later_booking_id FROM excuses WHERE person_id = $merged)` },
  // A paper that was prepared and never begun is nobody's work: whoever comes with the place gets their own.
  { table: 'attempts', where: `state <> 'prepared' AND booking_id IN ${ofMerged('bookings')}` },
  ...['results', 'findings'].map((table) => ({ table, where: `attempt_id IN ${ofMerged('attempts')}` })),
  { table: 'excuses', where: `booking_id IN ${ofMerged('bookings')}` },
  // Attendance that was corrected is entered again under the attendance's id with a number behind it.
  {
    table: 'hour_entries',
    where: `ref IN ${ofMerged('completions')} OR ref IN ${ofMerged('attempts')} OR ref IN ${ofMerged('past_import_rows')} OR SUBSTR(ref, 1, 36) IN ${ofMerged('event_attendance')}`,
  },
  {
    table: 'evidence',
    where: ['attempts', 'completions', 'external_evidence', 'declarations', 'event_attendance', 'past_import_rows', 'hour_entries', 'credentials']
      .map((table) => `ref IN ${ofMerged(table)}`).join(' OR '),
  },
];
