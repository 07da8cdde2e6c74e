import { useEffect, useRef, useState } from 'react';
import type { Text } from '~/text';
import { useText } from '~/text/react';
import { announcementBetween, clockFace, timeLeft, type ServerClock } from './server-clock';

export interface ClockProps {
  attemptId: string;
  clock: Pick<ServerClock, 'now'>;
  deadline: number;
  /** The exam stands still, and the clock with it. */
  paused: boolean;
  /** Time is up, for the first time. */
  onOver(): void;
}

const LOOK_EVERY = 250;
/** Long enough for a screen reader to notice that the region was emptied. */
const SAY_AFTER = 100;
/** What was said is soon not true any more. */
const SAID_FOR = 15_000;
const SOON = 10 * 60_000;
const LAST = 60_000;

/**
 * The time left, by the server's clock. Without JavaScript a small frame shows it and refreshes itself, so
 * that typed text stays. Read out only at set moments and when asked for; can be hidden.
 */
export function Clock({ attemptId, clock, deadline, paused, onOver }: ClockProps) {
  const { t } = useText();
  const left = useTimeLeft(clock, deadline, onOver);
  const [hidden, setHidden] = useState(false);
  const { asked, say } = useAsked(() => timeSaid(t, deadline - clock.now(), paused));
  return (
    <div className="player-clock-box">
      {left === null
        ? <noscript><iframe className="player-clock-frame" src={`/attempts/${attemptId}/clock`} title={t('player.clock-frame')} /></noscript>
        : (
          <>
            <p className={`player-clock${tone(left.ms)}`}>
              <span className={hidden ? 'player-clock-label' : 'player-clock-label player-clock-name'}>{hidden ? t('player.clock-hidden') : t('player.clock')}</span>
              {!hidden && <span role="timer" aria-live="off" data-clock>{clockFace(left.ms)}</span>}
            </p>
            <button type="button" className="button button--quiet" aria-pressed={hidden} onClick={() => setHidden(!hidden)}>
              {t(hidden ? 'player.clock-show' : 'player.clock-hide')}
            </button>
            <button type="button" className="button button--quiet player-clock-ask" data-ask-time onClick={say}>{t('player.time-ask')}</button>
            {/* Seen too where no clock is. */}
            <p className={hidden ? 'player-clock-said' : 'visually-hidden'} role="status" data-asked>{asked}</p>
            <p className="visually-hidden" aria-live="polite" data-announce>{left.said === null ? '' : left.said === 0 ? t('player.announce-over') : t('player.announce', { minutes: left.said })}</p>
          </>
        )}
    </div>
  );
}

/** The time left in a sentence. */
function timeSaid(t: Text['t'], ms: number, paused: boolean): string {
  const { hours, minutes, seconds } = timeLeft(ms);
  if (ms <= 0) return t('player.announce-over');
  const left = hours > 0 ? t('player.time-asked', { hours, minutes, seconds }) : t('player.time-asked-minutes', { minutes, seconds });
  return paused ? t('player.time-asked-paused', { left }) : left;
}

/** What a region says when it is asked: emptied first, because the same words again are not read again. */
function useAsked(words: () => string): { asked: string; say(): void } {
  const [asked, setAsked] = useState('');
  const timers = useRef<number[]>([]);
  const stop = () => timers.current.forEach((timer) => window.clearTimeout(timer));
  useEffect(() => stop, []);
  const say = () => {
    stop();
    setAsked('');
    timers.current = [window.setTimeout(() => setAsked(words()), SAY_AFTER), window.setTimeout(() => setAsked(''), SAID_FOR)];
  };
  return { asked, say };
}

const tone = (ms: number): string => (ms <= LAST ? ' player-clock--last' : ms <= SOON ? ' player-clock--soon' : '');

interface Left {
  ms: number;
  /** What was announced last: minutes, 0 when time is up. */
  said: number | null;
}

/** Null until the page runs: the server cannot draw a clock that is right when it arrives. */
function useTimeLeft(clock: Pick<ServerClock, 'now'>, deadline: number, onOver: () => void): Left | null {
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
