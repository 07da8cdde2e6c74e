import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { importsInScope } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, InstantText, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { PAST_TONES } from '~/ui/records/past';

export const meta = pageTitle;

const LATEST = 200;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see past imports');
  const found = await importsInScope(reader(), scopePaths(actor, 'hr'), LATEST);
  return json({
    heading: textFor(langOf(request)).t('records.past'),
    imports: found.map(({ id, fileName, source, organisation, state, createdAt }) => ({ id, fileName, source, organisation, state, createdAt })),
  });
}

export default function PastImports() {
  const { imports } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('records.past')} lead={t('records.past-lead')} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}
      actions={imports.length > 0 && <ButtonLink to="/hr/past-imports/new" kind="primary">{t('records.past-new')}</ButtonLink>}>
      <DataTable
        caption={t('records.past')}
        rows={imports}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t('records.past-none')} action={<ButtonLink to="/hr/past-imports/new" kind="primary">{t('records.past-new')}</ButtonLink>} />}
        columns={[
          { key: 'file', header: t('records.past-file'), cell: (row) => <Link to={`/hr/past-imports/${row.id}`}>{row.fileName}</Link> },
          { key: 'source', header: t('records.past-source'), cell: (row) => row.source },
          { key: 'unit', header: t('records.past-organisation'), cell: (row) => row.organisation },
          { key: 'at', header: t('records.past-created'), cell: (row) => <InstantText at={row.createdAt} /> },
          { key: 'state', header: t('records.state'), cell: (row) => <StatusTag tone={PAST_TONES[row.state]}>{t(`records.past-state.${row.state}`)}</StatusTag> },
        ]}
      />
    </Page>
  );
}
