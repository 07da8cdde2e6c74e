import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { cancelRecertification, recertificationShown, startRecertification, type MemberState } from '~/certification';
import { authorise, can, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Counts, DataTable, DateText, Disclosure, Facts, FormBox, Page, Pager, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Count = z.number().int().min(0);
const Start = z.object({ affected: Count, exempt: Count, expiring: Count });
const Cancel = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long') });
const DONE = ['planned', 'started', 'cancelled'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'recertify');
  const query = new URL(request.url).searchParams;
  const { lang } = textFor(langOf(request));
  const found = await recertificationShown(params['id'] ?? '', { state: query.get('state'), page: pageNumber(request.url) });
  if (!found) throw new ProblemError({ code: 'not-found' });
  const { one, titles, ...rest } = found;
  return json({
    heading: one.title[lang], administers: can(actor, 'see administration'), ...rest, own: one.madeBy === actor.by, done: DONE.find((done) => done === query.get('done')) ?? null,
    title: one.title[lang], basis: one.basis, until: one.until, countsFrom: one.countsFrom, state: one.state,
    madeAt: one.madeAt, startedAt: one.startedAt, cancelledAt: one.cancelledAt, cancelReason: one.cancelReason,
    programmes: one.programmes.map(({ programmeId, before }) => ({ title: titles.programmes.get(programmeId)?.[lang] ?? '', before })),
    organisation: titles.organisation, course: titles.course?.[lang] ?? null, exam: titles.exam?.[lang] ?? null,
    madeBy: titles.madeBy, startedBy: titles.startedBy, cancelledBy: titles.cancelledBy,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'recertify');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { start: Start, cancel: Cancel, discard: Cancel });
  if (!form.ok) return form.response;
  if (form.form === 'start') {
    const started = await startRecertification(actor, id, form.value);
    return started.ok ? redirect(`/admin/recertifications/${id}?done=started`) : form.refuse(started.error);
  }
  const cancelled = await cancelRecertification(actor, id, form.value.reason);
  if (!cancelled.ok) return form.refuse(cancelled.error);
  return redirect(form.form === 'discard' ? '/admin/recertifications?done=discarded' : `/admin/recertifications/${id}?done=cancelled`);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

// Named here too: the room's lists are the server's.
const PREVIEWED = ['affected', 'exempt', 'expiring'] as const satisfies readonly MemberState[];
const SHOWN = ['affected', 'fulfilled', 'open', 'lapsed', 'exempt', 'expiring'] as const satisfies readonly MemberState[];
const TONES = { affected: 'due', fulfilled: 'ok', open: 'due', lapsed: 'bad', exempt: 'neutral', expiring: 'neutral' } as const;
const STATE_TONES = { draft: 'due', starting: 'due', running: 'ok', cancelling: 'due', cancelled: 'neutral', discarded: 'neutral' } as const;

export default function RecertificationPage() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t } = useText();
  const isDraft = data.state === 'draft';
  return (
    <Page title={data.title} lead={<Lead data={data} />} width="wide" trail={[...(data.administers ? [{ to: '/admin', label: t('shell.nav-admin') }] : [{ to: '/hr/renewals', label: t('renewal.title') }]), { to: '/admin/recertifications', label: t('recertification.title') }]}>
      {data.done && !refused && <Banner tone="success" title={t(`recertification.done.${data.done}`)} />}
      {(data.state === 'starting' || data.state === 'cancelling') && <Banner tone="info" title={t('recertification.going')} />}
      <Counts items={(isDraft ? PREVIEWED : SHOWN).map((state) => ({ label: t(`recertification.${state}`), value: data.counts[state], to: `?state=${state}#people`, tone: TONES[state] }))} />
      {data.people && <People data={data} people={data.people} />}
      {isDraft && <StartSection data={data} />}
      <Section title={t('recertification.facts')}><Content data={data} /></Section>
      {(isDraft || data.state === 'starting' || data.state === 'running') && <CancelForm draft={isDraft} />}
    </Page>
  );
}

function Lead({ data: { state, counts, until } }: { data: Data }) {
  const { t, date } = useText();
  if (state === 'draft') return <p>{t('recertification.preview-lead', { affected: counts.affected, exempt: counts.exempt, expiring: counts.expiring, until: date(until) })}</p>;
  return <p>{t('recertification.progress-lead', { affected: counts.affected, fulfilled: counts.fulfilled, until: date(until) })}</p>;
}

