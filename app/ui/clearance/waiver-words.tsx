import type { WaiverState } from '~/certification';
import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

const TONES = { asked: 'due', granted: 'ok', refused: 'neutral', withdrawn: 'neutral', revoked: 'bad', over: 'neutral' } as const;

/** The state of a waiver in words; `over` when it was granted and its time has passed. */
export function WaiverTag({ state }: { state: WaiverState | 'over' }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`waiver.state.${state}`)}</StatusTag>;
}

export function WaiverSpan({ from, until }: { from: string; until: string }) {
  const { t, date } = useText();
  return <>{t('waiver.span', { from: date(from), until: date(until) })}</>;
}
