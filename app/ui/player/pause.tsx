import { useText } from '~/text/react';
import { Banner } from '../banner/banner';

/** A clock that stands still: what is left when an exam pauses stays left. */
export const frozen = (at: number): { now(): number } => ({ now: () => at });

/** Says that the exam stands still, since when, and that nobody loses time by it. */
export function PauseBanner({ pausedAt }: { pausedAt: number | null }) {
  const { t, dateTime } = useText();
  return (
    <div role="status">
      {pausedAt !== null && <Banner tone="warning" title={t('player.paused-title')}><p>{t('player.paused', { at: dateTime(pausedAt) })}</p></Banner>}
    </div>
  );
}
