import { useEffect, useState } from 'react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { postResponses } from './post';
import { askSeb } from './seb';
import type { OutgoingChange, PlayerStart } from './types';
import { keptOnDevice } from './use-player';

export type LateSenderProps = Pick<PlayerStart, 'attemptId' | 'device' | 'answerKey' | 'serverNow'> & {
  /** Nothing was found, or all of it is with the server. */
  onDone?: () => void;
};

interface Found {
  count: number;
  /** Null until the server has them. */
  sent: { counted: number; kept: number } | null;
  failed: boolean;
}

const AGAIN_AFTER = 5000;
const MOST = 200;

/**
 * Sends what this device still keeps of an attempt whose time is over: changed in time it may count, and in any case
 * it is evidence. A browser that was restarted after hours finds its answers here.
 */
export function LateSender({ onDone, ...start }: LateSenderProps) {
  const { t } = useText();
  // Once per page: it is loaded anew while the result is awaited.
  const [{ attemptId, device, answerKey, serverNow }] = useState(start);
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let left = false;
    const gone = () => left;
    let timer = 0;
    const begun = performance.now();
    const kept = keptOnDevice({ attemptId, answerKey }, () => serverNow + performance.now() - begun);
    const run = async () => {
      const entries = await kept.read().catch(() => []);
      const changes = entries.flatMap(({ item, seq, change, sent }): OutgoingChange[] => (sent || !change ? [] : [{
        item, seq, response: change.response, ...(change.changedAt === null ? {} : { changedAt: new Date(change.changedAt).toISOString() }),
      }])).slice(0, MOST);
      if (gone()) return;
      if (changes.length === 0) return onDone?.();
      setFound({ count: changes.length, sent: null, failed: false });
      const reply = await postResponses(attemptId, device, { changes, flags: [] });
      if (gone()) return;
      if (reply.kind === 'late' || reply.kind === 'ended') {
        // What the server has is kept here no longer; another device's attempt keeps its own.
        await kept.forget().catch(() => undefined);
        const counted = reply.kind === 'late' ? reply.counted.length : 0;
        setFound({ count: changes.length, sent: { counted, kept: reply.kept.length }, failed: false });
        return onDone?.();
      }
      if (reply.kind === 'saved') return window.location.assign(`/attempts/${attemptId}`);
      setFound({ count: changes.length, sent: null, failed: true });
      timer = window.setTimeout(() => void run(), AGAIN_AFTER);
    };
    void askSeb().then(run);
    return () => {
      left = true;
      window.clearTimeout(timer);
    };
  }, [attemptId, device, answerKey, serverNow, onDone]);
  if (!found) return null;
  return (
    <div role="status">
      <Banner tone="warning" title={t('player.found-title', { count: found.count })}>
        <p>{found.sent ? t('player.found-counted', found.sent) : t(found.failed ? 'player.found-failed' : 'player.found-sending')}</p>
      </Banner>
    </div>
  );
}
