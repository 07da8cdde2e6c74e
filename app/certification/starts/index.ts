/** Waivers, starts of work, confirmations of rank, and what lies ahead. What pages and other folders may use. */
export { WAIVER_DAYS, WAIVER_STATES, type Waiver, type WaiverState } from './waiver';
export { LARGEST_PROOF } from './proof';
export { askWaiver, decideWaiver, openProof, revokeWaiver, withdrawWaiver } from './waiver.service';
export { listedWaivers, waiverForm, waiverPage, waiverStories, type ShownWaiver } from './waiver-page.service';
export { countWaivers, findWaiver, waiversOf } from './waivers.repository';
export { START_BASES, START_STATES, type Start, type StartBasis, type StartState } from './start';
export { cancelStart, decideStart, proposeEmergencyStart, recordStart, recordStartTx, type Recorder, type StartOutcome } from './start.service';
export { allStarts, earliestFor, listedStarts, startForm, startPage, startsOfAppointment, type ShownStart } from './start-page.service';
export { countStarts, findStart, startsAmong, type ListedStart, type StartAmong, type StartFilter } from './starts.repository';
export { PROBATION_MONTHS, probationEnds } from './confirmation';
export { cancelConfirmation, recordConfirmation } from './confirmation.service';
export { confirmationPage, listedProbations, type ConfirmationStanding, type Probation } from './confirmation-page.service';
export type { Ground, GroundProgramme } from './ground';
export { missingIn, shownGround, type ShownGround } from './shown-ground.service';
export { outlookOf, type Outlook } from './outlook.service';
export { RELEASE_WORKING_DAYS, STUDY_MINUTES_A_DAY, type Earliest } from './earliest-start';
export type { Pending, Provisional } from './provisional';
export { outlooksOf } from './own-outlook.service';
