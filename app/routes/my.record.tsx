import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { declarationsOf, openRecord, recordChecks } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, InstantText, Page, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { shownSections } from '~/ui/records/record.server';
import { RecordSections } from '~/ui/records/record-sections';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const record = (await openRecord(actor, actor.personId ?? ''))?.record;
  if (!record) throw new ProblemError({ code: 'not-found' });
  const lang = langOf(request);
  return json({
    heading: textFor(lang).t('records.record'), sections: shownSections(record, lang), checks: await recordChecks(reader(), record.person.id, 20),
    toSign: (await declarationsOf(reader(), actor.personId ?? '')).filter((one) => one.signedAt === null).map(({ assignmentId, code, titleZh, titleEn }) => ({ assignmentId, code, title: lang === 'zh' ? titleZh : titleEn })),
  });
}

export default function MyRecord() {
  const { heading, sections, toSign, checks } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} lead={t('records.record-lead')} width="wide">
      {toSign.map((one) => (
        <Banner key={`${one.assignmentId} ${one.code}`} tone="warning" title={one.title}>
          <ButtonLink to={`/my/declarations/${one.assignmentId}/${encodeURIComponent(one.code)}`}>{t('records.declaration-open')}</ButtonLink>
        </Banner>
      ))}
      <ButtonRow>
        <ButtonLink to="/my/record.pdf" kind="primary" document>{t('records.record-pdf')}</ButtonLink>
        <ButtonLink to="/my/record.json" document>{t('records.record-json')}</ButtonLink>
        <ButtonLink to="/my/evidence">{t('records.my-evidence')}</ButtonLink>
        <ButtonLink to="/my/events">{t('records.my-events')}</ButtonLink>
      </ButtonRow>
      <p className="small soft">{t('records.record-json-hint')}</p>
      <RecordSections sections={sections} />
      {checks.length > 0 && (
        <Section title={t('records.checks')}>
          <p>{t('records.checks-lead')}</p>
          <ul className="bullets">{checks.map((at) => <li key={at}><InstantText at={at} /></li>)}</ul>
        </Section>
      )}
    </Page>
  );
}
