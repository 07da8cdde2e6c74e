/** The door of validity: how long a clearance holds, its renewals, extensions, and recertification by change of law. */
export { expiryOf, isWindowSound, windowOpensOn } from './validity';
export { EXTENSION_MONTHS, EXTENSION_STATES, type ExtensionState } from './extension';
export { askedExtensions, extensionsOf, findExtension, type AskedExtension, type Extension } from './extensions.repository';
export { askExtension, decideExtension, extensionPage, withdrawExtension, type ExtensionPage } from './extensions.service';
export { openWindow, sweepWindows } from './windows.service';
export { ownRenewals, type OwnRenewal } from './own-renewals.service';
export { AHEAD_DAYS, renewalCounts, renewalPage, RENEWAL_STATES, type Renewal, type RenewalFilter, type RenewalState } from './renewals.repository';
export { OUTCOMES, type Exemption, type Numbers, type Outcome, type Recertification } from './recertification';
export {
  cancelRecertification, planRecertification, previewHolders, recertificationPreviewed, startRecertification,
} from './recertifications.service';
export { findRecertification, listRecertifications, versionsToChoose } from './recertifications.repository';
export { stepRecertification, sweepRecertifications } from './recertification-steps.service';
export { memberCounts, memberPage, MEMBER_STATES, type MemberState } from './members.repository';
export { recertificationShown, type ShownRecertification } from './recertification-page.service';
