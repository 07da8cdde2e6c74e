/** Badges: credentials as signed files that anybody can check, also where nobody can ask us. */
export { isBadgeForm, readBadge, signedBadge, type BadgeFile, type BadgeForm } from './badge.service';
export { issuerDocument, rotateKey, signingKey } from './keys.service';
export { allKeys, type KeyRecord } from './keys.repository';
export { forgetLists, statusList, TTL as STATUS_TTL, type PublishedList } from './status-list.service';
export { MAX_UPLOAD, verifyBadge, type BadgeFacts, type FileCheck, type UploadKind, type Verdict } from './verify.service';
