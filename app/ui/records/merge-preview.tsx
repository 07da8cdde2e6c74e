import type { MergePreview } from '~/certification';
import { useText } from '~/text/react';
import type { TextKey } from '~/text';
import { Banner, DataTable, Section } from '~/ui';

export const MERGE_TONES = { proposed: 'due', merged: 'ok', refused: 'bad', withdrawn: 'neutral', parted: 'neutral' } as const;

/** What merging two records would do, before anything is done. */
export function MergePreviewSection({ preview }: { preview: MergePreview }) {
  const { t } = useText();
  const { survivor, merged, places, account, roles } = preview;
  return (
    <Section title={t('records.merge-preview')}>
      {survivor.name !== merged.name && <Banner tone="warning" title={t('records.merge-names-differ', { a: survivor.name, b: merged.name })} />}
      <DataTable
        caption={t('records.merge-preview')}
        rows={places}
        rowKey={(row) => row.table}
        empty={t('records.record-none')}
        columns={[
          { key: 'what', header: t('records.merge-what'), cell: (row) => t(`records.place.${row.table}` as TextKey) },
          { key: 'moves', header: t('records.merge-moves'), cell: (row) => row.moves, numeric: true },
          { key: 'stays', header: t('records.merge-stays'), cell: (row) => row.stays, numeric: true },
        ]}
      />
      {places.some((row) => row.stays > 0) && <p className="soft">{t('records.merge-stays-note')}</p>}
      <p>{t(`records.merge-account.${account}`)}</p>
      {roles > 0 && <p>{t('records.merge-roles', { n: roles })}</p>}
    </Section>
  );
}
