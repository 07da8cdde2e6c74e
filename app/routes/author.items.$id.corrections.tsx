import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { findItem, itemVersions } from '~/itembank';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { askCorrection, correctionsFor, previewCorrection, withdrawCorrection, type Effect } from '~/marking';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, CheckboxField, DataTable, FormBox, InstantText, Page, PostButton, RadioField, Section, SelectField, TextAreaField, useFormReply } from '~/ui';
import { CorrectionKindWords, CorrectionStateTag } from '~/ui/correction/correction-words';
import { EffectFacts } from '~/ui/correction/effect-facts';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const KINDS = ['key', 'credit', 'leave-out'] as const;
const Draft = z.object({
  id: Id, version: z.number().int().min(1), kind: z.enum(KINDS), favourable: z.boolean().default(false),
  reason: z.string().trim().min(5, 'field.too-short').max(1000, 'field.too-long'), step: z.enum(['preview', 'ask']),
});
const Withdrawal = z.object({ withdraw: Id, at: z.coerce.number() });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see items');
  const item = await findItem(reader(), params['id'] ?? '');
  if (!item) throw new ProblemError({ code: 'not-found' });
  const { t } = textFor(langOf(request));
  const versions = await itemVersions(reader(), item.id);
  return json({
    heading: t('correction.title', { code: item.code }), id: item.id, code: item.code, key: newId(), current: item.version,
    versions: versions.map(({ number }) => ({ value: String(number), label: t('itembank.version-number', { number }) })),
    corrections: (await correctionsFor(actor, item.id)).map((one) => ({ ...one, mine: one.askedBy === actor.by })),
    mayAsk: can(actor, 'write items'), done: new URL(request.url).searchParams.get('done'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write items');
  const itemId = params['id'] ?? '';
  const taken = Withdrawal.safeParse(Object.fromEntries(await request.clone().formData()));
  if (taken.success) {
    const done = await withdrawCorrection(actor, taken.data.withdraw, taken.data.at);
    if (!done.ok) throw new ProblemError(done.error);
    return redirect(`/author/items/${itemId}/corrections?done=withdrawn`);
  }
  const form = await parseForm(request, Draft);
  if (!form.ok) return form.response;
  const { step, ...draft } = form.value;
  const effect = await previewCorrection(actor, { ...draft, itemId });
  if (!effect.ok) return form.refuse(effect.error);
  if (step === 'preview') return json({ effect: effect.value, draft });
  const asked = await askCorrection(actor, { ...draft, itemId });
  return asked.ok ? redirect(`/author/items/${itemId}/corrections?done=asked`) : form.refuse(asked.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
type Preview = { effect: Effect; draft: Omit<z.infer<typeof Draft>, 'step'> };
const isPreview = (reply: unknown): reply is Preview => typeof reply === 'object' && reply !== null && 'effect' in reply;

export default function Corrections() {
  const data = useLoaderData<typeof loader>();
  const reply = useActionData<typeof action>();
  const preview = isPreview(reply) ? reply : null;
  const { t } = useText();
  return (
    <Page title={data.heading} lead={t('correction.lead')} trail={[{ to: '/author', label: t('itembank.author-title') }, { to: `/author/items/${data.id}`, label: data.code }]}>
      {data.done && !reply && <Banner tone="success" title={t(data.done === 'asked' ? 'correction.asked' : 'correction.withdrawn-done')} />}
      {preview && <Section title={t('correction.effect')} id="effect"><EffectFacts effect={preview.effect} /></Section>}
      {data.mayAsk && <Ask key={preview?.draft.id ?? data.key} data={data} draft={preview?.draft ?? null} />}
      <Section title={t('correction.history')}><History data={data} /></Section>
    </Page>
  );
}

function Ask({ data, draft }: { data: Data; draft: Preview['draft'] | null }) {
  const { t } = useText();
  const form = useFormReply<typeof Draft>({ defaultValue: draft ?? { version: String(data.versions.at(data.current > 1 ? 1 : 0)?.value ?? 1), kind: data.current > 1 ? 'key' : 'credit', favourable: true } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="id" value={draft?.id ?? data.key} />
      <SelectField form={form} name="version" label={t('correction.version')} options={data.versions} />
      <RadioField form={form} name="kind" label={t('correction.kind')} options={KINDS.map((value) => ({ value, label: t(`correction.kind.${value}`) }))} />
      <CheckboxField form={form} name="favourable" label={t('correction.favourable')} />
      <TextAreaField form={form} name="reason" label={t('correction.reason')} hint={t('correction.reason-hint')} />
      <div className="button-row">
        <Button kind={draft ? 'secondary' : 'primary'} name="step" value="preview">{t('correction.preview')}</Button>
        {draft && <Button kind="primary" name="step" value="ask">{t('correction.ask')}</Button>}
      </div>
    </FormBox>
  );
}

function History({ data }: { data: Data }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('correction.history')}
      rows={data.corrections}
      rowKey={(row) => row.id}
      empty={t('correction.none')}
      columns={[
        { key: 'what', header: t('correction.what'), cell: (row) => <CorrectionKindWords kind={row.kind} favourable={row.favourable} /> },
        { key: 'version', header: t('correction.version'), cell: (row) => t('itembank.version-number', { number: row.itemVersion }) },
        { key: 'state', header: t('correction.state'), cell: (row) => <CorrectionStateTag state={row.state} appliedAt={row.appliedAt} /> },
        { key: 'by', header: t('correction.asked-by'), cell: (row) => row.asker ?? '—' },
        { key: 'when', header: t('correction.when'), cell: (row) => <InstantText at={row.askedAt} /> },
        { key: 'act', header: '', cell: (row) => (row.state === 'asked' && row.mine ? <PostButton fields={{ withdraw: row.id, at: String(row.version) }}>{t('correction.withdraw')}</PostButton> : null) },
      ]}
    />
  );
}
