/** The door of marking: from responses to a result that is known. */
export { gradeAttempt, sweep } from './grade.service';
export { regradeAttempt, regradePreview, type RegradePreview } from './regrade.service';
export { releaseAll, releaseLetGo, releaseResult } from './release.service';
export { passedBefore, resultOf, resultsOf } from './result.repository';
export { resultPage, type ReviewedItem } from './result-page.service';
export { CORRECTION_KINDS, type CorrectionKind } from './mark';
export type { Changed, Effect } from './correction';
export type { CorrectionState, KeyCorrection } from './correction.repository';
export {
  applyCorrection, askCorrection, correctionsFor, correctionsToDecide, decideOnCorrection, openCorrection, previewCorrection, sweepCorrections, withdrawCorrection, type CorrectionPage,
} from './correction.service';
