import { useText } from '~/text/react';
import { ButtonLink, ButtonRow } from '../button/button';

/** Leads to the proposal of a finding, as long as one can be proposed: before the result is released. */
export function ProposeFinding({ attemptId, state }: { attemptId: string; state: string | null }) {
  const { t } = useText();
  if (state !== 'in-progress' && state !== 'handed-in' && state !== 'graded') return null;
  return <ButtonRow><ButtonLink to={`/findings/new?attempt=${attemptId}`}>{t('finding.propose-link')}</ButtonLink></ButtonRow>;
}
