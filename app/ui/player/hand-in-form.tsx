import { useCallback, useState, type FormEvent } from 'react';
import { useText } from '~/text/react';
import { Button } from '../button/button';
import { hasEnded } from './answer';
import { Clock } from './clock';
import { ConnectionBanner } from './connection-banner';
import { OfflineHandIn } from './offline-hand-in';
import { PauseBanner, frozen } from './pause';
import { postHandIn } from './post';
import type { PlayerStart } from './types';
import { useEndOfTime } from './use-exam';
import { usePlayer } from './use-player';

/**
 * The button that hands in. What an earlier page could not send is sent from here first: an answer that is
 * only on this device would not be on the receipt.
 */
export function HandInForm({ start, complete }: { start: PlayerStart; complete: boolean }) {
  const { t, dateTime } = useText();
  const { store, clock, snapshot, running } = usePlayer(start);
  const [timeUp, setTimeUp] = useState(false);
  const [lost, setLost] = useState(false);
  const onOver = useCallback(() => setTimeUp(true), []);
  const hopeless = useEndOfTime({ timeUp, leaving: null, store, snapshot, attemptId: start.attemptId });
  const { unsent: count, connection, pausedAt } = snapshot;
  // An answer that an earlier page only kept on this device must not be missing when the attempt is handed in.
  const waiting = !hasEnded(connection) && (count > 0 || (running && !snapshot.looked));
  const offline = hopeless || lost || (waiting && snapshot.failures >= 2);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    // The browser's own way would lose this page, and what is kept in its memory, when the network is gone.
    event.preventDefault();
    void postHandIn(start.attemptId).then((done) => window.location.assign(`/attempts/${start.attemptId}${done ? '/receipt' : ''}`), () => setLost(true));
  };
  return (
    <>
      <ConnectionBanner attemptId={start.attemptId} snapshot={snapshot} timeUp={timeUp} offline={offline} />
      <PauseBanner pausedAt={pausedAt} />
      <OfflineHandIn start={start} store={store} clock={clock} shown={offline} />
      <p className="player-deadline">{t('player.deadline', { time: dateTime(snapshot.deadline) })}</p>
      <Clock attemptId={start.attemptId} clock={pausedAt === null ? clock : frozen(pausedAt)} deadline={snapshot.deadline} paused={pausedAt !== null} onOver={onOver} />
      {waiting && <p role="status">{count > 0 ? t('exams.hand-in-unsent', { count }) : t('player.looking')}</p>}
      <form method="post" className="button-row" onSubmit={submit}>
        <Button kind={complete ? 'primary' : 'secondary'} disabled={waiting}>{t('exams.hand-in-confirm')}</Button>
        <a className={`button button--${complete ? 'secondary' : 'primary'}`} href={`/attempts/${start.attemptId}`}>{t('exams.hand-in-back')}</a>
      </form>
    </>
  );
}
