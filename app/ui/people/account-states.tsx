import { useText } from '~/text/react';
import { StatusTag, type StatusTone } from '../status/status';

export const ACCOUNT_STATES = ['invited', 'active', 'closed', 'none'] as const;
export type ShownAccountState = (typeof ACCOUNT_STATES)[number];

const TONES: Record<ShownAccountState, StatusTone> = { invited: 'due', active: 'ok', closed: 'neutral', none: 'neutral' };

export function AccountStateTag({ state }: { state: ShownAccountState }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`identity.state.${state}`)}</StatusTag>;
}
