import type { KeyCorrection } from '~/marking';
import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

type Shown = Pick<KeyCorrection, 'kind' | 'favourable' | 'state' | 'appliedAt'>;

export function CorrectionKindWords({ kind, favourable }: Pick<Shown, 'kind' | 'favourable'>) {
  const { t } = useText();
  return <>{t(`correction.kind.${kind}`)}{kind === 'key' && favourable && <><br /><small>{t('correction.favourable')}</small></>}</>;
}

export function CorrectionStateTag({ state, appliedAt }: Pick<Shown, 'state' | 'appliedAt'>) {
  const { t, dateTime } = useText();
  if (state === 'approved') return <StatusTag tone="ok">{appliedAt === null ? t('correction.state.approved') : t('correction.applied', { at: dateTime(appliedAt) })}</StatusTag>;
  return <StatusTag tone={state === 'asked' ? 'due' : 'neutral'}>{t(`correction.state.${state}`)}</StatusTag>;
}
