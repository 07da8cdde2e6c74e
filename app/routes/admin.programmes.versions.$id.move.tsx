import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { decideMove, movableVersions, movesTo, MOVE_WHO, namesFor, openVersion, previewMove, requirementText, reverseMove } from '~/certification';
import { namesOf } from '~/audit';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { Id } from '~/kernel/id';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, Counts, DataTable, Disclosure, FormBox, InstantText, Page, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { ChoiceField, Ruling } from '~/ui/programme/choice-field';
import { versionWords } from '~/ui/programme/version-view.server';

export const meta = pageTitle;

const Count = z.number().int().min(0);
const Reason = z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long');
const Decide = z.object({ from: Id, who: z.enum(MOVE_WHO), dueOn: z.string().refine(isPlainDate, 'field.date').optional(), reason: Reason, total: Count, keeps: Count, done: Count });
const Reverse = z.object({ move: Id, version: z.number().int(), reason: Reason });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'publish programmes');
  const text = textFor(langOf(request));
  const { version } = must(await openVersion(actor, params['id'] ?? ''));
  const names = await namesFor(reader(), text.lang);
  const words = versionWords(version, names, text);
  const query = new URL(request.url).searchParams;
  const sources = await movableVersions(reader(), version);
  const from = sources.find(({ id }) => id === query.get('from'))?.id ?? null;
  const who = MOVE_WHO.find((one) => one === query.get('who')) ?? 'open';
  const preview = from === null ? null : await previewMove(reader(), version, from, who);
  const byCode = new Map(version.requirements.map((one) => [one.code, requirementText(one, names, text)]));
  const moves = await movesTo(reader(), version.id);
  const deciders = await namesOf(reader(), moves.map(({ decidedBy }) => decidedBy));
  return json({
    heading: text.t('programme.move-title', { title: words.title, number: words.number }), id: version.id, programmeId: version.programmeId, words, sources, from, who,
    preview: preview && { reach: preview.reach, people: preview.people.map((one) => ({ ...one, open: one.open.map((code) => byCode.get(code) ?? code) })) },
    moves: moves.map((one) => ({ ...one, decidedBy: deciders.get(one.decidedBy) ?? '' })), done: query.get('done'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'publish programmes');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { decide: Decide, reverse: Reverse });
  if (!form.ok) return form.response;
  if (form.form === 'reverse') {
    const reversed = await reverseMove(actor, form.value.move, form.value.version, form.value.reason);
    return reversed.ok ? redirect(`/admin/programmes/versions/${id}/move?done=reversed`) : form.refuse(reversed.error);
  }
  const { from, who, dueOn = null, reason, ...seen } = form.value;
  const decided = await decideMove(actor, id, { fromVersionId: from, who, dueOn, reason, seen });
  return decided.ok ? redirect(`/admin/programmes/versions/${id}/move?done=decided`) : form.refuse(decided.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function MovePeople() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={data.heading} lead={t('programme.move-lead')} width="wide" trail={[
      { to: '/admin/programmes', label: t('programme.title') }, { to: `/admin/programmes/${data.programmeId}`, label: data.words.title },
      { to: `/admin/programmes/versions/${data.id}`, label: t('programme.version-n', { number: data.words.number }) },
    ]}>
      {(data.done === 'decided' || data.done === 'reversed') && <Banner tone="success" title={t(`programme.move-${data.done}`)} />}
      <Ruling sentence={data.words.sentence} />
      <Section title={t('programme.move-decide')}>
        {data.sources.length === 0 ? <p>{t('programme.move-none')}</p> : (
          <Form method="get" className="combination-form">
            <ChoiceField id="from" name="from" label={t('programme.move-from')} {...(data.from !== null && { value: data.from })} options={data.sources.map((one) => ({ value: one.id, label: t('programme.move-option', { number: one.number, people: one.people }) }))} />
            <ChoiceField id="who" name="who" label={t('programme.move-who')} value={data.who} options={(['open', 'all'] as const).map((value) => ({ value, label: t(`programme.move-who.${value}`) }))} />
            <Button>{t('programme.move-look')}</Button>
          </Form>
        )}
        <p className="soft">{t('programme.move-who-hint')}</p>
      </Section>
      {data.preview && data.from !== null && <MovePreview key={JSON.stringify([data.from, data.who, data.preview.reach])} data={data} preview={data.preview} from={data.from} />}
      <Section title={t('programme.move-past')}><Past data={data} /></Section>
    </Page>
  );
}

