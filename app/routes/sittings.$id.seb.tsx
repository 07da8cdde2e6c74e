import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { changeExamKeys, maySeeSitting, sebPage } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Facts, FormBox, Page, Section, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Keys = z.object({ keys: z.string().max(20_000).default(''), version: z.number().int() });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const id = params['id'] ?? '';
  const page = must(await sebPage(actor, id, await maySeeSitting(reader(), actor, id)));
  return json({
    ...page, heading: textFor(langOf(request)).t('seb.page-title', { title: page.sitting.title }),
    saved: new URL(request.url).searchParams.has('saved'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const form = await parseForm(request, Keys);
  if (!form.ok) return form.response;
  const id = params['id'] ?? '';
  const changed = await changeExamKeys(actor, id, form.value.version, form.value.keys);
  return changed.ok ? redirect(`/sittings/${id}/seb?saved`) : form.refuse(changed.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function SittingSeb() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={data.heading} lead={t('seb.page-lead')}>
      {data.sitting.seb === 'off' && <Banner tone="info" title={t('seb.page-off')} />}
      {!data.publicUrlSet && <Banner tone="warning" title={t('seb.page-no-url')} />}
      {data.saved && <Banner tone="success" title={t('seb.keys-saved')} />}
      <Section title={t('seb.file')}>
        <p>{t('seb.file-lead')}</p>
        <ButtonRow><ButtonLink to={data.links.download} kind="primary" document>{t('seb.download')}</ButtonLink></ButtonRow>
        <Facts items={[
          { term: t('seb.config-key'), value: <code className="wrap-anywhere">{data.configKey}</code> },
          { term: t('seb.quit-password'), value: <strong className="code">{data.quitPassword}</strong> },
        ]} />
        <p className="soft">{t('seb.quit-password-hint')}</p>
      </Section>
      <Section title={t('seb.admit')}><p>{t('seb.admit-lead')}</p></Section>
      <Section title={t('seb.keys')}>
        <p>{t('seb.keys-lead')}</p>
        {data.mayChange ? <KeysForm key={data.sitting.version} data={data} />
          : data.sitting.sebKeys.length === 0 ? <p>{t('seb.keys-none')}</p>
          : <ul>{data.sitting.sebKeys.map((one) => <li key={one}><code className="wrap-anywhere">{one}</code></li>)}</ul>}
      </Section>
    </Page>
  );
}

function KeysForm({ data: { sitting } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Keys>({ defaultValue: { keys: sitting.sebKeys.join('\n') } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={sitting.version} />
      <TextAreaField form={form} name="keys" label={t('seb.keys-field')} hint={t('seb.keys-hint')} rows={4} optional />
      <SubmitButton>{t('seb.keys-save')}</SubmitButton>
    </FormBox>
  );
}
