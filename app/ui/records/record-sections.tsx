import { useText } from '~/text/react';
import { DataTable, Section } from '~/ui';

export interface RecordSection {
  key: 'appointments' | 'courses' | 'exams' | 'credentials' | 'hours' | 'clearances' | 'waivers' | 'starts' | 'external' | 'declarations' | 'events';
  columns: string[];
  rows: string[][];
}

/** A record for life: contents first, then a table for each part. */
export function RecordSections({ sections }: { sections: RecordSection[] }) {
  const { t } = useText();
  return (
    <>
      <nav className="no-print" aria-label={t('records.record-contents')}>
        <h2>{t('records.record-contents')}</h2>
        <ul className="bullets">{sections.map(({ key, rows }) => <li key={key}><a href={`#${key}`}>{t(`records.section.${key}`)}</a> <span className="soft figures">{rows.length}</span></li>)}</ul>
      </nav>
      {sections.map(({ key, columns, rows }) => (
        <Section key={key} id={key} title={t(`records.section.${key}`)}>
          <DataTable
            caption={t(`records.section.${key}`)}
            rows={rows.map((cells, i) => ({ id: String(i), cells }))}
            rowKey={(row) => row.id}
            empty={t('records.record-none')}
            columns={columns.map((header, i) => ({ key: String(i), header, cell: (row: { cells: string[] }) => row.cells[i] ?? '' }))}
          />
        </Section>
      ))}
    </>
  );
}
