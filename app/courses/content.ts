import type { ACCESSES, AUDIENCES, Check, ExamSection } from './folder/format';
import type { WrittenItem } from './item';

/** A text in both languages of the interface. */
export interface Bilingual {
  zh: string;
  en: string;
}

/** Whom a course is written for. */
export type Audience = (typeof AUDIENCES)[number];
/** How one comes to it: assigned (mandatory), enrol (chosen), open (no account needed). */
export type Access = (typeof ACCESSES)[number];
export type { ExamSection };

export interface LessonContent {
  slug: string;
  /** Counted from 1. */
  position: number;
  title: Bilingual;
  summary: Bilingual;
  minutes: number;
  html: string;
  aims: string[];
  takeaways: string[];
  checks: Check[];
  sources: string[];
}

/** Everything that a course folder holds, ready to be stored. */
export interface CourseContent {
  slug: string;
  title: Bilingual;
  summary: Bilingual;
  audience: Audience;
  access: Access;
  /** Learning time that counts when the course is completed. */
  minutes: number;
  exam: ExamSection | null;
  descriptionHtml: string;
  lessons: LessonContent[];
  items: WrittenItem[];
}
