import type { ReactNode } from 'react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import type { Snapshot } from './answer';

export interface ConnectionBannerProps {
  attemptId: string;
  snapshot: Snapshot;
  timeUp: boolean;
  /** The way to hand in without a network is shown: it says by itself that the server cannot be reached. */
  offline: boolean;
}

/** What stands between the answers and the server, and what to do about it. Nothing while all is well. */
export function ConnectionBanner({ attemptId, snapshot, timeUp, offline }: ConnectionBannerProps) {
  const { t } = useText();
  const { connection, unsent, durable } = snapshot;
  const receipt = <div className="button-row"><a className="button button--primary" href={`/attempts/${attemptId}/receipt`}>{t('player.to-receipt')}</a></div>;
  switch (connection) {
    case 'late': return <Banner tone="warning" title={t('player.late-title')}><p>{t('player.late')}</p>{receipt}</Banner>;
    case 'handed-in': return <Banner tone="info" title={t('player.handed-in-title')}><p>{t('player.handed-in')}</p>{receipt}</Banner>;
    case 'void': return <Banner tone="danger" title={t('player.void-title')}><p>{t('player.void')}</p></Banner>;
    case 'time-over': return <Trouble title={t('player.time-up-title')}>{t('player.time-up-handing-in')}</Trouble>;
    case 'other-device': return (
      <Banner tone="danger" title={t('player.other-title')}>
        <p>{t('player.other')}</p>
        {unsent > 0 && <p>{t('player.other-unsent', { count: unsent })}</p>}
      </Banner>
    );
    case 'signed-out': return (
      <Banner tone="danger" title={t('player.signed-out-title')}>
        <p>{t('player.signed-out')}</p>
        {/* A page that could not keep its answers must stay open. */}
        <div className="button-row"><a className="button button--primary" href={`/sign-in?next=/attempts/${attemptId}`} target={durable ? undefined : '_blank'} rel="noopener">{t('player.sign-in')}</a></div>
      </Banner>
    );
    case 'good': return timeUp ? <Trouble title={t('player.time-up-title')}>{t('player.time-up')}</Trouble> : null;
    case 'full': case 'unavailable': case 'unreachable': return <Unsent connection={connection} snapshot={snapshot} timeUp={timeUp} offline={offline} />;
  }
}

function Unsent({ connection, snapshot: { unsent, durable }, timeUp, offline }: Omit<ConnectionBannerProps, 'attemptId'> & { connection: 'full' | 'unavailable' | 'unreachable' }) {
  const { t } = useText();
  const kept = durable ? t('player.unreachable') : t('player.unreachable-memory');
  if (timeUp && unsent > 0) return <Trouble title={t('player.time-up-title')}>{t('player.time-up-unsent', { count: unsent })}</Trouble>;
  if (connection === 'full') return <Trouble title={t('player.full-title')}>{durable ? t('player.full') : kept}</Trouble>;
  // What is only in this page's memory must be said beside it.
  if (offline && durable) return null;
  return <Trouble title={t(connection === 'unavailable' ? 'player.unavailable-title' : 'player.unreachable-title')}>{kept}</Trouble>;
}

const Trouble = ({ title, children }: { title: string; children: ReactNode }) => <Banner tone="warning" title={title}><p>{children}</p></Banner>;
