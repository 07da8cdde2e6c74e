import { useCallback, useRef } from 'react';
import { useText } from '~/text/react';
import { Button } from '../button/button';
import { Page } from '../page/page';
import { LateSender } from './late-sender';
import type { PlayerStart } from './types';

/**
 * The time is over and the attempt not yet handed in. What this device kept goes out first, then the form hands in by
 * itself; without JavaScript the button does.
 */
export function TimeOver(start: Pick<PlayerStart, 'attemptId' | 'device' | 'answerKey' | 'serverNow'>) {
  const { t } = useText();
  const form = useRef<HTMLFormElement>(null);
  const onDone = useCallback(() => form.current?.submit(), []);
  return (
    <Page title={t('player.over-title')} lead={t('player.over')}>
      <LateSender {...start} onDone={onDone} />
      <form method="post" action={`/attempts/${start.attemptId}/hand-in`} ref={form} className="button-row">
        <Button kind="primary">{t('player.over-hand-in')}</Button>
      </form>
    </Page>
  );
}
