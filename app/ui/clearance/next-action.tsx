import type { Duty } from '~/certification';
import { useText } from '~/text/react';
import { ButtonLink } from '../button/button';

/** The button, or the sentence, that says what to do now. */
export function NextAction({ duty: { assignmentId, next, lesson, requirements, credential }, kind = 'primary' }: { duty: Duty; kind?: 'primary' | 'secondary' }) {
  const { t, dateTime, lang } = useText();
  const target = 'targetId' in next ? requirements.find((one) => one.targetId === next.targetId) : undefined;
  const slug = target?.slug ?? '';
  switch (next.kind) {
    case 'learn': return lesson
      ? <ButtonLink kind={kind} to={`/courses/${lesson.courseSlug}/${lesson.lessonSlug}`}>{t('home.next-lesson', { position: lesson.position, title: lesson.title[lang] })}</ButtonLink>
      : <ButtonLink kind={kind} to={`/courses/${slug}`}>{t('home.next-course')}</ButtonLink>;
    case 'take-exam':
      return <ButtonLink kind={kind} to={`/exams/${slug}`}>{t(target?.state === 'failed' ? 'home.next-exam-again' : 'home.next-exam')}</ButtonLink>;
    case 'go-on-with-exam': return <ButtonLink kind={kind} to={`/attempts/${next.attemptId}`} document>{t('home.next-continue')}</ButtonLink>;
    case 'sign': return <ButtonLink kind={kind} to={`/my/declarations/${assignmentId}/${encodeURIComponent(target?.code ?? '')}`}>{t('home.next-sign')}</ButtonLink>;
    case 'await-result': return <p>{t('home.wait-result')}</p>;
    case 'wait': return <p>{t('home.wait-until', { until: dateTime(next.until) })}</p>;
    case 'ask-hr': return <p>{t('home.ask-hr')}</p>;
    case 'collect-credential':
      return credential && <ButtonLink kind={kind} to={`/credentials/${credential.number}`}>{t('home.next-credential')}</ButtonLink>;
  }
}
