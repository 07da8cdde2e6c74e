import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { listFindings } from '~/exams';
import { signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, DataTable, InstantText, Page, StatusTag } from '~/ui';
import { findingTone } from '~/ui/exam/finding-words';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const open = new URL(request.url).searchParams.get('show') !== 'settled';
  const lang = langOf(request);
  const findings = (await listFindings(actor, open)).map((one) => ({
    id: one.id, candidate: one.candidate, organisation: one.organisation, exam: one.examTitle[lang], proposedAt: one.proposedAt,
    state: one.state === 'proposed' && one.heard ? 'heard' as const : one.state,
    until: one.state === 'proposed' && !one.heard ? one.hearUntil : one.state === 'upheld' ? one.appealUntil : null,
  }));
  return json({ heading: textFor(lang).t('finding.title'), open, findings });
}

export default function Findings() {
  const { open, findings } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('finding.title')} lead={t('finding.lead')} width="wide">
      <ButtonRow>
        <ButtonLink to="/findings" kind={open ? 'primary' : 'secondary'}>{t('finding.open')}</ButtonLink>
        <ButtonLink to="/findings?show=settled" kind={open ? 'secondary' : 'primary'}>{t('finding.settled')}</ButtonLink>
      </ButtonRow>
      <DataTable
        caption={t(open ? 'finding.open' : 'finding.settled')}
        rows={findings}
        rowKey={(row) => row.id}
        empty={t(open ? 'finding.none-open' : 'finding.none-settled')}
        columns={[
          { key: 'candidate', header: t('finding.candidate'), cell: (row) => <><Link to={`/findings/${row.id}`}>{row.candidate}</Link>{row.organisation && <span className="soft small"> {row.organisation}</span>}</> },
          { key: 'exam', header: t('finding.exam'), cell: (row) => row.exam },
          { key: 'proposed', header: t('finding.proposed'), cell: (row) => <InstantText at={row.proposedAt} /> },
          { key: 'state', header: t('finding.state'), cell: (row) => <StatusTag tone={findingTone(row.state)}>{t(`finding.state.${row.state}`)}</StatusTag> },
          { key: 'until', header: t('finding.until'), cell: (row) => (row.until === null ? '—' : <InstantText at={row.until} />) },
        ]}
      />
    </Page>
  );
}
