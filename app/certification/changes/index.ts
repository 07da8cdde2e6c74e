/** What changed about clearances, in an order in which nobody misses anything. */
export { CHANGE_KINDS, type ChangeKind, type ToldState } from './change';
export { changesAfter, changesByIds, lastSequence, sequenceBefore, type ClearanceChange } from './changes.repository';
export { numberChanges } from './changes.service';
