/** The door of marking: from responses to a result that is known. */
export { gradeAttempt, sweep } from './grade.service';
export { regradeAttempt, regradePreview, type RegradePreview } from './regrade.service';
export { releaseAll, releaseLetGo, releaseResult } from './release.service';
export { resultOf, resultsOf } from './result.repository';
export { resultPage, type ReviewedItem } from './result-page.service';
