import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { authorise, signedIn } from '~/identity';
import { correctFigure, counting, openFigure, type FigureOf } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Facts, FormBox, Page, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { wordAmount, wordFigure } from '~/ui/reports/figure-words';

export const meta = pageTitle;

const Amount = z.number().min(0, 'field.too-low').max(10_000_000, 'field.too-high');
const Correct = z.object({ part: Amount, whole: Amount.optional(), seenPart: z.number(), seenWhole: z.number().optional(), reason: z.string().trim().min(4, 'field.too-short').max(500, 'field.too-long') });

function figureOf(request: Request, id: string | undefined): FigureOf {
  const asked = new URL(request.url).searchParams;
  const of = asked.get('of');
  if (of !== 'unit' && of !== 'person') throw redirect(`/hr/appraisal/${id ?? ''}`);
  return { appraisalId: id ?? '', subjectKind: of, subjectId: asked.get('subject') ?? '', code: asked.get('code') ?? '' };
}

/** Hours and amounts of targets are typed as people read them, counts as they are. */
const inHundredths = (code: string): boolean => code.startsWith('hours') && code !== 'hours-reached' || code.startsWith('target:');

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see appraisals');
  const asked = figureOf(request, params['id']);
  const { appraisal, figure, unit, person } = await openFigure(actor, asked);
  const text = textFor(langOf(request));
  const now = counting(figure);
  const scale = inHundredths(asked.code) ? 100 : 1;
  return json({
    heading: text.t('appraisal.correct-title'), id: appraisal.id, of: text.t('appraisal.of', { unit: appraisal.organisation, year: appraisal.year }), subject: person ? `${person.name}（${unit.name}）` : unit.name,
    figure: wordFigure(text, appraisal.hourRules, asked.subjectKind === 'unit' ? `unit.${asked.code}` : asked.code), now: wordAmount(text, appraisal.hourRules, asked.code, now),
    frozen: wordAmount(text, appraisal.hourRules, asked.code, figure), seen: now, part: String(now.part / scale), whole: now.whole === null ? null : String(asked.code === 'hours-mean' ? now.whole : now.whole / scale),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see appraisals');
  const asked = figureOf(request, params['id']);
  const form = await parseForm(request, Correct);
  if (!form.ok) return form.response;
  const { part, whole, seenPart, seenWhole, reason } = form.value;
  const scale = inHundredths(asked.code) ? 100 : 1;
  const corrected = await correctFigure(actor, {
    ...asked, seen: { part: seenPart, whole: seenWhole ?? null }, part: Math.round(part * scale), whole: whole === undefined ? null : Math.round(whole * (asked.code === 'hours-mean' ? 1 : scale)), reason,
  });
  return corrected.ok ? redirect(`/hr/appraisal/${asked.appraisalId}?done=corrected`) : form.refuse(corrected.error);
}

export default function CorrectFigure() {
  const { heading, id, of, subject, figure, now, frozen, seen, part, whole } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Correct>({ defaultValue: { part, ...(whole !== null && { whole }) } });
  return (
    <Page title={heading} lead={t('appraisal.correct-lead')} trail={[{ to: '/hr/appraisal', label: t('appraisal.title') }, { to: `/hr/appraisal/${id}`, label: of }]}>
      <Facts items={[
        { term: t('appraisal.correction-of'), value: subject }, { term: t('appraisal.figure'), value: figure }, { term: t('appraisal.now'), value: now },
        ...(now === frozen ? [] : [{ term: t('appraisal.as-frozen'), value: frozen }]),
      ]} />
      <FormBox form={form}>
        <input type="hidden" name="seenPart" value={seen.part} />
        {seen.whole !== null && <input type="hidden" name="seenWhole" value={seen.whole} />}
        <TextField form={form} name="part" label={t(whole === null ? 'appraisal.new-figure' : 'appraisal.new-part')} inputMode="decimal" width="short" />
        {whole !== null && <TextField form={form} name="whole" label={t('appraisal.new-whole')} inputMode="decimal" width="short" />}
        <TextAreaField form={form} name="reason" label={t('appraisal.reason')} hint={t('appraisal.reason-hint')} rows={3} />
        <SubmitButton>{t('appraisal.correct-save')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
