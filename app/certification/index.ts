/** The door of certification: who may start work, why (not), and what proves it. */
export { clearance, type Clearance, type Evidence, type Reason, type Requirement, type RequirementOutcome } from './clearance';
export { dueOn } from './due-date';
export { openReason, type Progress } from './progress';
export { ensureStandardProgramme } from './programme.service';
export { assignFor } from './assignment.service';
export { credentialsRestingOn, recordCompletion, recordResult, withdrawResult } from './evidence.service';
export { ensurePdf, issueCredential, issueUnprinted, requestPdf } from './credential.service';
export { REVOKE_REASONS, type RevokeReason } from './withdrawal';
export { checkAddress, prints, readCheckCode, readNumber, type Snapshot } from './credential';
export { openCredential, pdfReady, readPdf } from './credential-page.service';
export { qrPath, type QrPath } from './qr-path';
export { credentialByNumber, credentialsOf, findCredential, successorOf, type Credential } from './credentials.repository';
export {
  checkCredential, factsOfNumber, factsOfPdf, linksOf, mayCheck, noteCheck, statusOf, type CredentialCheck, type CredentialStatus, type Proof,
} from './credential-check.service';
export * from './credentials';
export { missingCharacters, MissingCharactersError } from '~/pdf';
export { myDuties, type Duty, type DutyRequirement, type LessonToRead } from './duties.service';
export type { NextStep } from './next-step';
export { allRecruits, recruitList, RECRUITS_PER_PAGE, type Recruit, type RecruitPage } from './recruits.service';
export { countRecruits, intakesInScope, recruitCounts, RECRUIT_STATUSES, type RecruitCounts, type RecruitFilter, type RecruitState, type RecruitStatus } from './recruits.repository';
export { openClearance, type ClearancePage, type ClearanceQuery, type ClearanceView, type ViewedRequirement } from './clearance-page.service';
export type { TimelineEntry, TimelineKind } from './timeline.repository';
export { hoursOf, type HourEntry, type Hours } from './hours/of-year.repository';
export * from './hours';
export { rebuildProjections, type Difference } from './rebuild.service';
export { plansOfAsKnown } from './plans.repository';
export { clearanceAsKnown, gateAsKnown, type AsKnown } from './as-known.service';
export type { GateAnswer, JudgedAssignment } from './known';
export { sweep } from './sweep.service';
export { findAssignment, type Assignment } from './assignments.repository';
export * from './records';
export * from './validity';
export * from './badges';
export * from './starts';
export * from './waiting';
export * from './programmes';
export * from './hiring';
