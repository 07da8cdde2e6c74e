import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { changeWords, isNoticeKey, ownPreferences, previewOf, restoreWords, sampleValues, tryWords, wordsOf } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonRow, Card, Cards, DataTable, FormBox, InstantText, Page, PostButton, Section, SelectField, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Short enough to travel in an address, in which the preview keeps what was typed. */
const Title = z.string().trim().min(1, 'field.required').max(100, 'field.too-long');
const Words = z.string().trim().min(1, 'field.required').max(500, 'field.too-long');
const Wording = z.object({ titleZh: Title, textZh: Words, titleEn: Title, textEn: Words });
const Edit = Wording.extend({ number: z.number().int(), do: z.enum(['save', 'try']), channel: z.string().optional() });
const Restore = z.object({ number: z.number().int() });
const DONE = ['saved', 'restored', 'tried'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set notices');
  const key = params['key'] ?? '';
  if (!isNoticeKey(key)) throw new ProblemError({ code: 'not-found' });
  const zone = config().TIME_ZONE;
  const { lang } = textFor(langOf(request));
  const query = new URL(request.url).searchParams;
  const { wording, versions, number, isOwn } = await wordsOf(reader(), key);
  const typed = Wording.safeParse(Object.fromEntries(query));
  const shown = typed.success ? typed.data : wording;
  const names = await namesOf(reader(), versions.map(({ madeBy }) => madeBy));
  return json({
    heading: previewOf(key, wording, lang, zone).title, number, isOwn, wording: shown, isTyped: typed.success, done: DONE.find((one) => one === query.get('done')) ?? null,
    preview: { zh: previewOf(key, shown, 'zh', zone), en: previewOf(key, shown, 'en', zone) },
    values: Object.entries(sampleValues(key, lang, zone)).map(([name, value]) => ({ name, value: String(value) })),
    versions: versions.map((one) => ({ number: one.number, origin: one.origin, madeAt: one.madeAt, by: names.get(one.madeBy) ?? '', title: lang === 'zh' ? one.wording.titleZh : one.wording.titleEn })),
    channels: actor.personId === null ? [] : (await ownPreferences(reader(), actor.personId)).channels.flatMap(({ id, name, address }) => (address === null ? [] : [{ id, name, address }])),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set notices');
  const key = params['key'] ?? '';
  if (!isNoticeKey(key)) throw new ProblemError({ code: 'not-found' });
  const form = await parseOneOf(request, { words: Edit, restore: Restore });
  if (!form.ok) return form.response;
  if (form.form === 'restore') {
    const restored = await restoreWords(actor, key, form.value.number);
    return restored.ok ? redirect(`/admin/notices/${key}?done=restored`) : form.refuse(restored.error);
  }
  const { number, do: what, channel, ...wording } = form.value;
  const done = await (what === 'try' ? tryWords(actor, key, wording, channel ?? '') : changeWords(actor, key, number, wording));
  if (!done.ok) return form.refuse(done.error);
  const query = what === 'try' ? new URLSearchParams({ ...wording, done: 'tried' }) : new URLSearchParams({ done: 'saved' });
  return redirect(`/admin/notices/${key}?${query.toString()}`);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function WordsOfNotice() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={data.heading} lead={t('words.one-lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/notices', label: t('words.title') }]}>
      {data.done && <Banner tone="success" title={t(`words.done.${data.done}`)} />}
      <Section title={t('words.preview')}>
        {data.isTyped && <p>{t('words.not-saved')}</p>}
        <Cards>
          {(['zh', 'en'] as const).map((lang) => <Card key={lang} title={data.preview[lang].title}><p lang={lang}>{data.preview[lang].text}</p></Card>)}
        </Cards>
      </Section>
      <Section title={t('words.edit')}><Editor data={data} /></Section>
      <Section title={t('words.placeholders')}><Placeholders values={data.values} /></Section>
      {data.versions.length > 0 && <Section title={t('words.versions')}><Versions data={data} /></Section>}
    </Page>
  );
}

function Editor({ data: { wording, number, channels } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Edit>({ id: 'words', defaultValue: wording });
  return (
    <FormBox form={form}>
      <input type="hidden" name="number" value={number} />
      <TextField form={form} name="titleZh" label={t('words.title-zh')} maxLength={100} />
      <TextAreaField form={form} name="textZh" label={t('words.text-zh')} rows={4} />
      <TextField form={form} name="titleEn" label={t('words.title-en')} maxLength={100} />
      <TextAreaField form={form} name="textEn" label={t('words.text-en')} rows={4} />
      {channels.length === 0 ? <p>{t('words.no-trial')}</p> : (
        <SelectField form={form} name="channel" label={t('words.channel')} hint={t('words.channel-hint')} optional
          options={channels.map(({ id, name, address }) => ({ value: id, label: id === 'e-mail' ? t('preferences.channel.e-mail', { address }) : t('preferences.channel-other', { name, address }) }))} />
      )}
      <ButtonRow>
        <SubmitButton name="do" value="save">{t('words.save')}</SubmitButton>
        <Button formMethod="get" kind="secondary">{t('words.show')}</Button>
        {channels.length > 0 && <Button name="do" value="try" kind="secondary">{t('words.try')}</Button>}
      </ButtonRow>
    </FormBox>
  );
}

function Placeholders({ values }: { values: Data['values'] }) {
  const { t } = useText();
  return (
    <>
      <p>{t('words.placeholders-lead')}</p>
      <DataTable
        caption={t('words.placeholders')}
        rows={values}
        rowKey={(row) => row.name}
        empty=""
        columns={[
          { key: 'name', header: t('words.placeholder'), cell: (row) => <code>{`{{${row.name}}}`}</code> },
          { key: 'value', header: t('words.sample'), cell: (row) => row.value },
        ]}
      />
    </>
  );
}

function Versions({ data: { versions, isOwn, number } }: { data: Data }) {
  const { t } = useText();
  return (
    <>
      {isOwn && <PostButton fields={{ __form: 'restore', number: String(number) }}>{t('words.restore')}</PostButton>}
      <DataTable
        caption={t('words.versions')}
        rows={versions}
        rowKey={(row) => String(row.number)}
        empty=""
        columns={[
          { key: 'number', header: t('words.version'), cell: (row) => row.number },
          { key: 'title', header: t('words.notice'), cell: (row) => row.title },
          { key: 'origin', header: t('words.whose'), cell: (row) => t(row.origin === 'own' ? 'words.own' : 'words.shipped') },
          { key: 'when', header: t('words.since'), cell: (row) => <><InstantText at={row.madeAt} /><br /><small>{row.by}</small></> },
        ]}
      />
    </>
  );
}