function Content({ data }: { data: Data }) {
  const { t, dateTime } = useText();
  const at = (by: string | null, when: number | null) => (when === null ? null : t('recertification.by-at', { by: by ?? '', at: dateTime(when) }));
  return (
    <Facts items={[
      { term: t('recertification.state'), value: <StatusTag tone={STATE_TONES[data.state]}>{t(`recertification.state.${data.state}`)}</StatusTag> },
      { term: t('recertification.basis'), value: data.basis },
      { term: t('recertification.programmes'), value: <>{data.programmes.map((one) => <div key={one.title}>{t('recertification.programme-line', one)}</div>)}</> },
      { term: t('recertification.organisation'), value: data.organisation },
      ...(data.course === null ? [] : [{ term: t('recertification.course'), value: data.course }]),
      ...(data.exam === null ? [] : [{ term: t('recertification.exam'), value: data.exam }]),
      { term: t('recertification.until-label'), value: <DateText date={data.until} far /> },
      { term: t('recertification.counts-from'), value: <DateText date={data.countsFrom} /> },
      { term: t('recertification.planned-by'), value: at(data.madeBy, data.madeAt) },
      ...(data.startedAt === null ? [] : [{ term: t('recertification.started-by'), value: at(data.startedBy, data.startedAt) }]),
      ...(data.cancelledAt === null ? [] : [{ term: t('recertification.state.cancelled'), value: t('recertification.cancelled-by', { by: data.cancelledBy ?? '', at: dateTime(data.cancelledAt), reason: data.cancelReason ?? '' }) }]),
    ]} />
  );
}

function StartSection({ data }: { data: Data }) {
  const { t, date } = useText();
  const form = useFormReply<typeof Start>({ id: 'start' });
  const { affected, exempt, expiring } = data.counts;
  return (
    <Section title={t('recertification.start')}>
      {affected === 0 && <p>{t('recertification.nobody')}</p>}
      {affected > 0 && data.own && <p>{t('recertification.own-waits')}</p>}
      {affected > 0 && !data.own && (
        <>
          <p>{t('recertification.start-lead', { affected, until: date(data.until) })}</p>
          <FormBox form={form}>
            {Object.entries({ affected, exempt, expiring }).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
            <SubmitButton>{t('recertification.start-save')}</SubmitButton>
          </FormBox>
        </>
      )}
    </Section>
  );
}

function CancelForm({ draft }: { draft: boolean }) {
  const { t } = useText();
  const form = useFormReply<typeof Cancel>({ id: draft ? 'discard' : 'cancel' });
  return (
    <Disclosure summary={t(draft ? 'recertification.discard' : 'recertification.cancel')} open={form.meta.status === 'error'}>
      <p>{t(draft ? 'recertification.discard-lead' : 'recertification.cancel-lead')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('recertification.cancel-reason')} maxLength={300} />
        <SubmitButton kind="danger">{t(draft ? 'recertification.discard-save' : 'recertification.cancel-save')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function People({ data, people }: { data: Data; people: NonNullable<Data['people']> }) {
  const { t } = useText();
  const caption = t('recertification.people', { state: t(`recertification.${people.state}`) });
  return (
    <section id="people">
      <DataTable
        caption={caption}
        rows={people.lines}
        rowKey={(row) => row.assignmentId}
        empty={t('recertification.nobody-here')}
        columns={[
          { key: 'name', header: t('recertification.person'), cell: (row) => row.name },
          { key: 'unit', header: t('recertification.person-organisation'), cell: (row) => <>{row.organisation}<br /><small>{row.post}</small></> },
          { key: 'until', header: t('recertification.person-until'), cell: (row) => (row.clearedUntil === null ? '–' : <DateText date={row.clearedUntil} />) },
          { key: 'progress', header: t('recertification.person-progress'), cell: (row) => <PersonProgress line={row} draft={data.state === 'draft'} /> },
        ]}
      />
      <Pager page={people.page} pageCount={people.pageCount} />
    </section>
  );
}

function PersonProgress({ line, draft }: { line: NonNullable<Data['people']>['lines'][number]; draft: boolean }) {
  const { t, date } = useText();
  if (line.exemptBy !== null) return <>{t(`recertification.exempt.${line.exemptBy}`)}</>;
  if (draft || line.total === null) return <>–</>;
  return <>{line.fulfilledOn === null ? t('recertification.person-open', { done: line.done ?? 0, total: line.total }) : t('recertification.person-fulfilled', { on: date(line.fulfilledOn) })}</>;
}
