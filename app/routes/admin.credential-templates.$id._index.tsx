import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { z } from 'zod';
import { changeDraft, makeDraft, MAX_EMBLEM, missingInPreview, openTemplate, publishTemplate, TemplateWords, type EmblemChoice } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, FormBox, InstantText, Page, PostButton, Section, StatusTag, SubmitButton, useFormReply } from '~/ui';
import { Designer } from '~/ui/credential/designer';
import { templateQuery } from '~/ui/credential/template-query.server';
import { parseOneOf } from '~/ui/form.server';
import { FORM_FIELD } from '~/ui/form/form-reply';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Design = TemplateWords.extend({
  version: z.number(), noEmblem: z.boolean().default(false), sampleName: z.string().trim().max(60).optional(),
  emblem: z.instanceof(File).refine((file) => file.size <= MAX_EMBLEM, 'credential.emblem-too-large').optional(),
});
const Publish = z.object({ version: z.number() });

async function templateOf(request: Request, id: string | undefined) {
  const actor = await signedIn(request);
  authorise(actor, 'design credentials');
  const template = await openTemplate(reader(), id ?? '');
  if (!template) throw new ProblemError({ code: 'not-found' });
  return { actor, template };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { template } = await templateOf(request, params['id']);
  const query = new URL(request.url);
  // Without JavaScript the form comes back to this page to be looked at, unsaved.
  const isTried = query.searchParams.has('titleZh');
  const shown = template.draft ?? template.published ?? template.versions[0];
  if (!shown) throw new ProblemError({ code: 'not-found' });
  const tried = templateQuery(request.url);
  const words = isTried ? tried.words : TemplateWords.parse(shown.content);
  return json({
    heading: textFor(langOf(request)).t('templates.design-title', { name: template.name }), id: template.id, name: template.name, words, isTried,
    sampleName: tried.name, hasEmblem: shown.content.emblem !== null, number: shown.number, draft: template.draft && { version: template.draft.version, number: template.draft.number },
    missing: missingInPreview(words, tried.name), preview: isTried ? query.search : '',
    versions: template.versions.map(({ number, state, published_at: at }) => ({ number, state, at })),
  });
}

/** Saves the draft, publishes it, or makes a new one. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, template } = await templateOf(request, params['id']);
  const form = await parseOneOf(request, { 'design': Design, 'publish': Publish, 'new-draft': z.object({}) });
  if (!form.ok) return form.response;
  const here = `/admin/credential-templates/${template.id}`;
  if (form.form === 'new-draft') {
    const made = await makeDraft(actor.by, template.id);
    return made.ok ? redirect(here) : form.refuse(made.error);
  }
  if (form.form === 'publish') {
    const published = await publishTemplate(actor.by, template.id, form.value.version);
    return published.ok ? redirect(`${here}?published=${published.value}`) : form.refuse(published.error);
  }
  const { version, noEmblem, emblem, sampleName: _, ...words } = form.value;
  const choice: EmblemChoice = noEmblem ? 'none' : emblem && emblem.size > 0 ? { png: Buffer.from(await emblem.arrayBuffer()) } : 'keep';
  const saved = await changeDraft(template.id, { version, words, emblem: choice });
  return saved.ok ? redirect(`${here}?saved=1`) : form.refuse(saved.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function DesignTemplate() {
  const data = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const { t } = useText();
  const published = Number(query.get('published'));
  return (
    <Page title={data.heading} width="wide" lead={t(data.draft ? 'templates.design-lead' : 'templates.no-draft-lead', { number: data.number })}
      trail={[{ to: '/admin', label: t('admin.title') }, { to: '/admin/credential-templates', label: t('templates.title') }]}
      actions={!data.draft && <PostButton fields={{ [FORM_FIELD]: 'new-draft' }}>{t('templates.new-draft')}</PostButton>}>
      {query.has('saved') && <Banner tone="success" title={t('templates.saved')} />}
      {published > 0 && <Banner tone="success" title={t('templates.published-done', { number: published })} />}
      <Designer key={data.draft?.version} {...data} />
      {data.draft && <PublishForm data={data} />}
      <Versions data={data} />
    </Page>
  );
}

function PublishForm({ data: { draft } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Publish>({ id: 'publish' });
  return (
    <Section title={t('templates.publish')}>
      <p>{t('templates.publish-lead')}</p>
      <FormBox form={form}>
        <input type="hidden" name="version" value={draft?.version} />
        <SubmitButton kind="secondary">{t('templates.publish-submit', { number: draft?.number ?? 0 })}</SubmitButton>
      </FormBox>
    </Section>
  );
}

const TONES = { draft: 'due', published: 'ok', retired: 'neutral' } as const;

function Versions({ data: { versions } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('templates.versions')}>
      <DataTable
        caption={t('templates.versions')}
        rows={versions}
        rowKey={(row) => String(row.number)}
        empty=""
        columns={[
          { key: 'number', header: t('templates.version'), cell: (row) => row.number },
          { key: 'state', header: t('acts.state'), cell: (row) => <StatusTag tone={TONES[row.state]}>{t(`templates.version-state.${row.state}`)}</StatusTag> },
          { key: 'since', header: t('templates.version-since'), cell: (row) => (row.at === null ? '—' : <InstantText at={row.at} />) },
        ]}
      />
    </Section>
  );
}
