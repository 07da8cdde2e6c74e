import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { clearancesPassed, openRecord } from '~/certification';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { PassedClearances } from '~/ui/records/passed-clearances';
import { shownSections } from '~/ui/records/record.server';
import { RecordSections } from '~/ui/records/record-sections';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const opened = await openRecord(actor, params['id'] ?? '');
  if (!opened) throw new ProblemError({ code: 'not-found' });
  const { record, until } = opened;
  const lang = langOf(request);
  return json({
    heading: textFor(lang).t('records.record-of', { name: record.person.name }), id: record.person.id, name: record.person.name, sections: shownSections(record, lang), until,
    passed: await clearancesPassed(actor, record.person.id),
  });
}

export default function RecordOfPerson() {
  const { heading, id, name, sections, until, passed } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  return (
    <Page
      title={heading} width="wide"
      trail={until === null ? [{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${id}`, label: name }] : [{ to: '/hr/transfers', label: t('records.transfers') }]}
    >
      {until !== null && <Banner tone="info" title={t('records.former', { until: date(until) })}>{t('records.former-text')}</Banner>}
      {until === null && (
        <ButtonRow>
          <ButtonLink to={`/hr/people/${id}/record.pdf`} kind="primary" document>{t('records.record-pdf')}</ButtonLink>
          <ButtonLink to={`/hr/people/${id}/record.json`} document>{t('records.record-json')}</ButtonLink>
        </ButtonRow>
      )}
      <RecordSections sections={sections} />
      <PassedClearances passed={passed} />
    </Page>
  );
}
