import type { Duty, DutyRequirement, NextStep } from '~/certification';
import type { Text, TextKey } from '~/text';
import { useText } from '~/text/react';
import { ButtonLink } from '../button/button';

type Kind = 'primary' | 'secondary' | 'quiet';

/** The button, or the sentence with its link, that says what to do now. */
export function NextAction({ duty, kind = 'primary' }: { duty: Duty; kind?: Kind }) {
  const { t, lang } = useText();
  const { next, nextCode, lesson, credential } = duty;
  if (next.kind === 'collect-credential') return credential && <ButtonLink kind={kind} to={`/credentials/${credential.number}`}>{t('home.next-credential')}</ButtonLink>;
  if (next.kind === 'learn' && lesson) {
    return <ButtonLink kind={kind} to={`/courses/${lesson.courseSlug}/${lesson.lessonSlug}`}>{t('home.next-lesson', { position: lesson.position, title: lesson.title[lang] })}</ButtonLink>;
  }
  return <StepAction duty={duty} step={next} requirement={duty.requirements.find(({ code }) => code === nextCode) ?? null} kind={kind} />;
}

/** What else can be done about a requirement already, while another one comes first. */
export function AlsoAction({ duty, requirement }: { duty: Duty; requirement: DutyRequirement | undefined }) {
  if (!requirement?.also) return null;
  return <StepAction duty={duty} step={requirement.also} requirement={requirement} kind="quiet" />;
}

interface StepActionProps {
  duty: Duty;
  step: NextStep;
  /** What it is about; null: nothing of its own. */
  requirement: DutyRequirement | null;
  kind: Kind;
}

function StepAction({ duty, step, requirement, kind }: StepActionProps) {
  const text = useText();
  const { to, label, document, sentence } = wayOf(text, step, { assignmentId: duty.assignmentId, requirement });
  const link = <ButtonLink kind={sentence === undefined ? kind : 'quiet'} to={to} document={document}>{text.t(label)}</ButtonLink>;
  return sentence === undefined ? link : <><p>{sentence}</p>{link}</>;
}

interface Way {
  to: string;
  label: TextKey;
  document?: true;
  /** Where there is nothing to press on with: what is waited for, before the quiet link. */
  sentence?: string;
}

/** Where each kind of step leads: always to a page that the person concerned may open. */
export function wayOf({ t, dateTime }: Text, step: NextStep, { assignmentId, requirement }: { assignmentId: string; requirement: DutyRequirement | null }): Way {
  const slug = requirement?.slug ?? '';
  const code = encodeURIComponent(requirement?.code ?? '');
  switch (step.kind) {
    case 'learn': return { to: `/courses/${slug}`, label: 'home.next-course' };
    case 'take-exam': return { to: `/exams/${slug}`, label: requirement?.state === 'failed' ? 'home.next-exam-again' : 'home.next-exam' };
    case 'go-on-with-exam': return { to: `/attempts/${step.attemptId}`, label: 'home.next-continue', document: true };
    case 'sign': return { to: `/my/declarations/${assignmentId}/${code}`, label: 'home.next-sign' };
    case 'file-evidence': return { to: `/my/evidence?kind=${encodeURIComponent(step.targetId)}`, label: step.again ? 'home.next-evidence-again' : 'home.next-evidence' };
    case 'earn-hours': return { to: '/courses', label: 'home.next-hours' };
    case 'earn-credential': return { to: `/my/clearance/${step.assignmentId}`, label: 'home.next-hold' };
    case 'join-event': return { to: '/my/events', label: 'home.next-event' };
    case 'attend-event': return { to: '/my/events', label: 'home.open-events', sentence: t('home.wait-event') };
    case 'await-approval': return { to: '/my/evidence', label: 'home.open-evidence', sentence: t('home.wait-approval') };
    case 'await-result': return { to: `/exams/${slug}`, label: 'home.open-exam', sentence: t('home.wait-result') };
    case 'prepare-for-exam': return { to: `/exams/${slug}`, label: 'home.open-exam', sentence: t('home.course-first') };
    case 'wait': return { to: `/exams/${slug}`, label: 'home.open-exam', sentence: t('home.wait-until', { until: dateTime(step.until) }) };
    case 'ask-hr': return { to: `/my/clearance/${assignmentId}`, label: 'home.open-for-hr', sentence: t('home.ask-hr') };
    case 'collect-credential': return { to: '/my/record', label: 'records.record' };
  }
}
