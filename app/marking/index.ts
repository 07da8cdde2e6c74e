/** The door of marking: from responses to a result that is known. */
export { gradeAttempt, sweep } from './grade.service';
export { releaseAll, releaseResult } from './release.service';
export { resultOf, resultsOf } from './result.repository';
export { resultPage } from './result-page.service';
