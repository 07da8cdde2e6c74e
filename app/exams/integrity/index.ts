/** Integrity: what is observed during an attempt, and what people find about it. */
export { observationsEndpoint } from './observations.http';
export { noticeAddress, noticedRecorded, noticeOtherDevice, noticeSave, recordObservations } from './observation.service';
export { recordedObservations, type RecordedObservation } from './observation.repository';
export { sumUp, type ObservationSum } from './observation';
export { APPEAL_DAYS, CONSEQUENCES, FINDING_STATES, HEARING_DAYS, type Consequence, type FindingState } from './finding';
export { findFinding, findingsAbout, findingsOfAttempt, openFinding, type StoredFinding } from './finding.repository';
export { answerFinding, appealFinding, decideAppeal, decideFinding, proposeFinding, settleFinding, sweepFindings } from './finding.service';
export { judgedFinding, listFindings, ownFinding, ownFindings, ownRecord, proposalPage } from './finding-page.service';
