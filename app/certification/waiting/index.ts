/** What waits for somebody's decision, of every kind. */
export { isWaitingKind, WAITING_KINDS, type WaitingKind } from './kinds';
export { waitingCounts, waitingThings, type WaitingCount, type WaitingThing } from './waiting.repository';
