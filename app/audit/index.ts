/** The door of audit: reads the ledger that `app/db` appends to. */
export { eventsOf, eventsAbout, ledgerCount, type RecordedEvent } from './ledger.repository';
export { namesOf } from './names.repository';
