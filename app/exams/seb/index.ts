/** Safe Exam Browser: its file for a sitting, and the check that requests come from it. */
export { rememberUrl, sebGate } from './seb.http';
export type { SebProof } from './proof';
export { changeExamKeys, quitPassword, sebConfigKey, sebFile, sebHelp, sebLinks, sebPage, sebPasses, sebProofOf, sebStart, type SebLinks } from './seb.service';
