import { useState } from 'react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { answerFile, answerFileName, download } from './answer-file';
import type { AnswerStore } from './answer-store';
import { fromBase64Url } from './seal';
import type { PlayerStart } from './types';

export interface OfflineHandInProps {
  start: PlayerStart;
  store: AnswerStore;
  clock: { now(): number };
  /** Somebody wants to hand in, and the network is gone. */
  shown: boolean;
}

/** The way to hand in without a network: an encrypted file that the invigilator takes along. */
export function OfflineHandIn({ start, store, clock, shown }: OfflineHandInProps) {
  const { t, dateTime } = useText();
  const [name, setName] = useState<string | null>(null);
  if (!shown) return null;
  const save = () => {
    const now = clock.now();
    const made = answerFileName(t('player.file-word'), start.label, dateTime(now));
    download(made, answerFile({ attemptId: start.attemptId, device: start.device, key: fromBase64Url(start.answerKey), now, changes: store.changesHere() }));
    setName(made);
  };
  return (
    <Banner tone="warning" title={t('player.file-title')}>
      <p>{t('player.file-lead')}</p>
      <div className="button-row"><button type="button" className="button button--primary" onClick={save}>{t('player.file-save')}</button></div>
      {name !== null && <p role="status">{t('player.file-saved', { name })}</p>}
    </Banner>
  );
}
