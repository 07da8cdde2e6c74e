import { useEffect, useState } from 'react';
import { useText } from '~/text/react';
import { clockFace } from './server-clock';
import type { PlayerSection } from './types';

export interface SectionHeadProps {
  sections: readonly PlayerSection[];
  /** The section of the page that is shown, and the one that is open; counted from 0. */
  current: number;
  open: number;
  /** When the open one ends by itself. */
  endsAt: number | null;
  clock: { now(): number };
  running: boolean;
}

/** Which section one is in, and its own time. */
export function SectionHead({ sections, current, open, endsAt, clock, running }: SectionHeadProps) {
  const { t, dateTime } = useText();
  const section = sections[current];
  if (!section) return null;
  return (
    <div className="player-section">
      <h2 className="player-section-title">{t('player.section', { number: section.index + 1, count: sections.length, title: section.title })}</h2>
      <p className="player-section-rule">
        {t('player.section-items', { from: section.from, to: section.to })}
        {section.oneWay && ` · ${t('player.section-one-way')}`}
      </p>
      {current === open && endsAt !== null && (
        <p className="player-section-rule">
          {t('player.section-ends', { at: dateTime(endsAt) })}{' '}
          {running && <SectionClock clock={clock} endsAt={endsAt} />}
        </p>
      )}
    </div>
  );
}

function SectionClock({ clock, endsAt }: { clock: { now(): number }; endsAt: number }) {
  const { t } = useText();
  const [left, setLeft] = useState('');
  useEffect(() => {
    const look = () => setLeft(clockFace(endsAt - clock.now()));
    look();
    const timer = window.setInterval(look, 500);
    return () => window.clearInterval(timer);
  }, [clock, endsAt]);
  return <strong className="figures" role="timer" aria-live="off" data-section-clock>{t('player.section-left', { left })}</strong>;
}
