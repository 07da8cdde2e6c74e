/** What others may use of the answers' evidence: closing, the device's key, the answer file, adjudication. */
export { closesAfter } from './closing';
export { answerKey } from './answer-key';
export { MAX_ANSWER_FILE, openAnswerFile, type AnswerFile } from './answer-file';
export { acceptAnswerFile, previewAnswerFile, type FilePreview } from './answer-file.service';
export type { FileOutcome } from './answer-file.repository';
export { decideLate, lateEvidence, lateOutcome, lateToDecide, mayAdjudicate, type LateEvidence } from './adjudication.service';
export type { Counting } from './late';
export { findLateDecision } from './late.repository';
export { lockGraded } from './ended.repository';
export { valuesOf } from '../grading.service';
