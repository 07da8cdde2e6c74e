import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import {
  answerAll, answerRow, applyRoster, appliedRosterOfFile, cancelRoster, checkAgain, columnName, columnsUnfound, countRosterRows, inWayOf, openRoster, rosterSlipsToMake, shownRows, undoRoster, withdrawRoster,
} from '~/exchange';
import { signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Counts, Facts, InstantText, Page } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { RosterColumnsUsed } from '~/ui/roster/columns-used';
import { causersOf, faultWords, rowFilterOf, wordedAct } from '~/ui/roster/roster-page.server';
import { RosterRows } from '~/ui/roster/roster-rows';
import { RosterSteps } from '~/ui/roster/roster-steps';
import { AT_WORK, KIND_TONES } from '~/ui/roster/tones';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

const Plain = z.object({});
const Apply = z.object({ mode: z.enum(['all', 'good']) });
const AnswerForm = z.object({ line: z.coerce.number().int(), answer: z.enum(['same', 'other', 'skip']), person: Id.optional() });
const Rest = z.object({ question: z.enum(['duplicate', 'name']), answer: z.enum(['same', 'other', 'skip']) });
const Undo = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long'), rest: z.boolean().default(false) });

const PAGE = 50;
const DONE = ['asked', 'cancelled', 'withdrawn', 'again', 'undo', 'columns'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const roster = await openRoster(actor, params['id'] ?? '');
  if (!roster) throw new ProblemError({ code: 'not-found' });
  const query = new URL(request.url).searchParams;
  const lang = langOf(request);
  const text = textFor(lang);
  const page = pageNumber(request.url);
  const counts = await countRosterRows(reader(), roster.id);
  const found = await shownRows(actor, roster, { filter: rowFilterOf(query.get('show')), search: (query.get('q') ?? '').slice(0, 100), page, pageSize: PAGE });
  const inWay = await inWayOf(roster);
  const { names, of } = await causersOf(roster, inWay.people);
  const same = roster.state === 'checked' ? await appliedRosterOfFile(reader(), roster) : null;
  const { id, fileName, organisation, sheet, state, source, mode, lines, staged, told, planned, createdAt, checkedAt, appliedAt, toldAt, undoneAt, undoReason, waitsFor } = roster;
  return json({
    heading: fileName, id, fileName, organisation, sheet, state, source, mode, lines, staged, told, planned, createdAt, checkedAt, appliedAt, toldAt, undoneAt, undoReason, waitsFor,
    problem: roster.problem && text.problem(roster.problem), by: of, counts, sameFile: same && { id: same.id, at: same.applied_at },
    columns: roster.headers.map((title, i) => ({ title, field: roster.mapping[i] ?? null })), unfound: state === 'checked' && counts.kinds.wrong > 0 ? columnsUnfound(roster.mapping) : [], canSetColumns: roster.fileKey !== null && ['columns', 'checked'].includes(state),
    rows: found.rows.map((row) => ({ ...row, problems: row.problems.map((one) => faultWords(text, columnName(roster, one.field, lang), one)) })),
    count: found.count, page, pageCount: found.pageCount,
    slips: state === 'applied' ? (await rosterSlipsToMake(reader(), actor, id)).reduce((sum, unit) => sum + unit.people, 0) : 0,
    inWay: { count: inWay.count, people: inWay.people.map((one) => ({ ...one, by: names.get(one.by) ?? '', what: wordedAct(text, one.kind) })) },
    done: DONE.find((known) => known === query.get('done')) ?? null,
  });
}

export type RosterPageData = ReturnType<typeof useLoaderData<typeof loader>>;

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openRoster(actor, id))) throw new ProblemError({ code: 'not-found' });
  const form = await parseOneOf(request, { apply: Apply, cancel: Plain, withdraw: Plain, again: Plain, answer: AnswerForm, rest: Rest, undo: Undo });
  if (!form.ok) return form.response;
  const back = new URL(request.url);
  const to = (done: (typeof DONE)[number]) => redirect(`/hr/rosters/${id}?done=${done}`);
  switch (form.form) {
    case 'apply': { const asked = await applyRoster(actor, id, form.value.mode); return asked.ok ? to('asked') : form.refuse(asked.error); }
    case 'cancel': { const stopped = await cancelRoster(actor, id); return stopped.ok ? to('cancelled') : form.refuse(stopped.error); }
    case 'withdraw': { const gone = await withdrawRoster(actor, id); return gone.ok ? to('withdrawn') : form.refuse(gone.error); }
    case 'again': { const again = await checkAgain(actor, id); return again.ok ? to('again') : form.refuse(again.error); }
    // Back to where the row stands, for the next decision.
    case 'answer': { const { line, answer, person } = form.value; const noted = await answerRow(actor, id, { line, answer, personId: person ?? null }); return noted.ok ? redirect(`/hr/rosters/${id}${back.search}#rows`) : form.refuse(noted.error); }
    case 'rest': { const noted = await answerAll(actor, id, form.value.question, form.value.answer); return noted.ok ? redirect(`/hr/rosters/${id}`) : form.refuse(noted.error); }
    case 'undo': { const asked = await undoRoster(actor, id, form.value); return asked.ok ? to('undo') : form.refuse(asked.error); }
  }
}

