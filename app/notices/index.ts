/** The door of notices: what people are told, in the product and by mail. */
export { announceAssignment, announceCredential, announceCredentialChange, announceFinding, announceCorrectedResult, announceLateDecision, planReminders } from './announce.service';
export { announceExcuse, announcePlace } from './sittings.service';
export { deliver } from './deliver.service';
export { dueSteps, ladder, type DueStepsInput, type Step } from './ladder';
export { closeMail } from './mail';
export { noticeCounts, noticesOf, unreadCount, type Notice } from './notices.repository';
export { markAllRead, markRead } from './reading.service';
export type { NoticeContent } from './notice';
