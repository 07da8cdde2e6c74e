import { useEffect, useRef, useState } from 'react';
import { useText } from '~/text/react';
import { announcementBetween, clockFace, type ServerClock } from './server-clock';

export interface ClockProps {
  attemptId: string;
  clock: ServerClock;
  deadline: number;
  /** Time is up, for the first time. */
  onOver(): void;
}

const LOOK_EVERY = 250;
const SOON = 10 * 60_000;
const LAST = 60_000;

/**
 * The time left, by the server's clock. Without JavaScript a small frame shows it and refreshes itself, so
 * that typed text stays. Read out only at set moments; can be hidden.
 */
export function Clock({ attemptId, clock, deadline, onOver }: ClockProps) {
  const { t } = useText();
  const left = useTimeLeft(clock, deadline, onOver);
  const [hidden, setHidden] = useState(false);
  return (
    <div className="player-clock-box">
      {left === null
        ? <noscript><iframe className="player-clock-frame" src={`/attempts/${attemptId}/clock`} title={t('player.clock-frame')} /></noscript>
        : (
          <>
            <p className={`player-clock${tone(left.ms)}`}>
              <span className="player-clock-label">{hidden ? t('player.clock-hidden') : t('player.clock')}</span>
              {!hidden && <span role="timer" aria-live="off" data-clock>{clockFace(left.ms)}</span>}
            </p>
            <button type="button" className="button button--quiet" aria-pressed={hidden} onClick={() => setHidden(!hidden)}>
              {t(hidden ? 'player.clock-show' : 'player.clock-hide')}
            </button>
            <p className="visually-hidden" aria-live="polite" data-announce>{left.said === null ? '' : left.said === 0 ? t('player.announce-over') : t('player.announce', { minutes: left.said })}</p>
          </>
        )}
    </div>
  );
}

const tone = (ms: number): string => (ms <= LAST ? ' player-clock--last' : ms <= SOON ? ' player-clock--soon' : '');

interface Left {
  ms: number;
  /** What was announced last: minutes, 0 when time is up. */
  said: number | null;
}

/** Null until the page runs: the server cannot draw a clock that is right when it arrives. */
function useTimeLeft(clock: ServerClock, deadline: number, onOver: () => void): Left | null {
  const [left, setLeft] = useState<Left | null>(null);
  const over = useRef(false);
  useEffect(() => {
    const look = () => setLeft((before) => {
      const ms = deadline - clock.now();
      const due = before ? announcementBetween(before.ms, ms) : null;
      const said = ms <= 0 ? 0 : due ?? before?.said ?? null;
      return before && clockFace(before.ms) === clockFace(ms) && before.said === said ? before : { ms, said };
    });
    look();
    const timer = setInterval(look, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [clock, deadline]);
  useEffect(() => {
    if (left && left.ms <= 0 && !over.current) {
      over.current = true;
      onOver();
    }
    if (left && left.ms > 0) over.current = false;
  }, [left, onOver]);
  return left;
}
