import { useText } from '~/text/react';
import type { SendResult } from '~/notices';
import { DataTable, Disclosure, Facts, InstantText, Section, StatusTag, DateText, type StatusTone } from '~/ui';

/** A sending as pages show it. */
export interface ShownSending {
  channel: string;
  channelName: string;
  address: string;
  text: string;
  attempts: number;
  claimedAt: number;
  endedAt: number | null;
  result: SendResult;
  detail: string;
  handedOn: string | null;
  handedBy: string | null;
}

export interface ShownProof {
  createdAt: number;
  readAt: number | null;
  droppedAt: number | null;
  urgency: 'at-once' | 'digest';
  outcome: string | null;
  isDispatched: boolean;
  sendings: ShownSending[];
}

const TONES: Record<SendResult, StatusTone> = {
  'sending': 'neutral', 'sent': 'ok', 'uncertain': 'due', 'failed': 'bad', 'refused': 'bad', 'bounced': 'bad', 'to-print': 'due', 'handed-over': 'ok',
};

/** What became of one sending. */
export function ResultTag({ result }: { result: SendResult }) {
  const { t } = useText();
  return <StatusTag tone={TONES[result]}>{t(`sending.result.${result}`)}</StatusTag>;
}

/** When and how a notice was told, channel by channel, with the words as they were sent. */
export function Proof({ proof }: { proof: ShownProof }) {
  const { t } = useText();
  const { createdAt, readAt, droppedAt, urgency, sendings } = proof;
  return (
    <Section title={t('sending.proof')}>
      <Facts items={[
        { term: t('sending.in-product'), value: <InstantText at={createdAt} /> },
        { term: t('sending.read'), value: readAt === null ? t('sending.not-read') : <InstantText at={readAt} /> },
        { term: t('sending.urgency'), value: t(`sending.urgency.${urgency}`) },
        ...(droppedAt === null ? [] : [{ term: t('sending.dropped'), value: <InstantText at={droppedAt} /> }]),
      ]} />
      {sendings.length === 0 ? <p className="soft">{nothingSent(proof, t)}</p> : <Sendings sendings={sendings} />}
    </Section>
  );
}

function nothingSent({ outcome, isDispatched, droppedAt }: ShownProof, t: ReturnType<typeof useText>['t']): string {
  if (outcome === 'switched-off') return t('sending.none-switched-off');
  if (outcome === 'not-needed' || droppedAt !== null) return t('sending.none-not-needed');
  if (outcome !== null) return t('sending.none-product-only');
  return t(isDispatched ? 'sending.none-at-it' : 'sending.none-waiting');
}

function Sendings({ sendings }: { sendings: ShownSending[] }) {
  const { t } = useText();
  return (
    <>
      <DataTable
        caption={t('sending.sendings')}
        rows={sendings}
        rowKey={(row) => row.channel}
        empty=""
        columns={[
          { key: 'channel', header: t('sending.channel'), cell: (row) => <>{row.channelName}{row.address !== '' && <><br /><small className="figures">{row.address}</small></>}</> },
          { key: 'when', header: t('sending.when'), cell: (row) => <When sending={row} /> },
          { key: 'result', header: t('sending.result'), cell: (row) => <><ResultTag result={row.result} />{row.detail !== '' && <><br /><small>{row.detail}</small></>}</> },
          { key: 'attempts', header: t('sending.attempts'), cell: (row) => row.attempts, numeric: true },
        ]}
      />
      {sendings.map((sending) => (
        <Disclosure key={sending.channel} summary={t('sending.text-as-sent', { channel: sending.channelName })}><p className="sent-text">{sending.text}</p></Disclosure>
      ))}
    </>
  );
}

function When({ sending: { handedOn, handedBy, endedAt, claimedAt } }: { sending: ShownSending }) {
  const { t } = useText();
  if (handedOn !== null) return <><DateText date={handedOn} /><br /><small>{t('sending.handed-by', { name: handedBy ?? '' })}</small></>;
  return <InstantText at={endedAt ?? claimedAt} />;
}
