/** The door of courses: what is taught, who is enrolled, how far they are, and the course folders. */
export {
  courseList, findCourse, findCourseById, findLesson, shippedItems, countShippedItems, type Course, type CourseFilter,
  type CourseSummary, type LessonSummary,
} from './catalogue.repository';
export type { Access, Audience, Bilingual, ExamSection, LessonCheck, LessonContent } from './content';
export { courseProgress, findEnrolment, lessonStates, type CourseProgress, type Enrolment } from './learning.repository';
export { chooseCourse, enrolTx, isLeader, markLessonRead, openLesson } from './learning.service';
export { courseForReader, mayRead, type CourseForReader, type LessonState } from './reading.service';
export { mayEnrol } from './enrolment-rule';
export { syncCourses, type SyncOutcome } from './sync.service';
export { checkCourses, formatProblems } from './folder/check';
export { readMedia, type MediaFile } from './media';
/** The written form of items and blueprints, on which the item bank stands. */
export {
  itemFaults, ItemBody, ItemKey, ItemType, ITEM_TYPES, MAX_OPTIONS, ORDER_SIZE, plainText, type ItemFault, type ItemFaultCode,
  type WrittenItem,
} from './item';
export {
  availableFor, Blueprint, blueprintItems, BlueprintLine, blueprintPoints, checkBlueprint, fillBlueprint, type BlueprintShortage,
  type ItemCount,
} from './blueprint';
