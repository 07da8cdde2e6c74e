import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, isRouteErrorResponse, useActionData, useLoaderData, useRouteError } from '@remix-run/react';
import { reader, storageProblem } from '~/db';
import { answersTo, deviceOf, findAttempt, handIn, messageSeen, openAttempt, paperItems, playerStart, saveResponses, takeOver, takeOverByPassword, type PaperItem, type SaveReply } from '~/exams';
import { actorOf, authorise, clientAddress, signedIn, tokenHashOf, type Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { statusOf } from '~/kernel/errors';
import { must, ProblemError, type Problem } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonLink, ButtonRow, Page, QUIET, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { changesIn, flagsIn } from '~/ui/player/form-changes';
import { pageAsked, pagesOf } from '~/ui/player/pages';
import { Player } from '~/ui/player/player';
import { isResend, Resend, type ResendData } from '~/ui/player/resend';
import { problemPage } from '~/ui/problem-page';

export const meta = pageTitle;
export const handle = QUIET;
/** An exam is never shown from a cache: going back must not bring up old answers. */
export const headers = () => ({ 'Cache-Control': 'no-store' });

const NO_STORE = { 'Cache-Control': 'no-store' };

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { device, headers: cookie } = deviceOf(request);
  const lang = langOf(request);
  const opened = must(await openAttempt(actor, params['id'] ?? '', device));
  const { attempt, exam } = opened;
  const heading = exam.title[lang];
  if (opened.kind === 'closed') throw redirect(`/attempts/${attempt.id}/receipt`);
  if (opened.kind === 'other-device') {
    const { permitted } = opened;
    return json({ kind: 'other-device' as const, heading, deadline: attempt.deadlineAt, permitted, byPassword: exam.ownTakeover }, { headers: { ...NO_STORE, ...cookie } });
  }
  const { items } = opened;
  const query = new URL(request.url).searchParams;
  return json({
    kind: 'writing' as const, heading, items, page: pageAsked(pagesOf(items), query.has('item') || query.has('page') ? query : sectionQuery(items, attempt.section)),
    notice: noticeIn(query, lang), practice: exam.practiceOf !== null, observed: exam.observed, idleMinutes: exam.idleMinutes,
    start: await playerStart(actor, opened, device, lang),
  }, { headers: NO_STORE });
}

/** Without a page in the address: the first one of the section that is open. */
const sectionQuery = (items: PaperItem[], section: number): URLSearchParams =>
  new URLSearchParams({ item: String(items.find((item) => item.section === section)?.number ?? 1) });

/** What the last post of the form had to tell, from the address that it led to. */
function noticeIn(query: URLSearchParams, lang: 'zh' | 'en'): string | null {
  const { t } = textFor(lang);
  const told = (['stale', 'refused'] as const).flatMap((kind) => {
    const numbers = (query.get(kind) ?? '').replace(/[^\d,]/g, '').split(',').filter(Boolean).join(lang === 'zh' ? '、' : ', ');
    return numbers === '' ? [] : [t(`player.${kind}`, { numbers })];
  });
  return told.length > 0 ? told.join(' ') : null;
}

/** The form without JavaScript: saves the page of items, then goes where the button says. */
export async function action({ request, params }: ActionFunctionArgs) {
  const form = await request.formData();
  const actor = await actorOf(request);
  const tokenHash = tokenHashOf(request.headers.get('cookie'));
  if (!actor || !tokenHash) throw resend(form, { code: 'access.sign-in' });
  const attempt = await findAttempt(reader(), params['id'] ?? '');
  if (!attempt) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'take an exam', { personId: attempt.personId });
  const { device, headers: cookie } = deviceOf(request);
  const intent = form.get('intent');
  if (intent === 'take-over' || intent === 'take-over-by-password') {
    const password = form.get('password');
    const taken = intent === 'take-over' ? await takeOver(actor, attempt.id, device)
      : await takeOverByPassword(actor, attempt.id, device, { password: typeof password === 'string' ? password : '', address: clientAddress(request) });
    return taken.ok ? redirect(`/attempts/${attempt.id}`, { headers: cookie }) : json({ problem: taken.error }, { status: statusOf(taken.error.code), headers: cookie });
  }
  const receivedAt = clock.now();
  try {
    const items = await paperItems(reader(), attempt.paperId);
    const changes = changesIn(form, items, await answersTo(reader(), attempt.id, items));
    const saved = await saveResponses({ attemptId: attempt.id, tokenHash, device, changes, flags: flagsIn(form, items), receivedAt, byForm: true });
    // The time is up and every other page was saved when it was left: nothing more can come.
    await noteSeen(actor, attempt.id, form);
    if (saved.outcome === 'late-within-tolerance') await handIn(actor, attempt.id, device);
    return redirect(afterSave(attempt.id, saved, form, items));
  } catch (thrown) {
    const problem = storageProblem(thrown);
    throw problem ? resend(form, problem) : thrown;
  }
}

/** The button under a message was pressed: it was read. */
async function noteSeen(actor: Actor, attemptId: string, form: FormData): Promise<void> {
  const message = form.get('seen');
  if (typeof message === 'string') must(await messageSeen(actor, attemptId, message));
}

