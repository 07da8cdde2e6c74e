import { Link } from '@remix-run/react';
import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

export interface LessonEntry {
  slug: string;
  position: number;
  title: string;
  summary: string;
  minutes: number;
  /** Null when nothing is recorded for this reader. */
  state: 'read' | 'opened' | 'new' | null;
}

/** The lessons of a course in order, each with its state; links only for those who may read. */
export function LessonList({ course, lessons, linked, here }: { course: string; lessons: LessonEntry[]; linked: boolean; here: string | null }) {
  const { t, duration } = useText();
  return (
    <ol className="lessons">
      {lessons.map((lesson) => (
        <li key={lesson.slug} className={lesson.slug === here ? 'lesson-entry lesson-entry--here' : 'lesson-entry'}>
          <span className="lesson-number figures" aria-hidden="true">{lesson.position}</span>
          <div className="lesson-text">
            <h3 className="lesson-title">{linked ? <Link to={`/courses/${course}/${lesson.slug}`}>{lesson.title}</Link> : lesson.title}</h3>
            <p>{lesson.summary}</p>
            <p className="course-tags card-meta">
              {duration(lesson.minutes)}
              {lesson.state && <StatusTag tone={lesson.state === 'read' ? 'ok' : 'neutral'}>{t(lesson.slug === here ? 'courses.lesson.here' : `courses.lesson.${lesson.state}`)}</StatusTag>}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