function MovePreview({ data, preview: { reach, people }, from }: { data: Data; preview: NonNullable<Data['preview']>; from: string }) {
  const { t, date } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  const keeps = (row: (typeof people)[number]) => row.keeps && (row.keeps.until === null ? t('programme.move-keeps-ever') : t('programme.move-keeps', { date: date(row.keeps.until) }));
  return (
    <>
      <Counts items={[
        { label: t('programme.move-count.total'), value: reach.total }, { label: t('programme.move-count.keeps'), value: reach.keeps },
        { label: t('programme.move-count.done'), value: reach.done, tone: 'ok' }, { label: t('programme.move-count.open'), value: reach.total - reach.done, tone: 'due' },
      ]} />
      <DataTable
        caption={t('programme.move-people')}
        rows={people}
        rowKey={(row) => `${row.personId} ${row.organisation}`}
        empty={t('programme.move-none')}
        columns={[
          { key: 'name', header: t('programme.person'), cell: (row) => row.name },
          { key: 'unit', header: t('programme.organisation'), cell: (row) => row.organisation },
          { key: 'still', header: t('programme.move-still'), cell: (row) => (row.open.length === 0 ? t('programme.move-still-nothing') : row.open.join(t('programme.say-item'))) },
          { key: 'keeps', header: t('programme.move-count.keeps'), cell: (row) => keeps(row) ?? '—' },
        ]}
      />
      {reach.total > 0 && (
        <FormBox form={form}>
          <input type="hidden" name="from" value={from} />
          <input type="hidden" name="who" value={data.who} />
          {(['total', 'keeps', 'done'] as const).map((name) => <input key={name} type="hidden" name={name} value={reach[name]} />)}
          <TextField form={form} name="dueOn" type="date" width="middle" label={t('programme.move-due')} hint={t('programme.move-due-hint')} optional />
          <TextField form={form} name="reason" label={t('programme.reason')} hint={t('programme.reason-hint')} maxLength={300} />
          <SubmitButton>{t('programme.move-confirm', { people: reach.total, number: data.words.number })}</SubmitButton>
        </FormBox>
      )}
    </>
  );
}

const TONES = { running: 'due', done: 'ok', reversing: 'due', reversed: 'neutral' } as const;

function Past({ data }: { data: Data }) {
  const { t } = useText();
  const last = data.moves.find(({ state }) => state === 'done');
  return (
    <>
      <DataTable
        caption={t('programme.move-past')}
        rows={data.moves}
        rowKey={(row) => row.id}
        empty={t('programme.move-past-none')}
        columns={[
          { key: 'at', header: t('programme.decided-at'), cell: (row) => <><InstantText at={row.decidedAt} /><br /><small>{row.decidedBy}</small></> },
          { key: 'from', header: t('programme.move-from'), cell: (row) => t('programme.version-n', { number: row.fromNumber }) },
          { key: 'who', header: t('programme.move-who'), cell: (row) => t(`programme.move-who.${row.who}`) },
          { key: 'reason', header: t('programme.reason'), cell: (row) => row.reason },
          { key: 'state', header: t('programme.state'), cell: (row) => (
            <>
              <StatusTag tone={TONES[row.state]}>{t(`programme.move-state.${row.state}`)}</StatusTag> {t('programme.move-progress', { done: row.total - row.waiting, total: row.total })}
              {row.kept > 0 && <><br /><small>{t('programme.move-kept', { count: row.kept })}</small></>}
            </>
          ) },
        ]}
      />
      {last && <ReverseForm key={last.version} move={last} />}
    </>
  );
}

function ReverseForm({ move }: { move: Data['moves'][number] }) {
  const { t } = useText();
  const form = useFormReply<typeof Reverse>({ id: 'reverse' });
  return (
    <Disclosure summary={t('programme.move-reverse')} open={form.meta.status === 'error'}>
      <p>{t('programme.move-reverse-text')}</p>
      <FormBox form={form}>
        <input type="hidden" name="move" value={move.id} />
        <input type="hidden" name="version" value={move.version} />
        <TextField form={form} name="reason" label={t('programme.reason')} hint={t('programme.reason-hint')} maxLength={300} />
        <SubmitButton kind="danger">{t('programme.move-reverse')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
