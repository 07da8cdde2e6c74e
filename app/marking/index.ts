/** The door of marking: from responses to a result that is known. */
export { gradeAttempt, sweep } from './grade.service';
export { gradePaper, reaches, type Grade, type Mark } from './grade';
export { releaseAll, releaseResult } from './release.service';
export { resultOf, resultsOf, type ExamResult } from './result.repository';
export { resultPage, type ResultPage } from './result-page.service';
