import { useText } from '~/text/react';
import { DataTable, DateText, PostButton, StatusTag } from '~/ui';

export interface ShownEvidence {
  id: string;
  code: string;
  title: string;
  issuer: string;
  issuedOn: string;
  validUntil: string | null;
  fileId: string;
  state: 'asked' | 'approved' | 'refused' | 'withdrawn' | 'void';
  decisionReason: string | null;
  voidReason: string | null;
  mayWithdraw: boolean;
}

const TONES = { asked: 'due', approved: 'ok', refused: 'bad', withdrawn: 'neutral', void: 'bad' } as const;

export function EvidenceState({ state }: { state: ShownEvidence['state'] }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`records.state.${state}`)}</StatusTag>;
}

/** What somebody handed in, how it was decided, and why. */
export function EvidenceList({ evidence }: { evidence: ShownEvidence[] }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('records.evidence-list')}
      rows={evidence}
      rowKey={(row) => row.id}
      empty={t('records.evidence-none')}
      columns={[
        { key: 'title', header: t('records.evidence-title'), cell: (row) => <>{row.title}<br /><small>{row.issuer}</small></> },
        { key: 'dates', header: t('records.issued-on'), cell: (row) => <DateText date={row.issuedOn} /> },
        { key: 'until', header: t('records.valid-until'), cell: (row) => (row.validUntil ? <DateText date={row.validUntil} far /> : t('records.no-end')) },
        { key: 'file', header: t('records.file'), cell: (row) => <a href={`/records/files/${row.fileId}`}>{t('records.file-open')}<span className="visually-hidden">{row.title}</span></a> },
        { key: 'state', header: t('records.state'), cell: (row) => <><EvidenceState state={row.state} />{reasonOf(row) && <><br /><small>{reasonOf(row)}</small></>}</> },
        ...(evidence.some((row) => row.mayWithdraw) ? [{
          key: 'do', header: t('records.withdraw'), screenOnly: true,
          cell: (row: ShownEvidence) => row.mayWithdraw && <PostButton fields={{ __form: 'withdraw', id: row.id }}>{t('records.withdraw')}</PostButton>,
        }] : []),
      ]}
    />
  );
}

const reasonOf = (row: ShownEvidence): string | null => row.voidReason ?? (row.state === 'approved' ? null : row.decisionReason);
