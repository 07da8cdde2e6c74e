import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { decideAppeal, decideFinding, judgedFinding } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Facts, FormBox, InstantText, Page, RadioField, Section, StatusTag, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { findingTone } from '~/ui/exam/finding-words';
import { ObservationList } from '~/ui/exam/observation-list';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const reasons = z.string().trim().min(10, 'field.too-short').max(4000);
const Decide = z.object({ outcome: z.enum(['dismissed', 'warning', 'void']), reasons, version: z.number().int() });
const Appeal = z.object({ outcome: z.enum(['appeal-upheld', 'appeal-dismissed']), reasons, version: z.number().int() });

const DONE = { proposed: 'finding.proposed-done', decided: 'finding.decided-done' } as const;
const isDone = (value: string | null): value is keyof typeof DONE => value !== null && value in DONE;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see findings');
  const lang = langOf(request);
  const { finding, names, ...rest } = must(await judgedFinding(actor, params['id'] ?? ''));
  const done = new URL(request.url).searchParams.get('done');
  return json({
    ...rest, finding, exam: finding.examTitle[lang], heading: textFor(lang).t('finding.title'),
    proposer: names[finding.proposedBy] ?? '', decider: names[finding.decidedBy ?? ''] ?? '', appealDecider: names[finding.appealDecidedBy ?? ''] ?? '',
    done: isDone(done) ? done : null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'adjudicate');
  const form = await parseOneOf(request, { decide: Decide, appeal: Appeal });
  if (!form.ok) return form.response;
  const id = params['id'] ?? '';
  const done = form.form === 'decide' ? await decideFinding(actor, id, form.value) : await decideAppeal(actor, id, form.value);
  return done.ok ? redirect(`/findings/${id}?done=decided`) : form.refuse(done.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function FindingPage() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const { finding } = data;
  const state = finding.state === 'proposed' && data.heard ? 'heard' : finding.state;
  return (
    <Page title={finding.candidate} lead={t('finding.my-lead', { exam: data.exam, number: finding.attemptNumber })} trail={[{ to: '/findings', label: t('finding.title') }]}>
      {data.done && <Banner tone="success" title={t(DONE[data.done])} />}
      {finding.attemptState === 'void' && finding.consequence === 'void' && <Banner tone="info" title={t('finding.executed')} />}
      <Facts items={[
        { term: t('finding.state'), value: <StatusTag tone={findingTone(state)}>{t(`finding.state.${state}`)}</StatusTag> },
        { term: t('finding.proposed-by'), value: data.proposer },
        { term: t('finding.proposed-at'), value: <InstantText at={finding.proposedAt} /> },
      ]} />
      <Section title={t('finding.allegation-title')}><Quote>{finding.allegation}</Quote></Section>
      <Section title={t('finding.evidence')}>
        <ObservationList observations={data.evidence} caption={t('finding.evidence')} empty={t('finding.no-evidence')} />
      </Section>
      <Statement data={data} />
      {finding.decidedAt !== null && <Decision data={data} />}
      {data.adjudicator && (state === 'proposed' || state === 'heard') && (data.decision === null ? <DecideForm data={data} /> : <Cannot code={data.decision} />)}
      {finding.consequence !== null && <AppealSection data={data} />}
    </Page>
  );
}

/** What somebody wrote, with their line breaks. */
function Quote({ children }: { children: string }) {
  return <blockquote className="quote">{children}</blockquote>;
}

function Statement({ data: { finding, heard } }: { data: Data }) {
  const { t, dateTime } = useText();
  return (
    <Section title={t('finding.statement-title')}>
      {finding.statement !== null && finding.statementAt !== null
        ? <><Quote>{finding.statement}</Quote><p className="soft small">{t('finding.statement-at', { at: dateTime(finding.statementAt) })}</p></>
        : <p>{heard ? t('finding.no-statement-given') : t('finding.no-statement', { until: dateTime(finding.hearUntil) })}</p>}
    </Section>
  );
}

function Decision({ data: { finding, decider } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('finding.decision-title')}>
      <Facts items={[
        { term: t('finding.outcome'), value: t(finding.consequence === null ? 'finding.state.dismissed' : 'finding.state.upheld') },
        ...(finding.consequence === null ? [] : [{ term: t('finding.consequence'), value: t(`finding.consequence.${finding.consequence}`) }]),
        { term: t('finding.decided-by'), value: decider },
        ...(finding.decidedAt === null ? [] : [{ term: t('finding.decided-at'), value: <InstantText at={finding.decidedAt} /> }]),
      ]} />
      <Quote>{finding.reasons ?? ''}</Quote>
    </Section>
  );
}

function AppealSection({ data }: { data: Data }) {
  const { t, dateTime } = useText();
  const { finding } = data;
  return (
    <Section title={t('finding.appeal-title')}>
      {finding.appeal === null
        ? <p>{data.closed ? t('finding.appeal-none') : t('finding.appeal-until', { until: dateTime(finding.appealUntil ?? 0) })}</p>
        : <Quote>{finding.appeal}</Quote>}
      {finding.appealDecidedAt !== null && (
        <>
          <Facts items={[
            { term: t('finding.appeal-outcome'), value: t(`finding.state.${finding.state}`) },
            { term: t('finding.decided-by'), value: data.appealDecider },
            { term: t('finding.decided-at'), value: <InstantText at={finding.appealDecidedAt} /> },
          ]} />
          <Quote>{finding.appealReasons ?? ''}</Quote>
        </>
      )}
      {data.adjudicator && finding.state === 'appealed' && (data.appealDecision === null ? <AppealForm data={data} /> : <Cannot code={data.appealDecision} />)}
    </Section>
  );
}

function Cannot({ code }: { code: NonNullable<Data['decision']> }) {
  const { t, problem } = useText();
  return <Banner tone="info" title={t('finding.cannot')}><p>{problem({ code })}</p></Banner>;
}

function DecideForm({ data: { finding } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  return (
    <Section title={t('finding.decide')}>
      <FormBox form={form}>
        <input type="hidden" name="version" value={finding.version} />
        <RadioField form={form} name="outcome" label={t('finding.outcome')} hint={t('finding.decide-hint')} options={[
          { value: 'dismissed', label: t('finding.decide-dismissed') },
          { value: 'warning', label: t('finding.decide-warning') },
          { value: 'void', label: t('finding.decide-void') },
        ]} />
        <TextAreaField form={form} name="reasons" label={t('finding.reasons')} hint={t('finding.reasons-hint')} rows={6} />
        <SubmitButton>{t('finding.decide')}</SubmitButton>
      </FormBox>
    </Section>
  );
}

function AppealForm({ data: { finding } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Appeal>({ id: 'appeal' });
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={finding.version} />
      <RadioField form={form} name="outcome" label={t('finding.appeal-outcome')} options={[
        { value: 'appeal-upheld', label: t('finding.decide-appeal-upheld') },
        { value: 'appeal-dismissed', label: t('finding.decide-appeal-dismissed') },
      ]} />
      <TextAreaField form={form} name="reasons" label={t('finding.reasons')} hint={t('finding.reasons-hint')} rows={6} />
      <SubmitButton>{t('finding.decide-appeal')}</SubmitButton>
    </FormBox>
  );
}
