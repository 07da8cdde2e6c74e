/** What is done with credentials: acts, issuers, templates, bulk runs, the log of checks. */
export {
  askRevocation, carryOutRevocation, correctCredential, refuseRevocation, reinstateCredential, suspendCredential, withdrawRevocation,
} from './acts.service';
export { actsOf, anotherDecides, askedActs, decidedActs, findAct, openActs, type CredentialAct } from './acts.repository';
export { CORRECTABLE, REINSTATE_REASONS, SUSPEND_REASONS, type Correction } from './reasons';
export { isLive, standingOn, type CredentialState, type Standing as CredentialStanding } from './state';
export { allIssuers, type Issuer } from './issuers.repository';
export { endIssuer, makeIssuer, renameIssuer } from './issuers.service';
export { OPTIONAL_FACTS, ORIENTATIONS, PALETTE_NAMES, STANDARD, TemplateWords, type TemplateContent } from './template';
export { MAX_EMBLEM } from './emblem';
export { allTemplates, templateVersions, type Template, type TemplateVersion } from './templates.repository';
export {
  changeDraft, makeDraft, makeTemplate, missingInPreview, openTemplate, previewPdf, previewSvg, publishTemplate, type EmblemChoice, type TemplateWithVersions,
} from './templates.service';
export { failedItems, latestRuns, listedItems, previewRun, type CredentialRun, type RunFilter } from './runs.repository';
export { continueRun, openRun, pdfsOfRun, resumeRun, retryRun, startRun, stopRun } from './runs.service';
export { settleGrounds } from './grounds.service';
export { zipped } from './zip';
export { checksOf, type CheckWay, type LoggedCheck } from './checks.repository';
export { eventsOfCredential, type CredentialEvent } from './history.repository';
export { holderOf, programmeChoices } from './printed.repository';
export { numberOfPdf } from './pdfs.repository';
export { credentialNumber } from './issuer';
