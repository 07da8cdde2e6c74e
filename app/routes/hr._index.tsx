import { json, redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { recruitCounts } from '~/certification';
import { reader } from '~/db';
import { authorise, can, scopePaths, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, Page, Section } from '~/ui';
import { SOON_DAYS } from '~/ui/clearance/recruit-query.server';
import { otherNumbers, rostersToSee, startNumbers, waitingNumbers } from '~/ui/desk/desk.server';
import { FindForm } from '~/ui/desk/find-form';
import { NumberList } from '~/ui/desk/number-list';
import { waitingListPath } from '~/ui/desk/waiting-words';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** The list of people was here once; bookmarks of its filters lead there. */
const OF_THE_LIST = ['status', 'q', 'intake', 'page'];

/** What needs me today? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const { search, searchParams } = new URL(request.url);
  if (OF_THE_LIST.some((name) => searchParams.has(name))) return redirect(`/hr/recruits${search}`);
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const [starts, waiting, others, rosters, counts] = await Promise.all([
    startNumbers(actor), waitingNumbers(actor), otherNumbers(actor), rostersToSee(actor),
    recruitCounts(reader(), { paths, today: dateAt(clock.now(), config().TIME_ZONE) }),
  ]);
  return json({
    heading: textFor(langOf(request)).t('hr.title'), starts, waiting, others, rosters, counts, days: SOON_DAYS,
    may: {
      decide: can(actor, 'see what waits'), intake: can(actor, 'see intakes'), issue: can(actor, 'issue credentials in bulk'), evidence: can(actor, 'see evidence handed in'),
      acts: can(actor, 'see credential acts'), notices: can(actor, 'see notices of people'),
    },
  });
}

type Data = Exclude<ReturnType<typeof useLoaderData<typeof loader>>, never>;

export default function Desk() {
  const { starts, waiting, others, rosters, counts, may } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('hr.title')} lead={<Lead />} width="wide" actions={may.intake && <ButtonLink to="/hr/intakes/new" kind="primary">{t('hr.make-intake')}</ButtonLink>}>
      <FindForm typed="" />
      <div className="desk">
        <Section title={t('desk.starts')}><Starts starts={starts} /></Section>
        {may.decide && <Section title={t('desk.waiting')}><Waiting waiting={waiting} rosters={rosters} /></Section>}
        {others.length > 0 && <Section title={t('desk.elsewhere')}><NumberList items={others.map((one) => ({ ...one, label: t(`desk.number.${one.key}`) }))} /></Section>}
        <Section title={t('desk.all')} actions={<ButtonLink to="/hr/recruits">{t('desk.to-list')}</ButtonLink>}><Everybody counts={counts} /></Section>
      </div>
      <Section title={t('desk.further')}><Further /></Section>
    </Page>
  );
}

function Lead() {
  const { starts, waiting, rosters, days, may } = useLoaderData<typeof loader>();
  const { t } = useText();
  const near = starts.find(({ key }) => key === 'soon-not-yet')?.count ?? 0;
  const count = waiting.reduce((sum, one) => sum + one.count, rosters);
  return (
    <p>
      {t(near === 0 ? 'desk.lead-starts-none' : 'desk.lead-starts', { days, count: near })}{' '}
      {may.decide && t(count === 0 ? 'desk.lead-waiting-none' : 'desk.lead-waiting', { count })}
    </p>
  );
}

/** Always there: the two that forbid. The others only where there is somebody. */
const ALWAYS = new Set(['soon-not-yet', 'past-not-yet']);

function Starts({ starts }: Pick<Data, 'starts'>) {
  const { days } = useLoaderData<typeof loader>();
  const { t } = useText();
  const shown = starts.filter(({ key, count }) => ALWAYS.has(key) || count > 0);
  return <NumberList items={shown.map((one) => ({ ...one, label: t(`desk.number.${one.key}`, { days }), urgent: ALWAYS.has(one.key) && one.count > 0 }))} />;
}

function Waiting({ waiting, rosters }: Pick<Data, 'waiting' | 'rosters'>) {
  const { t, dateTime } = useText();
  const some = waiting.filter(({ count }) => count > 0);
  if (some.length + rosters === 0) return <p>{t('desk.lead-waiting-none')}</p>;
  return (
    <>
      <NumberList items={[
        ...some.map(({ kind, count, since }) => ({ key: kind, count, to: waitingListPath(kind), label: t(`desk.kind.${kind}`), note: since !== null && t('desk.since', { at: dateTime(since) }) })),
        ...(rosters > 0 ? [{ key: 'rosters', count: rosters, to: '/hr/rosters?state=waiting', label: t('desk.number.rosters') }] : []),
      ]} />
      <p><Link to="/hr/waiting">{t('desk.waiting-all')}</Link></p>
    </>
  );
}

function Everybody({ counts: { mayStart, underWaiver, notYet, overdue, expired } }: Pick<Data, 'counts'>) {
  const { t } = useText();
  const numbers = [['not-yet', notYet], ['overdue', overdue], ['expired', expired], ['under-waiver', underWaiver], ['may-start', mayStart]] as const;
  return (
    <NumberList items={numbers.filter(([status, count]) => count > 0 || !RARE.has(status)).map(([status, count]) => (
      { key: `everybody-${status}`, count, label: t(`hr.count.${status}`), to: `/hr/recruits?status=${status}` }
    ))} />
  );
}

/** Told only where there is somebody. */
const RARE = new Set(['expired', 'under-waiver']);

function Further() {
  const { may } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <ButtonRow>
      <ButtonLink to="/hr/funnel" kind="quiet">{t('funnel.title')}</ButtonLink>
      <ButtonLink to="/hr/week" kind="quiet">{t('week.title')}</ButtonLink>
      <ButtonLink to="/hr/renewals" kind="quiet">{t('renewal.title')}</ButtonLink>
      <ButtonLink to="/hr/waivers" kind="quiet">{t('waiver.link-all')}</ButtonLink>
      <ButtonLink to="/hr/exceptions" kind="quiet">{t('exception.title')}</ButtonLink>
      <ButtonLink to="/hr/starts" kind="quiet">{t('starts.link-all')}</ButtonLink>
      <ButtonLink to="/hr/confirmations" kind="quiet">{t('confirmation.link-all')}</ButtonLink>
      {may.evidence && <ButtonLink to="/hr/evidence" kind="quiet">{t('records.queue')}</ButtonLink>}
      {may.evidence && <ButtonLink to="/hr/past-imports" kind="quiet">{t('records.past')}</ButtonLink>}
      <ButtonLink to="/hr/events" kind="quiet">{t('records.events')}</ButtonLink>
      {may.issue && <ButtonLink to="/hr/credential-runs" kind="quiet">{t('hr.bulk')}</ButtonLink>}
      {may.notices && <ButtonLink to="/hr/notices" kind="quiet">{t('told.title')}</ButtonLink>}
      {may.acts && <ButtonLink to="/hr/credential-acts" kind="quiet">{t('acts.title')}</ButtonLink>}
    </ButtonRow>
  );
}
