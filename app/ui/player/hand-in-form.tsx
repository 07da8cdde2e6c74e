import { useCallback, useState } from 'react';
import { useText } from '~/text/react';
import { Button } from '../button/button';
import { Clock } from './clock';
import { ConnectionBanner } from './connection-banner';
import type { PlayerStart } from './types';
import { usePlayer } from './use-player';

/**
 * The button that hands in. What an earlier page could not send is sent from here first: an answer that is
 * only on this device would not be on the receipt.
 */
export function HandInForm({ start, complete }: { start: PlayerStart; complete: boolean }) {
  const { t, dateTime } = useText();
  const { clock, snapshot } = usePlayer(start);
  const [timeUp, setTimeUp] = useState(false);
  const onOver = useCallback(() => setTimeUp(true), []);
  const { unsent: count, connection } = snapshot;
  const waiting = count > 0 && connection !== 'late' && connection !== 'handed-in';
  return (
    <>
      <ConnectionBanner attemptId={start.attemptId} snapshot={snapshot} timeUp={timeUp} />
      <p className="player-deadline">{t('player.deadline', { time: dateTime(snapshot.deadline) })}</p>
      <Clock attemptId={start.attemptId} clock={clock} deadline={snapshot.deadline} onOver={onOver} />
      {waiting && <p role="status">{t('exams.hand-in-unsent', { count })}</p>}
      <form method="post" className="button-row">
        <Button kind={complete ? 'primary' : 'secondary'} disabled={waiting}>{t('exams.hand-in-confirm')}</Button>
        <a className={`button button--${complete ? 'secondary' : 'primary'}`} href={`/attempts/${start.attemptId}`}>{t('exams.hand-in-back')}</a>
      </form>
    </>
  );
}
