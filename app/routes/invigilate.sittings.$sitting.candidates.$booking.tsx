import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { candidateOnConsole, shortHash } from '~/exams';
import { signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { useText } from '~/text/react';
import { Facts, InstantText, Page, Section, StatusTag } from '~/ui';
import { ActLog } from '~/ui/console/act-log';
import { ProposeFinding } from '~/ui/exam/propose-finding';
import { pageTitle } from '~/ui/page-title';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { sitting, receiptHash, ...found } = must(await candidateOnConsole(actor, params['sitting'] ?? '', params['booking'] ?? ''));
  return json({
    heading: found.row.name, sitting: { id: sitting.id, title: sitting.title }, hash: receiptHash === null ? null : shortHash(receiptHash),
    row: found.row, room: found.room?.name ?? null, startedAt: found.startedAt, messages: found.messages, observations: found.observations, acts: found.acts,
  }, { headers: { 'Cache-Control': 'no-store' } });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

/** One candidate: how they stand, what was said, observed and done. */
export default function CandidateOnConsole() {
  const data = useLoaderData<typeof loader>();
  const { t, dateTime } = useText();
  useRefresh(10);
  return (
    <Page title={data.heading} lead={data.row.organisation} trail={[{ to: '/invigilate', label: t('invigilate.title') }, { to: `/invigilate/sittings/${data.sitting.id}`, label: data.sitting.title }]}>
      <Standing data={data} />
      <Section title={t('console.candidate-observations')}>
        {data.observations.length === 0 ? <p>{t('console.candidate-observations-none')}</p> : <Facts items={data.observations.map((one) => ({ term: <InstantText at={one.at} />, value: <Observed one={one} /> }))} />}
        {data.row.attempt !== null && <ProposeFinding attemptId={data.row.attempt} state={data.row.state} />}
      </Section>
      <Section title={t('console.candidate-messages')}>
        {data.messages.length === 0 ? <p>{t('console.candidate-messages-none')}</p> : (
          <Facts items={data.messages.map((one) => ({
            term: <InstantText at={one.sentAt} />,
            value: <>{one.text} <span className="small">{one.seenAt === null ? t('console.candidate-message-unseen') : t('console.candidate-message-seen', { at: dateTime(one.seenAt) })}</span></>,
          }))} />
        )}
      </Section>
      <Section title={t('console.candidate-acts')}><ActLog acts={data.acts} empty={t('console.candidate-acts-none')} readOnly /></Section>
    </Page>
  );
}

function Observed({ one }: { one: Data['observations'][number] }) {
  const { t, has } = useText();
  const key = `console.observation.${one.kind}`;
  return <>{has(key) ? t(key) : one.kind}{one.seconds !== null && ` · ${t('console.seconds', { n: one.seconds })}`}{one.kind === 'note' && `${t('ui.colon')}${one.body}`}</>;
}

function Standing({ data: { row, room, startedAt, hash } }: { data: Data }) {
  const { t } = useText();
  const identity = row.identity ?? (row.checkedInAt === null ? 'none' : 'checked-in');
  const when = (at: number | null) => at !== null && <InstantText at={at} />;
  return (
    <Facts items={[
      { term: t('console.candidate-ticket'), value: row.ticket },
      { term: t('console.seat'), value: row.seat === null ? t('console.remote') : room ? t('console.seat-in', { room, seat: row.seat }) : t('console.seat-only', { seat: row.seat }) },
      { term: t('console.candidate-identity'), value: t(`console.identity.${identity}`) },
      { term: t('console.state'), value: <StatusTag tone={row.state === 'in-progress' ? 'ok' : 'neutral'}>{row.pausedAt !== null ? t('console.paused') : t(`exams.attempt-state.${row.state ?? 'prepared'}`)}</StatusTag> },
      ...(row.attempt === null ? [] : [
        { term: t('console.candidate-started'), value: when(startedAt) },
        { term: t('console.candidate-deadline'), value: when(row.deadlineAt) },
        { term: t('console.contact'), value: when(row.contactAt) },
        { term: t('console.saved'), value: t('console.saved-value', { saved: row.saved, total: row.total }) },
      ]),
      ...(row.handedInAt === null ? [] : [{ term: t('exams.handed-in'), value: when(row.handedInAt) }]),
      ...(hash === null ? [] : [{ term: t('exams.receipt-hash'), value: <span className="figures">{hash}</span> }]),
    ]} />
  );
}
