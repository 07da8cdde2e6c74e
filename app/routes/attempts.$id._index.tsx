import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, isRouteErrorResponse, useLoaderData, useRouteError } from '@remix-run/react';
import { reader, storageProblem } from '~/db';
import { answersTo, deviceOf, findAttempt, openAttempt, paperItems, saveResponses, takeOver, type PaperItem, type SaveReply } from '~/exams';
import { actorOf, authorise, signedIn, tokenHashOf } from '~/identity';
import { clock } from '~/kernel/clock';
import { statusOf } from '~/kernel/errors';
import { must, ProblemError, type Problem } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonLink, ButtonRow, Page, QUIET } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { changesIn, flagsIn } from '~/ui/player/form-changes';
import { pageCount, pageOf } from '~/ui/player/pages';
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
  const opened = must(await openAttempt(actor, params['id'] ?? '', device));
  const heading = opened.exam.title[langOf(request)];
  const { id: attemptId, deadlineAt: deadline } = opened.attempt;
  if (opened.kind === 'closed') throw redirect(`/attempts/${attemptId}/receipt`);
  if (opened.kind === 'other-device') {
    return json({ kind: 'other-device' as const, heading, deadline, permitted: opened.permitted }, { headers: { ...NO_STORE, ...cookie } });
  }
  const { items, answers } = opened;
  const query = new URL(request.url).searchParams;
  const page = Math.min(pageCount(items.length), Math.max(1, Math.floor(Number(query.get('page') ?? 1)) || 1));
  return json({
    kind: 'writing' as const, heading, items, page, notice: noticeIn(query, langOf(request)),
    start: { attemptId, device, serverNow: clock.now(), deadline, answers },
  }, { headers: NO_STORE });
}

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
  if (form.get('intent') === 'take-over') {
    must(await takeOver(actor, attempt.id, device));
    return redirect(`/attempts/${attempt.id}`, { headers: cookie });
  }
  const receivedAt = clock.now();
  try {
    const items = await paperItems(reader(), attempt.paperId);
    const changes = changesIn(form, items, await answersTo(reader(), attempt.id, items));
    const saved = await saveResponses({ attemptId: attempt.id, tokenHash, device, changes, flags: flagsIn(form, items), receivedAt });
    return redirect(afterSave(attempt.id, saved, form, items));
  } catch (thrown) {
    const problem = storageProblem(thrown);
    throw problem ? resend(form, problem) : thrown;
  }
}

/** Nothing that was typed is lost: it travels back with the page that says why it was not saved. */
function resend(form: FormData, problem: Problem): Response {
  const fields = [...form].flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []));
  return json({ kind: 'resend', problem, fields } satisfies ResendData, { status: statusOf(problem.code), headers: NO_STORE });
}

function afterSave(attemptId: string, saved: SaveReply, form: FormData, items: PaperItem[]): string {
  const base = `/attempts/${attemptId}`;
  if (saved.outcome === 'not-signed-in' || saved.outcome === 'not-found') throw resend(form, { code: 'access.sign-in' });
  if (saved.outcome === 'other-device') return base;
  if (saved.outcome !== 'saved') return `${base}/receipt${saved.kept.length > 0 ? `?${saved.outcome === 'handed-in' ? 'kept' : 'late'}=${saved.kept.length}` : ''}`;
  const pressed = form.get('to');
  const to = typeof pressed === 'string' ? pressed : '';
  if (to === 'hand-in' && saved.stale.length + saved.refused.length === 0) return `${base}/hand-in`;
  const first = items.find(({ item }) => item === form.get('item'))?.number ?? 1;
  const number = Number(/^item-(\d+)$/.exec(to)?.[1] ?? items.find(({ item }) => item === form.get('clear'))?.number ?? first);
  const numbersOf = (some: { item: string }[]) => some.map(({ item }) => items.find((one) => one.item === item)?.number).filter(Boolean).join(',');
  const notice = (['stale', 'refused'] as const).map((kind) => (saved[kind].length > 0 ? `&${kind}=${numbersOf(saved[kind])}` : '')).join('');
  return `${base}?page=${pageOf(number)}${notice}#item-${number}`;
}

export default function AttemptPage() {
  const data = useLoaderData<typeof loader>();
  if (data.kind === 'other-device') return <OtherDevice {...data} />;
  return <Player key={data.start.attemptId} title={data.heading} start={data.start} items={data.items} page={data.page} notice={data.notice} />;
}

function OtherDevice({ heading, deadline, permitted }: { heading: string; deadline: number; permitted: boolean }) {
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
    </Page>
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
