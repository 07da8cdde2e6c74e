import type { ReactNode } from 'react';
import type { Duty, DutyRequirement } from '~/certification';
import type { Text } from '~/text';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { ProgressBar, Steps, type Step } from '../status/status';
import { AlsoAction } from './next-action';
import { RequirementTree } from './requirement-tree';

export interface RequirementStepsProps {
  duty: Duty;
  /** The one thing to do now, shown in the step that it belongs to. */
  action?: ReactNode;
}

/** The path to a permission: each requirement with its state and reason, the credential at its end. */
export function RequirementSteps({ duty, action }: RequirementStepsProps) {
  return isPath(duty.tree) ? <Path duty={duty} action={action} /> : <Choices duty={duty} action={action} />;
}

/** Whether there is nothing to choose: one requirement after the other. */
const isPath = (tree: Duty['tree']): boolean =>
  tree.kind === 'requirement' || (tree.kind === 'all' && (tree.of ?? []).every(({ kind }) => kind === 'requirement'));

function Path({ duty, action }: RequirementStepsProps) {
  const text = useText();
  const current = duty.status === 'cleared' ? -1 : currentOf(duty);
  const steps = duty.requirements.map((one, index): Step => ({
    title: stepTitle(text, one),
    state: stateOf(one, index === current && action !== undefined),
    ...(one.state === 'waived' && { stateText: text.t('clearance.requirement.waived') }),
    detail: <><p>{wordReason(text, one.reason)}</p><Lessons of={one} /></>,
    action: index === current ? action : duty.status === 'cleared' ? undefined : alsoOf(duty, one),
  }));
  return <Steps steps={[...steps, credentialStep(text, duty, current < 0, action)]} />;
}

/** Where the next step stands; without one where the path goes on. */
function currentOf({ requirements, nextCode }: Duty): number {
  return requirements.findIndex((one) => (nextCode === null ? one.state !== 'met' : one.code === nextCode));
}

const alsoOf = (duty: Duty, one: DutyRequirement): ReactNode => one.also && <AlsoAction duty={duty} requirement={one} />;

function credentialStep({ t }: Text, duty: Duty, ready: boolean, action: ReactNode): Step {
  const state = duty.credential?.state;
  return {
    title: t('home.credential-title'),
    state: state === 'valid' ? 'done' : state ? 'stopped' : ready ? 'current' : 'todo',
    ...(state && state !== 'valid' && { stateText: t(`credential.state.${state}`) }),
    detail: <CredentialWords duty={duty} />,
    ...(ready && { action }),
  };
}

/** Where some of several are enough, no order can be told: what to do now comes first, then everything as it combines. */
function Choices({ duty, action }: RequirementStepsProps) {
  const text = useText();
  const requirements = duty.requirements.map((one) => {
    const { code, kind, targetId, state, evidenceRef, at, reason } = one;
    const title = stepTitle(text, one);
    return { code, kind, targetId, state, evidenceRef, at, reason, title: { zh: title, en: title } };
  });
  return (
    <>
      {action && <div className="button-row">{action}</div>}
      <RequirementTree tree={duty.tree} requirements={requirements} more={({ code }) => <More duty={duty} requirement={duty.requirements.find((one) => one.code === code)} />} />
      <CredentialWords duty={duty} />
    </>
  );
}

/** What is to be done, as an act. */
function stepTitle({ t, lang }: Text, { kind, title, params }: DutyRequirement): string {
  switch (kind) {
    case 'course': return t('home.course-title', { title: title[lang] });
    case 'exam': return t('home.exam-title', { title: title[lang] });
    case 'hours': return t('home.hours-title', { hours: (params.hundredths ?? 0) / 100 });
    case 'credential': return t('home.hold-title', { title: title[lang] });
    default: return t(`home.${kind}-title`, { title: title[lang] });
  }
}

function stateOf({ state, progress }: DutyRequirement, current: boolean): Step['state'] {
  if (state === 'met') return 'done';
  // Failed for good; as long as another attempt is possible the step is still to be done.
  if (progress?.kind === 'exam' && progress.state === 'no-attempts-left') return 'stopped';
  return current ? 'current' : 'todo';
}

function More({ duty, requirement }: { duty: Duty; requirement: DutyRequirement | undefined }) {
  return <><Lessons of={requirement} />{duty.status !== 'cleared' && <AlsoAction duty={duty} requirement={requirement} />}</>;
}

function Lessons({ of }: { of: DutyRequirement | undefined }) {
  const { t } = useText();
  if (!of || of.state === 'met' || of.progress?.kind !== 'course' || of.progress.lessonsRead === 0) return null;
  return <ProgressBar value={of.progress.lessonsRead} max={of.progress.lessons} label={t('home.lessons-read')} />;
}

function CredentialWords({ duty: { credential, status } }: { duty: Duty }) {
  const { t } = useText();
  if (!credential) return <p>{t(status === 'cleared' ? 'home.credential-making' : 'home.credential-later')}</p>;
  if (credential.state === 'valid') return <p>{t('home.credential-issued', { number: credential.number })}</p>;
  return <p>{t('home.credential-state', { number: credential.number, state: t(`credential.state.${credential.state}`) })}</p>;
}
