import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { deviceOf, enterSection, openAttempt } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { statusOf } from '~/kernel/errors';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonLink, ButtonRow, Page, QUIET, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { isComplete } from '~/ui/player/form-responses';

export const meta = pageTitle;
export const handle = QUIET;
export const headers = () => ({ 'Cache-Control': 'no-store' });

/** Between two sections: what is left open, and that there is no way back where there is none. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const lang = langOf(request);
  const opened = must(await openAttempt(actor, params['id'] ?? '', deviceOf(request).device));
  const { id: attemptId, section: current } = opened.attempt;
  const [from, to] = opened.kind === 'writing' ? [opened.sections[current], opened.sections[current + 1]] : [];
  if (opened.kind !== 'writing' || !from || !to) throw redirect(`/attempts/${attemptId}`);
  const responses = new Map(opened.answers.map((answer) => [answer.item, answer.response]));
  return json({
    heading: textFor(lang).t('player.section-title'), attemptId, to: to.index,
    titles: { from: from.title[lang], to: to.title[lang] }, oneWay: from.oneWay,
    open: opened.items.filter((item) => item.section === current && !isComplete(item, responses.get(item.item))).map((item) => item.number),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'take an exam', { personId: actor.personId });
  const form = await request.formData();
  const attemptId = params['id'] ?? '';
  const entered = await enterSection(actor, attemptId, deviceOf(request).device, Number(form.get('section')), true);
  if (entered.ok || entered.error.code === 'attempt.other-device') return redirect(`/attempts/${attemptId}`);
  return json({ problem: entered.error }, { status: statusOf(entered.error.code) });
}

export default function SectionPage() {
  const { attemptId, titles, to, oneWay, open } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, problem } = useText();
  return (
    <Page title={t('player.section-title')} lead={t(oneWay ? 'player.section-lead-one-way' : 'player.section-lead', titles)}>
      {refused && <Banner tone="danger" title={problem(refused.problem)} />}
      {open.length > 0 && (
        <Section title={t('player.section-open-items')}>
          <ul className="player-nav player-nav--links">
            {open.map((number) => (
              <li key={number}><a className="player-nav-cell" href={`/attempts/${attemptId}?item=${number}#item-${number}`} aria-label={t('player.number', { number })}>{number}</a></li>
            ))}
          </ul>
        </Section>
      )}
      <Form method="post" reloadDocument>
        <input type="hidden" name="section" value={to} />
        <ButtonRow>
          <Button kind={open.length === 0 ? 'primary' : 'secondary'}>{t('player.section-confirm')}</Button>
          <ButtonLink to={`/attempts/${attemptId}`} kind={open.length === 0 ? 'secondary' : 'primary'} document>{t('player.section-back')}</ButtonLink>
        </ButtonRow>
      </Form>
    </Page>
  );
}
