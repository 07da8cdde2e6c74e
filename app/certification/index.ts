/** The door of certification: who may start work, why (not), and what proves it. */
export { clearance, type Clearance, type Evidence, type Reason, type Requirement, type RequirementOutcome } from './clearance';
export { dueOn, type DueInput } from './due-date';
export { openReason, type Progress } from './progress';
export { ensureStandardProgramme } from './programme.service';
export { assignFor } from './assignment.service';
export { credentialsRestingOn, recordCompletion, recordResult, withdrawResult } from './evidence.service';
export {
  ensurePdf, issueCredential, issueUnprinted, requestPdf, revokeCredential,
} from './credential.service';
export { REVOKE_REASONS, type RevokeReason } from './withdrawal';
export { checkAddress, readCheckCode, readNumber, type Snapshot } from './credential';
export { openCredential, pdfReady, readPdf } from './credential-page.service';
export { qrPath, type QrPath } from './qr-path';
export { credentialByNumber, credentialsOf, findCredential, type Credential } from './credentials.repository';
export { checkCredential, mayCheck, type CredentialCheck, type CredentialStatus } from './credential-check.service';
export { missingCharacters, MissingCharactersError } from '~/pdf';
export { myDuties, type Duty, type DutyRequirement, type LessonToRead } from './duties.service';
export type { NextStep } from './next-step';
export { allRecruits, recruitList, RECRUITS_PER_PAGE, type Recruit, type RecruitPage } from './recruits.service';
export { intakesInScope, recruitCounts, RECRUIT_STATUSES, type RecruitCounts, type RecruitFilter, type RecruitState, type RecruitStatus } from './recruits.repository';
export { openClearance, type ClearancePage } from './clearance-page.service';
export type { TimelineEntry, TimelineKind } from './timeline.repository';
export { hoursOf, hourYears, type HourEntry, type Hours } from './hours.repository';
export { rebuildProjections, type Difference } from './rebuild.service';
export { sweep } from './sweep.service';
export { findAssignment, type Assignment } from './assignments.repository';
