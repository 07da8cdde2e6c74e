import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { ownFindings } from '~/exams';
import { signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Card, EmptyState, InstantText, Page, StatusTag } from '~/ui';
import { findingTone } from '~/ui/exam/finding-words';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const lang = langOf(request);
  const findings = (await ownFindings(actor)).map((one) => ({ id: one.id, exam: one.examTitle[lang], number: one.attemptNumber, state: one.state, proposedAt: one.proposedAt }));
  return json({ heading: textFor(lang).t('finding.my-title'), findings });
}

export default function MyFindings() {
  const { findings } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('finding.my-title')} lead={t('finding.my-list-lead')}>
      {findings.length === 0 && <EmptyState title={t('finding.my-none')} />}
      {findings.map((one) => (
        <Card key={one.id} to={`/my/findings/${one.id}`} title={t('finding.my-lead', { exam: one.exam, number: one.number })} meta={<InstantText at={one.proposedAt} />}>
          <p><StatusTag tone={findingTone(one.state)}>{t(`finding.state.${one.state}`)}</StatusTag></p>
        </Card>
      ))}
    </Page>
  );
}
