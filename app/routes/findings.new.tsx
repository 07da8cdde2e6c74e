import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { HEARING_DAYS, proposalPage, proposeFinding } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, CheckboxGroupField, FormBox, Page, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { observationDetail, observationKind } from '~/ui/exam/observation-list';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Proposal = z.object({
  allegation: z.string().trim().min(10, 'field.too-short').max(4000),
  observations: z.array(z.string().max(200)).max(500).default([]),
});

const attemptOf = (request: Request): string => new URL(request.url).searchParams.get('attempt') ?? '';

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'propose findings');
  const lang = langOf(request);
  const { attempt, exam, observations, earlier } = must(await proposalPage(actor, attemptOf(request)));
  return json({
    heading: textFor(lang).t('finding.new-title'), exam: exam.title[lang], number: attempt.number, observations, earlier: earlier.length, hearingDays: HEARING_DAYS,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'propose findings');
  const form = await parseForm(request, Proposal);
  if (!form.ok) return form.response;
  const made = await proposeFinding(actor, { attemptId: attemptOf(request), ...form.value });
  return made.ok ? redirect(`/findings/${made.value}?done=proposed`) : form.refuse(made.error);
}

export default function NewFinding() {
  const data = useLoaderData<typeof loader>();
  const text = useText();
  const { t, dateTime } = text;
  const form = useFormReply<typeof Proposal>();
  return (
    <Page title={t('finding.new-title')} lead={t('finding.my-lead', { exam: data.exam, number: data.number })} trail={[{ to: '/findings', label: t('finding.title') }]}>
      <Banner tone="info" title={t('finding.new-lead', { days: data.hearingDays })} />
      {data.earlier > 0 && <Banner tone="warning" title={t('finding.earlier', { count: data.earlier })} />}
      <FormBox form={form}>
        <TextAreaField form={form} name="allegation" label={t('finding.allegation')} hint={t('finding.new-fact')} rows={6} />
        {data.observations.length === 0 ? <p>{t('finding.no-observations')}</p> : (
          <CheckboxGroupField
            form={form} name="observations" label={t('finding.rests-on')} hint={t('finding.rests-on-hint')} optional
            options={data.observations.map((one) => ({ value: one.id, label: observationKind(text, one.kind), hint: `${dateTime(one.at)} ${observationDetail(text, one)}`.trim() }))}
          />
        )}
        <SubmitButton>{t('finding.propose')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
