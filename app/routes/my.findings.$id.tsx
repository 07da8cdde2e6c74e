import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { answerFinding, appealFinding, ownFinding } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Facts, FormBox, Page, Section, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { ObservationList } from '~/ui/exam/observation-list';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Statement = z.object({ statement: z.string().trim().min(2, 'field.too-short').max(4000) });
const Appeal = z.object({ appeal: z.string().trim().min(2, 'field.too-short').max(4000) });

const DONE = { statement: 'finding.my-statement-done', appeal: 'finding.my-appeal-done' } as const;
const isDone = (value: string | null): value is keyof typeof DONE => value !== null && value in DONE;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const lang = langOf(request);
  const { finding, ...rest } = must(await ownFinding(actor, params['id'] ?? ''));
  const done = new URL(request.url).searchParams.get('done');
  const { state, allegation, hearUntil, statement, consequence, reasons, appealUntil, appeal, appealReasons, attemptNumber } = finding;
  return json({
    ...rest, heading: textFor(lang).t('finding.my-title'), exam: finding.examTitle[lang], done: isDone(done) ? done : null,
    // Who acted is not told: the decision is the office's, not a person's.
    finding: { state, allegation, hearUntil, statement, consequence, reasons, appealUntil, appeal, appealReasons, attemptNumber },
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'answer a finding', { personId: actor.personId });
  const form = await parseOneOf(request, { statement: Statement, appeal: Appeal });
  if (!form.ok) return form.response;
  const id = params['id'] ?? '';
  const done = form.form === 'statement' ? await answerFinding(actor, id, form.value.statement) : await appealFinding(actor, id, form.value.appeal);
  return done.ok ? redirect(`/my/findings/${id}?done=${form.form}`) : form.refuse(done.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function MyFinding() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const { finding } = data;
  return (
    <Page title={t('finding.my-title')} lead={t('finding.my-lead', { exam: data.exam, number: finding.attemptNumber })}>
      {data.done && <Banner tone="success" title={t(DONE[data.done])} />}
      <Section title={t('finding.my-now')}>
        <p><strong>{stepText(data, useText())}</strong></p>
        {!data.closed && finding.consequence !== 'warning' && <p>{t('finding.my-result')}</p>}
      </Section>
      <Section title={t('finding.my-allegation')}><blockquote className="quote">{finding.allegation}</blockquote></Section>
      <Section title={t('finding.my-recorded')}>
        <ObservationList observations={data.evidence} caption={t('finding.my-recorded')} empty={t('finding.no-evidence')} />
      </Section>
      <StatementSection data={data} />
      {finding.reasons !== null && <Decision data={data} />}
      {(data.mayAppeal || finding.appeal !== null) && <AppealSection data={data} />}
    </Page>
  );
}

function stepText({ finding, heard, mayAppeal }: Data, { t, dateTime }: ReturnType<typeof useText>): string {
  if (finding.state === 'proposed' && heard) return t('finding.my-step.overdue');
  if (finding.state === 'upheld' && mayAppeal) return t('finding.my-step.upheld-appeal', { until: dateTime(finding.appealUntil ?? 0) });
  return t(`finding.my-step.${finding.state}`, { until: dateTime(finding.hearUntil) });
}

function StatementSection({ data: { finding, mayState } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Statement>({ id: 'statement', defaultValue: { statement: finding.statement ?? '' } });
  if (!mayState) return finding.statement === null ? null : <Section title={t('finding.my-statement')}><blockquote className="quote">{finding.statement}</blockquote></Section>;
  return (
    <Section title={t('finding.my-statement')}>
      <FormBox form={form}>
        <TextAreaField form={form} name="statement" label={t('finding.my-statement-label')} hint={t('finding.my-statement-hint')} rows={8} />
        <SubmitButton>{t(finding.statement === null ? 'finding.my-statement-send' : 'finding.my-statement-change')}</SubmitButton>
      </FormBox>
      <p className="soft">{t('finding.my-help')}</p>
    </Section>
  );
}

function Decision({ data: { finding } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('finding.my-decision')}>
      <Facts items={[
        { term: t('finding.outcome'), value: t(finding.consequence === null ? 'finding.state.dismissed' : 'finding.state.upheld') },
        ...(finding.consequence === null ? [] : [{ term: t('finding.consequence'), value: t(`finding.consequence.${finding.consequence}`) }]),
      ]} />
      <blockquote className="quote">{finding.reasons}</blockquote>
    </Section>
  );
}

function AppealSection({ data: { finding, mayAppeal } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Appeal>({ id: 'appeal' });
  return (
    <Section title={t('finding.my-appeal')}>
      {finding.appeal !== null && <blockquote className="quote">{finding.appeal}</blockquote>}
      {finding.appealReasons !== null && <><p>{t(`finding.my-step.${finding.state}`)}</p><blockquote className="quote">{finding.appealReasons}</blockquote></>}
      {mayAppeal && (
        <FormBox form={form}>
          <TextAreaField form={form} name="appeal" label={t('finding.my-appeal-label')} hint={t('finding.my-appeal-hint')} rows={8} />
          <SubmitButton>{t('finding.my-appeal-send')}</SubmitButton>
        </FormBox>
      )}
    </Section>
  );
}
