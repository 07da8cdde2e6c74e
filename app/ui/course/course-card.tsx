import type { Access, Audience } from '~/courses';
import { useText } from '~/text/react';
import { Card } from '../page/page';
import { ProgressBar, StatusTag } from '../status/status';

export interface CourseCardData {
  slug: string;
  title: string;
  summary: string;
  audience: Audience;
  access: Access;
  minutes: number;
  lessons: number;
  hasExam: boolean;
  /** Null when the reader is not enrolled. */
  progress: { read: number; of: number; completedAt: number | null } | null;
}

/** A course among others: what it is, for whom, and how far the reader is. */
export function CourseCard({ course }: { course: CourseCardData }) {
  const { t, duration } = useText();
  const { progress } = course;
  return (
    <Card title={course.title} to={`/courses/${course.slug}`}>
      <p className="course-tags"><StateTag course={course} /> <span className="card-meta">{t(`courses.audience.${course.audience}`)}</span></p>
      <p>{course.summary}</p>
      <p className="card-meta">
        {t('courses.meta', { lessons: course.lessons, duration: duration(course.minutes) })}{course.hasExam && ` · ${t('courses.exam')}`}
      </p>
      {progress && !progress.completedAt && <ProgressBar value={progress.read} max={progress.of} label={t('courses.read-lessons')} />}
    </Card>
  );
}

function StateTag({ course: { access, progress } }: { course: CourseCardData }) {
  const { t } = useText();
  if (!progress) return <StatusTag tone="neutral">{t(`courses.access.${access}`)}</StatusTag>;
  if (progress.completedAt) return <StatusTag tone="ok">{t('courses.state.done')}</StatusTag>;
  return <StatusTag tone="neutral">{t(progress.read > 0 ? 'courses.state.reading' : 'courses.state.new')}</StatusTag>;
}
