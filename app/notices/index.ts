/** The door of notices: what people are told, when, by which way, in which words, and what proves it. */
export { announceAssignment, announceCredential, announceCredentialChange, announceFinding, announceCorrectedResult, announceLateDecision } from './announce.service';
export { announceExcuse, announcePlace } from './sittings.service';
export { NoticeContent } from './notice';
export { noticeCounts, noticesOf, unreadCount, type Notice } from './notices.repository';
export { markAllRead, markRead } from './reading.service';
export { tell, type ToTell } from './tell.service';
export { remindByHand } from './by-hand.service';
export { planNotices } from './plan.service';
export * from './office';
export * from './rules';
export * from './planning';
export * from './sending';
export * from './proof';
export * from './slips';
export * from './preferences';
export * from './wording';
export * from './calendar';
export { CATEGORIES, OPTIONAL_CATEGORIES, type Category } from './category';
