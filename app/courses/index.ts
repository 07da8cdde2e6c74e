/** The door of courses: what is taught, who is enrolled, how far they are, and the course folders. */
export {
  courseList, findCourse, findCourseById, findLesson, shippedItems, countShippedItems, type Course, type CourseSummary,
} from './catalogue.repository';
export type { Access, Audience, Bilingual, LessonContent } from './content';
export { courseProgress, findEnrolment, lessonStates, type CourseProgress } from './learning.repository';
export { chooseCourse, enrolAgainTx, enrolTx, isLeader, markLessonRead, openLesson } from './learning.service';
export { courseForReader, mayRead, type CourseForReader } from './reading.service';
export { mayEnrol } from './enrolment-rule';
export { syncCourses } from './sync.service';
export { checkCourses, formatProblems } from './folder/check';
export { readMedia } from './media';
/** The written form of items and blueprints, on which the item bank stands. */
export { itemFaults, ItemBody, ItemKey, ItemType, ITEM_TYPES, ORDER_SIZE, type ItemFault, type WrittenItem } from './item';
export { availableFor, Blueprint, blueprintItems, blueprintPoints, checkBlueprint, fillBlueprint, type ItemCount } from './blueprint';
