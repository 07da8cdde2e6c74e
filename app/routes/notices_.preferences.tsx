import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { CATEGORIES, changePreferences, type E_MAIL, LANGS, OPTIONAL_CATEGORIES, ownPreferences, trustAddress } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, CheckboxGroupField, DataTable, FormBox, InstantText, Page, PostButton, RadioField, Section, SelectField, SubmitButton, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const USUAL = 'usual';
const Wanted = z.object({
  version: z.number().int(), channels: z.array(z.string()).default([]), hour: z.string(), lang: z.enum(LANGS), off: z.array(z.enum(OPTIONAL_CATEGORIES)).default([]),
});
const Trust = z.object({ channel: z.string() });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  const { preferences, channels, optional, hours, usualHour, bad } = await ownPreferences(reader(), actor.personId ?? '');
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(langOf(request)).t('preferences.title'), preferences, hours, usualHour, bad, done: done === 'saved' || done === 'trusted' ? done : null,
    channels: channels.flatMap(({ id, name, address, isBad }) => (address === null || isBad ? [] : [{ id, name, address }])), names: Object.fromEntries(channels.map(({ id, name }) => [id, name])),
    optional, fixed: CATEGORIES.filter((one) => !optional.some((may) => may === one)),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  const personId = actor.personId ?? '';
  const form = await parseOneOf(request, { preferences: Wanted, trust: Trust });
  if (!form.ok) return form.response;
  if (form.form === 'trust') {
    await trustAddress(actor.by, personId, form.value.channel);
    return redirect('/notices/preferences?done=trusted');
  }
  const { version, channels, hour, lang, off } = form.value;
  const changed = await changePreferences({ by: actor.by, personId }, version, {
    channels: channels.length === 0 ? null : channels, digestHour: hour === USUAL ? null : Number(hour), lang, off,
  });
  return changed.ok ? redirect('/notices/preferences?done=saved') : form.refuse(changed.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function OwnPreferences() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('preferences.title')} lead={t('preferences.lead')} trail={[{ to: '/notices', label: t('notices.title') }]}
      actions={<ButtonLink to="/notices/calendar">{t('preferences.calendar-link')}</ButtonLink>}>
      {data.done && <Banner tone="success" title={t(data.done === 'saved' ? 'preferences.done' : 'preferences.trusted')} />}
      <Choice data={data} />
      {data.bad.length > 0 && <Section title={t('preferences.bad')}><p>{t('preferences.bad-lead')}</p><Bad data={data} /></Section>}
    </Page>
  );
}

function Choice({ data: { preferences, channels, hours, usualHour, optional, fixed } }: { data: Data }) {
  const { t, lang } = useText();
  const { digestHour, off } = preferences;
  const form = useFormReply<typeof Wanted>({
    id: 'preferences', defaultValue: { channels: preferences.channels ?? [], hour: digestHour === null ? USUAL : String(digestHour), lang: preferences.lang, off: off.flatMap((one) => OPTIONAL.find((known) => known === one) ?? []) },
  });
  const kinds = new Intl.ListFormat(lang, { type: 'conjunction' }).format(fixed.map((one) => t(`preferences.category.${one}`)));
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={preferences.version} />
      {channels.length === 0 ? <p>{t('preferences.no-channel')}</p> : (
        <CheckboxGroupField form={form} name="channels" label={t('preferences.channels')} hint={t('preferences.channels-hint')} optional
          options={channels.map(({ id, name, address }) => ({ value: id, label: id === MAIL ? t('preferences.channel.e-mail', { address }) : t('preferences.channel-other', { name, address }) }))} />
      )}
      <SelectField form={form} name="hour" label={t('preferences.hour')} hint={t('preferences.hour-hint')}
        options={[{ value: USUAL, label: t('preferences.hour-usual', { hour: usualHour }) }, ...hours.map((hour) => ({ value: String(hour), label: t('preferences.hour-at', { hour }) }))]} />
      <RadioField form={form} name="lang" label={t('preferences.lang')} options={LANGUAGES.map((one) => ({ value: one, label: t(`preferences.lang.${one}`) }))} />
      {optional.length > 0 && <CheckboxGroupField form={form} name="off" label={t('preferences.kinds')} hint={t('preferences.kinds-hint')} optional options={optional.map((one) => ({ value: one, label: t(`preferences.category.${one}`) }))} />}
      <p>{optional.length === 0 ? t('preferences.all-fixed') : t('preferences.fixed', { kinds })}</p>
      <SubmitButton>{t('preferences.save')}</SubmitButton>
    </FormBox>
  );
}

// Named here too: the room is the server's.
const MAIL = 'e-mail' satisfies typeof E_MAIL;
const LANGUAGES = ['both', 'zh', 'en'] as const satisfies readonly (typeof LANGS)[number][];
const OPTIONAL = ['sitting', 'result', 'credential', 'team', 'weekly'] as const satisfies readonly (typeof OPTIONAL_CATEGORIES)[number][];

function Bad({ data: { bad, names } }: { data: Data }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('preferences.bad')}
      rows={bad}
      rowKey={(row) => `${row.channel} ${row.address}`}
      empty=""
      columns={[
        { key: 'address', header: t('preferences.bad-address'), cell: (row) => <>{row.address}<br /><small>{row.channel === MAIL ? t('sending.channel.e-mail') : names[row.channel] ?? t('sending.channel-gone')}</small></> },
        { key: 'since', header: t('preferences.bad-since'), cell: (row) => <InstantText at={row.since} /> },
        { key: 'why', header: t('preferences.bad-why'), cell: (row) => row.detail },
        { key: 'act', header: t('preferences.bad-act'), cell: (row) => <PostButton fields={{ __form: 'trust', channel: row.channel }}>{t('preferences.trust')}</PostButton> },
      ]}
    />
  );
}
