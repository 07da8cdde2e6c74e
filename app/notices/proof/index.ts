/** Proof: what was told to whom, when, by which way, in which words. */
export { countTold, TOLD_STATES, toldInScope, type ToldFilter, type ToldNotice, type ToldState } from './proof.repository';
export { channelNames, openProof, ownNotice, type NoticeProof } from './proof.service';
