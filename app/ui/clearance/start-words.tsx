import type { ShownStart, StartAmong, StartBasis, StartState } from '~/certification';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { StatusTag } from '../status/status';

const STATES = { proposed: 'due', recorded: 'ok', refused: 'neutral', cancelled: 'neutral' } as const;

export function StartTag({ state }: { state: StartState }) {
  const { t } = useText();
  return <StatusTag tone={STATES[state]}>{t(`starts.state.${state}`)}</StatusTag>;
}

const BASES = { clearance: 'ok', waiver: 'due', emergency: 'bad' } as const;

/** On what ground somebody started; an emergency is never overlooked. */
export function BasisTag({ basis }: { basis: StartBasis }) {
  const { t } = useText();
  return <StatusTag tone={BASES[basis]}>{t(`starts.basis.${basis}`)}</StatusTag>;
}

/** Said on top wherever somebody's clearance is shown: they work, or are to, without having met everything. */
export function EmergencyBanner({ starts }: { starts: ShownStart[] }) {
  const { t, date } = useText();
  const one = starts.find(({ start }) => start.basis === 'emergency' && (start.state === 'recorded' || start.state === 'proposed'));
  if (!one) return null;
  const { state, startedOn, reason } = one.start;
  return <Banner tone="warning" title={t(state === 'recorded' ? 'starts.emergency-banner' : 'starts.emergency-proposed-banner', { date: date(startedOn) })}>{reason}</Banner>;
}

/** In lists: that somebody has started, and loudly if it was an emergency. */
export function StartMark({ start }: { start: StartAmong | undefined }) {
  const { t, date } = useText();
  if (!start) return null;
  const params = { date: date(start.started_on) };
  if (start.basis !== 'emergency') return <small className="date-below">{t('starts.started-mark', params)}</small>;
  return <><br /><StatusTag tone="bad">{t(start.state === 'recorded' ? 'starts.emergency-on' : 'starts.emergency-proposed', params)}</StatusTag></>;
}
