import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { sebHelp } from '~/exams';
import { signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Page, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** For a candidate who came without Safe Exam Browser, or whose browser could not prove itself. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const id = params['id'] ?? '';
  const { links } = must(await sebHelp(await signedIn(request), id));
  return json({ heading: textFor(langOf(request)).t('seb.title'), id, links });
}

export default function AttemptSeb() {
  const { id, links } = useLoaderData<typeof loader>();
  const { t } = useText();
  const retry = <ButtonLink to={`/attempts/${id}`} kind="primary" document>{t(links ? 'seb.retry' : 'seb.continue')}</ButtonLink>;
  if (!links) return <Page title={t('seb.title')} lead={t('seb.not-needed')}><ButtonRow>{retry}</ButtonRow></Page>;
  return (
    <Page title={t('seb.title')} lead={t('seb.lead')}>
      <Banner tone="info" title={t('seb.safe')} />
      <Section title={t('seb.do-retry')}>
        <p>{t('seb.do-retry-hint')}</p>
        <ButtonRow>{retry}</ButtonRow>
      </Section>
      <Section title={t('seb.do-open')}>
        <p>{t('seb.do-open-hint')}</p>
        <ButtonRow>
          <a className="button button--secondary" href={links.open}>{t('seb.open')}</a>
          <ButtonLink to={links.download} document>{t('seb.download')}</ButtonLink>
        </ButtonRow>
      </Section>
      <Section title={t('seb.do-invigilator')}><p>{t('seb.do-invigilator-hint')}</p></Section>
    </Page>
  );
}