export default function RosterPage() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t } = useText();
  useRefresh(AT_WORK.includes(data.state) || (data.state === 'applied' && data.toldAt === null) ? 2 : null);
  const { counts } = data;
  const filters = filtersOf(data, t);
  return (
    <Page title={data.fileName} lead={<Lead />} width="wide" trail={[{ to: '/hr/rosters', label: t('roster.title') }]}>
      {data.done && !refused && <Banner tone="success" title={t(`roster.done.${data.done as 'asked'}`)} />}
      {data.problem && <Banner tone={data.state === 'unreadable' ? 'danger' : 'warning'} title={data.state === 'unreadable' ? t('roster.unreadable') : data.problem}>{data.state === 'unreadable' && <p>{data.problem}</p>}</Banner>}
      {data.waitsFor && data.state === 'checked' && <Banner tone="info" title={t(`roster.waits.${data.waitsFor as 'share'}`)} />}
      {counts.total > 0 && <Counts items={KINDS.filter((kind) => counts.kinds[kind] > 0).map((kind) => ({ label: t(`roster.kind.${kind}`), value: counts.kinds[kind], to: `?show=${kind}#rows`, tone: KIND_TONES[kind] }))} />}
      {data.unfound.length > 0 && <Unfound />}
      <RosterSteps />
      <Facts items={[
        { term: t('roster.facts-unit'), value: data.organisation },
        ...(data.sheet ? [{ term: t('roster.facts-sheet'), value: data.sheet }] : []),
        { term: t('roster.facts-brought'), value: <>{data.source === 'folder' ? t('roster.from-folder') : data.by.created} · <InstantText at={data.createdAt} /></> },
        ...(data.checkedAt === null ? [] : [{ term: t('roster.facts-checked'), value: <InstantText at={data.checkedAt} /> }]),
        ...(data.appliedAt === null ? [] : [{ term: t('roster.facts-applied'), value: <>{data.by.applied} · <InstantText at={data.appliedAt} /></> }]),
        ...(data.undoneAt === null ? [] : [{ term: t('roster.facts-undone'), value: <>{data.by.undone} · <InstantText at={data.undoneAt} /> · {data.undoReason}</> }]),
      ]} />
      <RosterColumnsUsed id={data.id} columns={data.columns} mayChange={data.canSetColumns} />
      {counts.total > 0 && data.state !== 'checking' && <RosterRows rows={data.rows} count={data.count} page={data.page} pageCount={data.pageCount} deciding={data.state === 'checked'} filters={filters} />}
    </Page>
  );
}

/** A file may call its columns as it likes: whoever knows it can say which one it is. */
function Unfound() {
  const { id, unfound } = useLoaderData<typeof loader>();
  const { t, lang } = useText();
  return (
    <Banner tone="warning" title={t('roster.unfound', { columns: unfound.map((field) => t(`roster.field.${field}`)).join(lang === 'zh' ? '、' : ', ') })}>
      <p>{t('roster.unfound-text')}</p>
      <div className="button-row"><ButtonLink to={`/hr/rosters/${id}/columns`}>{t('roster.columns')}</ButtonLink></div>
    </Banner>
  );
}

const KINDS = ['created', 'changed', 'moved', 'left', 'unchanged', 'wrong'] as const;

function filtersOf({ counts }: RosterPageData, t: ReturnType<typeof useText>['t']) {
  return [
    ...KINDS.filter((kind) => counts.kinds[kind] > 0).map((value) => ({ value: value, label: t(`roster.kind.${value}`) })),
    ...(counts.open > 0 ? [{ value: 'open', label: t('roster.filter-open') }] : []),
    ...(counts.states.stale > 0 ? [{ value: 'stale', label: t('roster.filter-stale') }] : []),
    ...(counts.states.kept > 0 ? [{ value: 'kept', label: t('roster.filter-kept') }] : []),
  ];
}

/** The page's answer in a sentence. */
function Lead() {
  const { state, counts, lines } = useLoaderData<typeof loader>();
  const { t } = useText();
  const { kinds, open, total } = counts;
  if (state === 'checking') return <p>{t('roster.checking-progress', { count: lines })}</p>;
  if (state !== 'checked') return <p>{t(`roster.state.${state}`)}</p>;
  return <p>{t('roster.dry-lead', { total, created: kinds.created, changed: kinds.changed, moved: kinds.moved, left: kinds.left, unchanged: kinds.unchanged })}{kinds.wrong + open > 0 && <> {t('roster.dry-lead-wrong', { wrong: kinds.wrong, open })}</>}</p>;
}
