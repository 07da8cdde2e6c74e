import { Link } from '@remix-run/react';
import type { PassedAssignment } from '~/certification';
import { useText } from '~/text/react';
import { DataTable, InstantText, Section } from '~/ui';

/** Clearances of former appointments, each with the page that answers for it. */
export function PassedClearances({ passed }: { passed: PassedAssignment[] }) {
  const { t, lang } = useText();
  if (passed.length === 0) return null;
  return (
    <Section title={t('records.earlier')}>
      <DataTable
        caption={t('records.earlier')}
        rows={passed}
        rowKey={(row) => row.assignmentId}
        empty=""
        columns={[
          { key: 'programme', header: t('people.programme'), cell: (row) => <Link to={`/hr/clearance/${row.assignmentId}`}>{row.programme[lang]}</Link> },
          { key: 'organisation', header: t('people.unit'), cell: (row) => row.organisation },
          { key: 'ended', header: t('records.earlier-ended'), cell: (row) => (row.endedAt === null ? t('records.earlier-running') : <InstantText at={row.endedAt} />) },
        ]}
      />
    </Section>
  );
}
