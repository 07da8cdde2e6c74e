import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { openAct } from '~/exchange';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Counts, DataTable, Facts, InstantText, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** What came of it for each person. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const opened = await openAct(await signedIn(request), params['id'] ?? '', params['act'] ?? '');
  if (!opened) throw new ProblemError({ code: 'not-found' });
  const text = textFor(langOf(request));
  const { list, act, outcomes } = opened;
  return json({
    heading: text.t(`hiring.act.${act.kind}`), listId: list.id, title: list.title, act,
    outcomes: outcomes.map((one) => ({ ...one, says: one.problem === null ? text.t(`hiring.acted.${act.kind}`) : text.problem(one.problem) })),
  });
}

export default function ActOutcome() {
  const { heading, listId, title, act, outcomes } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} width="wide" trail={[{ to: '/hr/hiring', label: t('hiring.title') }, { to: `/hr/hiring/${listId}`, label: title }]}
      lead={t('hiring.acted-lead', { done: act.done, refused: act.refused })} actions={<ButtonLink to={`/hr/hiring/${listId}`} kind="primary">{t('hiring.act.back')}</ButtonLink>}>
      <Facts items={[{ term: t('hiring.asked'), value: <>{act.asker} · <InstantText at={act.asked_at} /></> }]} />
      <Counts items={[{ label: t('hiring.acted.done'), value: act.done, tone: 'ok' }, { label: t('hiring.acted.refused'), value: act.refused, tone: act.refused > 0 ? 'bad' : 'neutral' }]} />
      <DataTable caption={heading} rows={outcomes} rowKey={(row) => String(row.line)} empty={t('hiring.nobody-found')} columns={[
        { key: 'person', header: t('hiring.person'), cell: (row) => <>{row.name}<br /><small className="figures">{row.number}</small></> },
        { key: 'outcome', header: t('hiring.acted.outcome'), cell: (row) => <StatusTag tone={row.outcome === 'done' ? 'ok' : 'bad'}>{t(`hiring.acted.${row.outcome}`)}</StatusTag> },
        { key: 'says', header: t('hiring.why'), cell: (row) => row.says },
      ]} />
    </Page>
  );
}
