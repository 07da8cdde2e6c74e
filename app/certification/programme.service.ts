import { findCourse } from '~/courses';
import { appendEvent, inTransaction, reader } from '~/db';
import { examForCourse } from '~/exams';
import type { Instant } from '~/kernel/clock';
import { insertProgramme } from './programme.repository';

const STANDARD = {
  slug: 'before-start-of-duty',
  titleZh: '新录用人员上岗培训',
  titleEn: 'Training before the start of duty',
  // Leaves the personnel office time to act before the first day of work.
  dueRule: { kind: 'before-start' as const, workingDays: 3 },
  by: 'system:certification' as const,
  appliesTo: { kind: 'appointment' as const, kinds: ['recruit' as const] },
  effectiveOn: '2026-01-01',
};
const COURSE = 'e-government-foundations';

/**
 * Makes the programme that every recruit must fulfil before the start of duty: the mandatory course and its
 * exam. Does nothing when it exists, or while the course is not loaded.
 */
export async function ensureStandardProgramme(now: Instant): Promise<void> {
  const course = await findCourse(reader(), COURSE);
  const exam = course && await examForCourse(reader(), course.id);
  if (!course || !exam) return;
  await inTransaction(async (tx) => {
    const versionId = await insertProgramme(tx, {
      ...STANDARD,
      requirements: [{ code: 'course', kind: 'course', targetId: course.id }, { code: 'exam', kind: 'exam', targetId: exam.id }],
    });
    if (versionId === null) return;
    await appendEvent(tx, {
      kind: 'programme.published', subject: { kind: 'programme-version', id: versionId }, at: now, by: 'system:certification',
      body: { slug: STANDARD.slug, number: 1, courseId: course.id, examId: exam.id },
    });
  });
}
