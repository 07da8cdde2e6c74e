/** The door of audit: reads the ledger that `app/db` appends to, seals it and verifies the seals. */
export { eventsOf, eventsAbout, eventsOfChanges, ledgerCount, type RecordedEvent } from './ledger.repository';
export { namesOf } from './names.repository';
export { isSealed, sealLedger, verifyLedger, type Verification } from './seal.service';
