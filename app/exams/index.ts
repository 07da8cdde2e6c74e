/** The door of exams: taking an exam from start to hand-in, and watching over it. */
export { ATTEMPT_STATES, type Cause } from './attempt-state';
export { stateOfExam } from './exam-state';
export { examForCourse, findExam, findExamBySlug, listExams, type Exam } from './exam.repository';
export { changeSettings, chooseBank, examState, syncExams, type ExamForPerson } from './exam.service';
export { startAttempt } from './start.service';
export { findAttempt, markGraded, markReleased, ungradedAttempts } from './attempt.repository';
export { saveResponses, type Change, type SaveReply } from './save.service';
export { responsesEndpoint } from './responses.http';
export { handIn, closeIfDue, sweepDue } from './hand-in.service';
export { shortHash } from './receipt';
export { checkReceipt } from './receipt.service';
export { findReceipt } from './response.repository';
export { permitTakeover, takeOver, PERMIT_MINUTES } from './device.service';
export { attemptForGrading, type AttemptForGrading } from './grading.service';
export { examsToInvigilate, invigilatedAttempt, invigilatedExam, recordNote } from './invigilation.service';
export { mayInvigilate } from './invigilation.repository';
export { answersTo, openAttempt, paperItems, type PaperItem } from './player.service';
export { deviceOf } from './device-cookie';
