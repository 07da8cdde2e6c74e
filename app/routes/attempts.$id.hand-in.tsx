import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { deviceOf, handIn, openAttempt, playerStart } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { statusOf } from '~/kernel/errors';
import { must } from '~/kernel/result';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Page, QUIET, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { isComplete } from '~/ui/player/form-responses';
import { HandInForm } from '~/ui/player/hand-in-form';

export const meta = pageTitle;
export const handle = QUIET;
export const headers = () => ({ 'Cache-Control': 'no-store' });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { device } = deviceOf(request);
  const opened = must(await openAttempt(actor, params['id'] ?? '', device));
  const { id: attemptId } = opened.attempt;
  if (opened.kind === 'closed') throw redirect(`/attempts/${attemptId}/receipt`);
  if (opened.kind === 'other-device') throw redirect(`/attempts/${attemptId}`);
  const { items, answers } = opened;
  const stateOf = new Map(answers.map((answer) => [answer.item, answer]));
  const numbers = (wanted: (item: (typeof items)[number], answer: (typeof answers)[number] | undefined) => boolean) =>
    items.filter((item) => wanted(item, stateOf.get(item.item))).map((item) => item.number);
  return json({
    heading: opened.exam.title[langOf(request)],
    total: items.length,
    answered: numbers((item, answer) => isComplete(item, answer?.response)).length,
    open: numbers((_, answer) => (answer?.response ?? null) === null),
    partly: numbers((item, answer) => (answer?.response ?? null) !== null && !isComplete(item, answer?.response)),
    flagged: numbers((_, answer) => answer?.flagged ?? false),
    start: await playerStart(actor, opened, device, langOf(request)),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'take an exam', { personId: actor.personId });
  const { device } = deviceOf(request);
  const attemptId = params['id'] ?? '';
  const receipt = await handIn(actor, attemptId, device);
  if (receipt.ok) return redirect(`/attempts/${attemptId}/receipt`);
  if (receipt.error.code === 'attempt.other-device') return redirect(`/attempts/${attemptId}`);
  return json({ problem: receipt.error }, { status: statusOf(receipt.error.code) });
}

export default function HandInPage() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, problem } = useText();
  const { attemptId } = data.start;
  const lists = [
    { title: t('exams.hand-in-open'), numbers: data.open },
    { title: t('exams.hand-in-partly'), numbers: data.partly },
    { title: t('exams.hand-in-flagged'), numbers: data.flagged },
  ].filter(({ numbers }) => numbers.length > 0);
  return (
    <Page title={t('exams.hand-in-title')} lead={t('exams.hand-in-lead', { total: data.total, answered: data.answered })}>
      {refused && <Banner tone="danger" title={problem(refused.problem)} />}
      {lists.map((list) => <ItemLinks key={list.title} attemptId={attemptId} {...list} />)}
      {lists.length === 0 && <p>{t('exams.hand-in-all')}</p>}
      <HandInForm key={attemptId} start={data.start} complete={lists.length === 0} />
    </Page>
  );
}

function ItemLinks({ attemptId, title, numbers }: { attemptId: string; title: string; numbers: number[] }) {
  const { t } = useText();
  return (
    <Section title={title}>
      <ul className="player-nav player-nav--links">
        {numbers.map((number) => (
          <li key={number}>
            <a className="player-nav-cell" href={`/attempts/${attemptId}?item=${number}#item-${number}`} aria-label={t('player.number', { number })}>{number}</a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
