import type { SittingCandidate } from '~/exams';
import { useText } from '~/text/react';
import { StatusTag, type StatusTone } from '../status/status';

export type SittingPhase = 'coming' | 'running' | 'over' | 'closed' | 'cancelled';

/** Where a sitting stands at `now`, for showing. */
export function phaseOf({ state, startsAt, endsAt }: { state: 'planned' | 'closed' | 'cancelled'; startsAt: number; endsAt: number }, now: number): SittingPhase {
  if (state !== 'planned') return state;
  if (now < startsAt) return 'coming';
  return now < endsAt ? 'running' : 'over';
}

const TONES: Record<SittingPhase, StatusTone> = { coming: 'due', running: 'ok', over: 'neutral', closed: 'neutral', cancelled: 'bad' };

export function SittingState({ phase }: { phase: SittingPhase }) {
  const { t } = useText();
  return <StatusTag tone={TONES[phase]}>{t(`sittings.state.${phase}`)}</StatusTag>;
}

type Row = Pick<SittingCandidate, 'state' | 'attempt' | 'identity' | 'excuse'>;

/** The one thing to know about a candidate of a sitting; `over`: the sitting is. */
export function CandidateState({ row, over }: { row: Row; over: boolean }) {
  const { t } = useText();
  if (row.state !== 'booked') return <StatusTag tone={row.state === 'waiting' ? 'due' : 'neutral'}>{t(`sittings.booking-state.${row.state}`)}</StatusTag>;
  if (row.excuse === 'asked') return <StatusTag tone="due">{t('sittings.excuse.asked')}</StatusTag>;
  if (row.attempt === 'in-progress') return <StatusTag tone="ok">{t('sittings.attempt.writing')}</StatusTag>;
  if (row.attempt !== null) return <StatusTag tone="ok">{t('sittings.attempt.done')}</StatusTag>;
  if (over) return <StatusTag tone="bad">{t('sittings.attempt.absent')}</StatusTag>;
  if (row.identity) return <StatusTag tone={row.identity === 'admitted' ? 'ok' : 'bad'}>{t(`sittings.identity.${row.identity}`)}</StatusTag>;
  return <StatusTag tone="neutral">{t('sittings.booking-state.booked')}</StatusTag>;
}

/** From when to when, the day once where it is the same. */
export function useSpan(): (from: number, to: number) => string {
  const { t, dateTime } = useText();
  return (from, to) => {
    const [start, end] = [dateTime(from), dateTime(to)];
    // Both texts end with the time, five characters; what stands before it is the day.
    const sameDay = start.slice(0, -5) === end.slice(0, -5);
    return t('sittings.from-to', { from: start, to: sameDay ? end.slice(-5) : end });
  };
}
