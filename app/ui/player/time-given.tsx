import { useEffect, useRef, useState } from 'react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';

/** Shorter changes are corrections of a clock, and no news. */
const WORTH_TELLING = 1000;

/** Tells, once, that the end of the exam was moved: by how much, and to when. */
export function TimeGiven({ deadline }: { deadline: number }) {
  const { t, dateTime } = useText();
  const before = useRef(deadline);
  const [change, setChange] = useState<number | null>(null);
  useEffect(() => {
    const moved = deadline - before.current;
    before.current = deadline;
    if (Math.abs(moved) >= WORTH_TELLING) setChange(moved);
  }, [deadline]);
  const minutes = change === null ? 0 : Math.abs(change) / 60_000;
  const amount = minutes >= 1 ? t('player.time-minutes', { minutes: Math.round(minutes * 10) / 10 }) : t('player.time-seconds', { seconds: Math.round(minutes * 60) });
  return (
    <div role="status" data-time-given={change ?? undefined}>
      {change !== null && <Banner tone="info" title={t(change > 0 ? 'player.time-given' : 'player.time-taken', { amount, at: dateTime(deadline) })} />}
    </div>
  );
}
