import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { intakesInScope, latestRuns, openRun, previewRun, programmeChoices, startRun } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Button, ButtonRow, DataTable, FormBox, InstantText, Page, Section, SelectField, StatusTag, SubmitButton, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const New = z.object({ programmeId: Id.optional(), intakeId: Id.optional(), organisationId: Id.optional() });

async function choicesOf(actor: Actor) {
  const paths = scopePaths(actor, 'hr');
  const [programmes, intakes, units] = [await programmeChoices(reader()), await intakesInScope(reader(), paths), await organisationTree(reader(), paths)];
  return { paths, programmes, intakes: intakes.map(({ id, name }) => ({ id, name })), units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })) };
}

/** The filter that was chosen, within what the actor may see; in words, as things are called now. */
function filterOf({ paths, programmes, intakes, units }: Awaited<ReturnType<typeof choicesOf>>, chosen: z.infer<typeof New>) {
  const programme = programmes.find(({ id }) => id === chosen.programmeId);
  const intake = intakes.find(({ id }) => id === chosen.intakeId);
  const unit = units.find(({ id }) => id === chosen.organisationId);
  const words = (lang: 'zh' | 'en') => [programme?.[lang], intake?.name, unit?.name].filter((one) => one !== undefined).join(' · ') || textFor(lang).t('runs.all');
  return { paths, programmeId: programme?.id ?? null, intakeId: intake?.id ?? null, organisationId: unit?.id ?? null, zh: words('zh'), en: words('en') };
}

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'issue credentials in bulk');
  const { paths, ...choices } = await choicesOf(actor);
  const query = New.safeParse(Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== '')));
  const chosen = query.success ? query.data : {};
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const isAsked = new URL(request.url).searchParams.has('count');
  const runs = (await Promise.all((await latestRuns(reader())).map(({ id }) => openRun(id, paths)))).flatMap((run) => run ?? []);
  return json({
    heading: textFor(langOf(request)).t('runs.title'), ...choices, chosen,
    counted: isAsked ? await previewRun(reader(), filterOf({ paths, ...choices }, chosen), today) : null,
    runs: runs.map(({ id, state, started_at: startedAt, starter, total, waiting, failed, filter }) => ({ id, state, startedAt, starter, total, waiting, failed, scope: { zh: filter.zh, en: filter.en } })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'issue credentials in bulk');
  const form = await parseForm(request, New);
  if (!form.ok) return form.response;
  const started = await startRun(actor.by, filterOf(await choicesOf(actor), form.value));
  return started.ok ? redirect(`/hr/credential-runs/${started.value}`) : form.refuse(started.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function CredentialRuns() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('runs.title')} lead={t('runs.lead')} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}>
      <Section title={t('runs.new')}><NewRun data={data} /></Section>
      <Section title={t('runs.list')}><Runs data={data} /></Section>
    </Page>
  );
}

function NewRun({ data: { programmes, intakes, units, chosen, counted } }: { data: Data }) {
  const { t, lang } = useText();
  const form = useFormReply<typeof New>({ defaultValue: chosen });
  const refused = useActionData();
  const isEmpty = counted !== null && counted.issue + counted.print === 0;
  return (
    <FormBox form={form}>
      <SelectField form={form} name="programmeId" label={t('runs.programme')} options={programmes.map((one) => ({ value: one.id, label: one[lang] }))} optional />
      <SelectField form={form} name="intakeId" label={t('runs.intake')} options={intakes.map((one) => ({ value: one.id, label: one.name }))} optional />
      <SelectField form={form} name="organisationId" label={t('runs.organisation')} options={organisationOptions(units)} optional />
      {counted !== null && !refused && <p role="status">{isEmpty ? t('runs.counted-none') : t('runs.counted', { issue: counted.issue, print: counted.print })}</p>}
      <ButtonRow>
        <Button formMethod="get" name="count" value="1">{t('runs.count')}</Button>
        <SubmitButton>{t('runs.start')}</SubmitButton>
      </ButtonRow>
    </FormBox>
  );
}

const TONES = { running: 'due', stopped: 'neutral', done: 'ok' } as const;

function Runs({ data: { runs } }: { data: Data }) {
  const { t, lang } = useText();
  return (
    <DataTable
      caption={t('runs.list')}
      rows={runs}
      rowKey={(row) => row.id}
      empty={t('runs.none')}
      columns={[
        { key: 'scope', header: t('runs.what'), cell: (row) => <Link to={`/hr/credential-runs/${row.id}`}>{row.scope[lang]}</Link> },
        { key: 'started', header: t('runs.started'), cell: (row) => <InstantText at={row.startedAt} /> },
        { key: 'by', header: t('runs.by'), cell: (row) => row.starter ?? t('hr.by-system') },
        { key: 'state', header: t('runs.state'), cell: (row) => <StatusTag tone={TONES[row.state]}>{t(`runs.state.${row.state}`)}</StatusTag> },
        { key: 'progress', header: t('runs.progress'), cell: (row) => t('runs.progress-value', { done: row.total - row.waiting - row.failed, total: row.total, failed: row.failed }) },
      ]}
    />
  );
}
