import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { WEEK_STEPS, weekCount } from '~/certification';
import { ShareChart } from '~/charts';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { addDays } from '~/kernel/calendar';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, DataTable, Page } from '~/ui';
import { weekQuery } from '~/ui/desk/funnel-query.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const { monday, today } = weekQuery(request.url);
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const [last, next] = [addDays(monday, -7), addDays(monday, 7)];
  const lines = [];
  for (const step of WEEK_STEPS) {
    lines.push({
      step, now: await weekCount(reader(), step, paths, { from: monday, until: addDays(monday, 6) }), before: await weekCount(reader(), step, paths, { from: last, until: addDays(last, 6) }),
    });
  }
  return json({ heading: textFor(langOf(request)).t('week.title'), monday, sunday: addDays(monday, 6), last, next: next > today ? null : next, lines });
}

export default function Week() {
  const { monday, sunday, last, next, lines } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const most = Math.max(1, ...lines.flatMap(({ now, before }) => [now, before]));
  const chart = (which: 'now' | 'before', week: string) => (
    <ShareChart title={t('week.chart', { week })} shares={lines.map((line) => ({ label: t(`week.step.${line.step}`), share: line[which] / most, text: String(line[which]) }))} />
  );
  const behind = (count: number, step: string, week: string) =>
    (count === 0 ? 0 : <Link to={`/hr/week/people?step=${step}&week=${week}`} aria-label={t('funnel.people-of', { count })}>{count}</Link>);
  return (
    <Page title={t('week.title')} lead={t('week.lead', { from: date(monday), until: date(sunday) })} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}>
      <ButtonRow>
        <ButtonLink to={`/hr/week?week=${last}`} kind="quiet">{t('week.before')}</ButtonLink>
        {next !== null && <ButtonLink to={`/hr/week?week=${next}`} kind="quiet">{t('week.after')}</ButtonLink>}
      </ButtonRow>
      <div className="desk">{chart('now', t('week.this'))}{chart('before', t('week.last'))}</div>
      <DataTable
        caption={t('week.title')} rows={lines} rowKey={(line) => line.step} empty={null}
        columns={[
          { key: 'step', header: t('week.what'), cell: (line) => t(`week.step.${line.step}`) },
          { key: 'now', header: t('week.this'), cell: (line) => behind(line.now, line.step, monday), numeric: true },
          { key: 'before', header: t('week.last'), cell: (line) => behind(line.before, line.step, last), numeric: true },
          { key: 'difference', header: t('week.difference'), cell: ({ now, before }) => (now > before ? `+${now - before}` : now < before ? `−${before - now}` : '0'), numeric: true },
        ]}
      />
    </Page>
  );
}