/** Nothing that was typed is lost: it travels back with the page that says why it was not saved. */
function resend(form: FormData, problem: Problem): Response {
  const fields = [...form].flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []));
  return json({ kind: 'resend', problem, fields } satisfies ResendData, { status: statusOf(problem.code), headers: NO_STORE });
}

function afterSave(attemptId: string, saved: SaveReply, form: FormData, items: PaperItem[]): string {
  const base = `/attempts/${attemptId}`;
  if (saved.outcome === 'not-signed-in' || saved.outcome === 'not-found') throw resend(form, { code: 'access.sign-in' });
  if (saved.outcome === 'paused') throw resend(form, { code: 'attempt.paused' });
  if (saved.outcome === 'other-device') return base;
  if (saved.outcome !== 'saved') return `${base}/receipt${keptQuery(saved)}`;
  const pressed = form.get('to');
  const to = typeof pressed === 'string' ? pressed : '';
  if ((to === 'hand-in' || to === 'section') && saved.stale.length + saved.refused.length === 0) return `${base}/${to}`;
  const first = items.find(({ item }) => item === form.get('item'))?.number ?? 1;
  const number = Number(/^item-(\d+)$/.exec(to)?.[1] ?? items.find(({ item }) => item === form.get('clear'))?.number ?? first);
  const numbersOf = (some: { item: string }[]) => some.map(({ item }) => items.find((one) => one.item === item)?.number).filter(Boolean).join(',');
  const notice = (['stale', 'refused'] as const).map((kind) => (saved[kind].length > 0 ? `&${kind}=${numbersOf(saved[kind])}` : '')).join('');
  return `${base}?item=${number}${notice}#item-${number}`;
}

/** For the receipt: what came too late counts by rule, or is on file. */
function keptQuery({ outcome, kept, counted }: { outcome: string; kept: unknown[]; counted: unknown[] }): string {
  const query = [counted.length > 0 ? `counted=${counted.length}` : '', kept.length > 0 ? `${outcome === 'handed-in' ? 'kept' : 'late'}=${kept.length}` : ''].filter(Boolean).join('&');
  return query === '' ? '' : `?${query}`;
}

export default function AttemptPage() {
  const data = useLoaderData<typeof loader>();
  if (data.kind === 'other-device') return <OtherDevice {...data} />;
  const { start, heading, items, page, notice, practice, observed, idleMinutes } = data;
  return <Player key={`${start.attemptId} ${start.section}`} {...{ start, items, page, notice, practice, observed, idleMinutes }} title={heading} />;
}

function OtherDevice({ heading, deadline, permitted, byPassword }: { heading: string; deadline: number; permitted: boolean; byPassword: boolean }) {
  const { t, dateTime } = useText();
  return (
    <Page title={t('exams.other-title')} lead={heading}>
      {permitted ? (
        <Banner tone="info" title={t('exams.other-permitted')}>
          <Form method="post" reloadDocument>
            <input type="hidden" name="intent" value="take-over" />
            <ButtonRow><Button kind="primary">{t('exams.take-over')}</Button></ButtonRow>
          </Form>
        </Banner>
      ) : (
        <Banner tone="warning" title={t('exams.other-lead')}>
          <p>{t('exams.other-ask', { at: dateTime(deadline) })}</p>
          <ButtonRow><ButtonLink to="." document>{t('exams.look-again')}</ButtonLink></ButtonRow>
        </Banner>
      )}
      {byPassword && !permitted && <TakeOverByPassword />}
    </Page>
  );
}

function TakeOverByPassword() {
  const { t, problem } = useText();
  const reply = useActionData<typeof action>();
  const wrong = reply && 'problem' in reply ? reply.problem : null;
  return (
    <Section title={t('exams.take-over')}>
      <Form method="post" reloadDocument className="form">
        <input type="hidden" name="intent" value="take-over-by-password" />
        <div className={wrong ? 'field field--wrong' : 'field'}>
          <label className="field-label" htmlFor="take-over-password">{t('exams.take-over-password')}</label>
          <p className="field-hint" id="take-over-password-hint">{t('exams.take-over-password-hint')}</p>
          {wrong && <p className="field-error" id="take-over-password-error">{problem(wrong)}</p>}
          <input className="input input--middle" id="take-over-password" name="password" type="password" autoComplete="current-password" required aria-invalid={wrong !== null} aria-describedby={`take-over-password-hint${wrong ? ' take-over-password-error' : ''}`} />
        </div>
        <Button kind="primary">{t('exams.take-over')}</Button>
      </Form>
    </Section>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const { t, problem } = useText();
  if (isRouteErrorResponse(error) && isResend(error.data)) return <Resend data={error.data} />;
  const { page } = problemPage(isRouteErrorResponse(error) ? error : null);
  return (
    <Page title={t('shell.error-title')} lead={problem(page.problem)}>
      <ButtonLink to="/" document>{t('shell.error-home')}</ButtonLink>
    </Page>
  );
}
