import type { ReactNode } from 'react';
import type { Duty, DutyRequirement } from '~/certification';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { ProgressBar, Steps, type Step } from '../status/status';

export interface RequirementStepsProps {
  duty: Duty;
  /** The one thing to do now, shown in the step that it belongs to. */
  action?: ReactNode;
  /** Under a requirement that is met: where the evidence can be looked up. */
  evidence?: (requirement: DutyRequirement) => ReactNode;
}

/** The path to a permission: each requirement with its state and reason, the credential at its end. */
export function RequirementSteps({ duty, action, evidence }: RequirementStepsProps) {
  const text = useText();
  const current = duty.requirements.findIndex((one) => one.state !== 'met');
  const steps = duty.requirements.map((one, index): Step => ({
    title: text.t(one.kind === 'course' ? 'home.course-title' : 'home.exam-title', { title: one.title[text.lang] }),
    // Without an action somebody else reads: nothing here is theirs to do.
    state: stateOf(one, index === current && action !== undefined),
    detail: <><p>{wordReason(text, one.reason)}</p><Lessons of={one} />{one.state !== 'open' && evidence?.(one)}</>,
    ...(index === current && { action }),
  }));
  const last: Step = {
    title: text.t('home.credential-title'),
    state: duty.credential?.state === 'valid' ? 'done' : duty.credential ? 'stopped' : current < 0 ? 'current' : 'todo',
    ...(duty.credential?.state === 'revoked' && { stateText: text.t('credential.state.revoked') }),
    detail: <CredentialWords duty={duty} />,
    ...(current < 0 && { action }),
  };
  return <Steps steps={[...steps, last]} />;
}

function stateOf({ state, progress }: DutyRequirement, current: boolean): Step['state'] {
  if (state === 'met') return 'done';
  // Failed for good; as long as another attempt is possible the step is still to be done.
  if (progress?.kind === 'exam' && progress.state === 'no-attempts-left') return 'stopped';
  return current ? 'current' : 'todo';
}

function Lessons({ of: { state, progress } }: { of: DutyRequirement }) {
  const { t } = useText();
  if (state === 'met' || progress?.kind !== 'course' || progress.lessonsRead === 0) return null;
  return <ProgressBar value={progress.lessonsRead} max={progress.lessons} label={t('home.lessons-read')} />;
}

function CredentialWords({ duty: { credential, status } }: { duty: Duty }) {
  const { t } = useText();
  if (credential) return <p>{t(credential.state === 'valid' ? 'home.credential-issued' : 'home.credential-revoked', { number: credential.number })}</p>;
  return <p>{t(status === 'cleared' ? 'home.credential-making' : 'home.credential-later')}</p>;
}
