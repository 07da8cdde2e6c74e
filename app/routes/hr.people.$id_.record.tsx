import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { openRecord } from '~/certification';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { shownSections } from '~/ui/records/record.server';
import { RecordSections } from '~/ui/records/record-sections';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const record = await openRecord(actor, params['id'] ?? '');
  if (!record) throw new ProblemError({ code: 'not-found' });
  const lang = langOf(request);
  return json({
    heading: textFor(lang).t('records.record-of', { name: record.person.name }), id: record.person.id, name: record.person.name, sections: shownSections(record, lang),
  });
}

export default function RecordOfPerson() {
  const { heading, id, name, sections } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} width="wide" trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${id}`, label: name }]}>
      <ButtonRow>
        <ButtonLink to={`/hr/people/${id}/record.pdf`} kind="primary" document>{t('records.record-pdf')}</ButtonLink>
        <ButtonLink to={`/hr/people/${id}/record.json`} document>{t('records.record-json')}</ButtonLink>
      </ButtonRow>
      <RecordSections sections={sections} />
    </Page>
  );
}
