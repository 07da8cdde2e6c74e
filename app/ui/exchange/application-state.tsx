import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

export type ApplicationState = 'active' | 'expired' | 'revoked';

const TONES = { active: 'ok', expired: 'due', revoked: 'neutral' } as const satisfies Record<ApplicationState, string>;

/** Whether the token of an application works. */
export function ApplicationStateTag({ state }: { state: ApplicationState }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`applications.state.${state}`)}</StatusTag>;
}
