import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData, type ShouldRevalidateFunctionArgs } from '@remix-run/react';
import { z } from 'zod';
import { ACTS_ON_PEOPLE, closeSitting, consoleOf, NEEDS, undo } from '~/exams';
import { authorise, signedIn, type Actor } from '~/identity';
import { must } from '~/kernel/result';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, CheckboxField, Disclosure, FormBox, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { ActLog, UndoForm } from '~/ui/console/act-log';
import { questionIn, type ActQuestion } from '~/ui/console/act-panel';
import { Act, actAsConfirmed, Ask, questionOn, withQuestion } from '~/ui/console/acting.server';
import { ConsolePage } from '~/ui/console/console-page';
import { filterOf, totals } from '~/ui/console/view';
import { parseOneOf } from '~/ui/form.server';
import { FORM_FIELD } from '~/ui/form/form-reply';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const reason = z.string().trim().min(2, 'field.too-short').max(300);
const sure = z.literal(true, 'field.tick');
const Undo = z.object({ reason });
const Close = z.object({ reason, sure });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const found = must(await consoleOf(actor, params['sitting'] ?? ''));
  const query = new URL(request.url).searchParams;
  const { sitting, exam } = found;
  const auto = query.get('auto') === '15';
  return json({
    heading: sitting.title,
    sitting: { id: sitting.id, title: sitting.title, exam: exam.title[langOf(request)], code: sitting.code, state: sitting.state, startsAt: sitting.startsAt, endsAt: sitting.endsAt },
    rooms: found.rooms.map(({ id, name }) => ({ id, name })),
    state: found.state, acts: found.acts, needs: [...NEEDS], auto,
    filter: { ...filterOf(query), ...(!query.has('room') && found.ownRoom !== null && { room: found.ownRoom }) },
    done: doneIn(query),
  }, { headers: { 'Cache-Control': 'no-store', ...(auto && { Refresh: '15' }) } });
}

/** The answer of a GET bears the loader's headers. */
export const headers = ({ loaderHeaders }: { loaderHeaders: Headers }) => loaderHeaders;

const DONE = [...ACTS_ON_PEOPLE, 'undo', 'close'] as const;

function doneIn(query: URLSearchParams) {
  const kind = DONE.find((one) => one === query.get('done'));
  return kind ? { kind, count: Number(query.get('count') ?? 0), failed: Number(query.get('failed') ?? 0), act: query.get('act') } : null;
}

/** A question leaves everything as it is, and so does a filter. */
export const shouldRevalidate = ({ formData, currentUrl, nextUrl, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean => {
  if (formData?.get(FORM_FIELD) === 'ask') return false;
  if (!formData && currentUrl.pathname === nextUrl.pathname && currentUrl.searchParams.get('done') === nextUrl.searchParams.get('done')) return false;
  return defaultShouldRevalidate;
};

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'invigilate');
  const sittingId = params['sitting'] ?? '';
  const field = (await request.clone().formData()).get(FORM_FIELD);
  const named = typeof field === 'string' ? field : '';
  const path = `/invigilate/sittings/${sittingId}`;
  if (named.startsWith('undo-')) return takeBack(request, actor, named, path);
  const form = await parseOneOf(request.clone(), { ask: Ask, act: Act, close: Close });
  if (!form.ok) return withQuestion(form.response, actor, sittingId, await request.formData());
  if (form.form === 'ask') return json({ question: await ask(actor, sittingId, form.value) });
  if (form.form === 'close') {
    const closed = await closeSitting(actor, sittingId, form.value.reason);
    return closed.ok ? redirect(`${path}?done=close`) : form.refuse(closed.error);
  }
  const done = await actAsConfirmed(actor, sittingId, form.value);
  if (!done.ok) return withQuestion(form.refuse(done.error), actor, sittingId, await request.formData());
  const { actId, done: count, failed } = done.value;
  return redirect(`${path}?${new URLSearchParams({ done: form.value.kind, count: String(count), failed: String(failed), act: actId ?? '' }).toString()}`);
}

/** Each act that can be undone has a form of its own, named after it. */
async function takeBack(request: Request, actor: Actor, named: string, path: string) {
  const form = await parseOneOf(request, { [named]: Undo });
  if (!form.ok) return form.response;
  const undone = await undo(actor, named.slice('undo-'.length), form.value.reason);
  return undone.ok ? redirect(`${path}?done=undo`) : form.refuse(undone.error);
}

/** Everybody in a room or in the sitting is worked out here: what the page showed may be older. */
async function ask(actor: Actor, sittingId: string, { kind, scope, who }: z.output<typeof Ask>): Promise<ActQuestion> {
  const ids = scope === 'selected' ? who : must(await consoleOf(actor, sittingId)).state.rows.filter((row) => scope === 'all' || row.room === scope).map(({ id }) => id);
  return questionOn(actor, sittingId, ids, kind);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function InvigilateSitting() {
  const data = useLoaderData<typeof loader>();
  const question = questionIn(useActionData());
  const { t } = useText();
  return (
    <ConsolePage
      sitting={data.sitting} rooms={data.rooms} needs={data.needs} loaded={data.state} filter={data.filter} auto={data.auto} question={question}
      banner={data.done && <Done done={data.done} acts={data.acts} />}
    >
      <div className="console-rest">
        <Section title={t('console.papers')}>
          <ButtonRow>
            <ButtonLink to={`/invigilate/sittings/${data.sitting.id}/incidents`}>{t('console.incidents')}</ButtonLink>
            <ButtonLink to={`/invigilate/sittings/${data.sitting.id}/report.pdf`} document>{t('console.report')}</ButtonLink>
            <ButtonLink to={`/invigilate/sittings/${data.sitting.id}/incidents.pdf`} document>{t('console.log')}</ButtonLink>
          </ButtonRow>
          {data.sitting.state === 'planned' && <CloseForm absent={totals(data.state.rows).absent} />}
        </Section>
        <Section title={t('console.acts')}><ActLog acts={data.acts} undoneAbove={data.done?.act ?? null} empty={t('console.acts-none')} /></Section>
      </div>
    </ConsolePage>
  );
}

function Done({ done, acts }: { done: NonNullable<Data['done']>; acts: Data['acts'] }) {
  const { t } = useText();
  const made = acts.find(({ id }) => id === done.act);
  return (
    <Banner tone={done.failed > 0 ? 'warning' : 'success'} title={t(`console.done.${done.kind}`, { count: done.count })}>
      {done.failed > 0 && <p>{t('console.done-failed', { count: done.failed })}</p>}
      {made?.undoable && done.kind !== 'undo' && done.kind !== 'close' && <UndoForm act={made.id} what={t(`console.act.${done.kind}`)} />}
    </Banner>
  );
}

function CloseForm({ absent }: { absent: number }) {
  const { t } = useText();
  const form = useFormReply<typeof Close>({ id: 'close', defaultValue: { reason: t('console.close-normal') } });
  return (
    <Disclosure summary={t('console.close')} open={form.meta.status === 'error'}>
      <p>{t('console.close-lead')}</p>
      {absent > 0 && <p>{t('console.close-absent', { count: absent })}</p>}
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('console.close-remark')} maxLength={300} />
        <CheckboxField form={form} name="sure" label={t('console.close-sure')} />
        <SubmitButton kind="danger">{t('console.close')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
