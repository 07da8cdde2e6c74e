import type { LoaderFunctionArgs } from '@remix-run/node';
import { allRecruits, startsAmong, type Recruit, type StartAmong } from '~/certification';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { csvFile } from '~/kernel/csv';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import { wordReason } from '~/text/reason';
import { recruitQuery } from '~/ui/clearance/recruit-query.server';

const HEADER = [
  'hr.name', 'hr.number', 'hr.organisation', 'hr.post', 'hr.intake', 'hr.start', 'hr.status', 'hr.may-start-on', 'hr.may-start-until', 'hr.due', 'hr.progress', 'hr.why', 'starts.on',
  'starts.basis', 'starts.state',
] as const;

/** The list of recruits as a file, as filtered; that it was taken is an event in the ledger. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const { filter } = await recruitQuery(actor, request.url);
  const lines: string[][] = [];
  for await (const recruits of allRecruits(reader(), filter, clock.now())) {
    const starts = await startsAmong(reader(), recruits.map(({ assignmentId }) => assignmentId));
    lines.push(...recruits.map((recruit) => lineOf(text, recruit, starts.get(recruit.assignmentId))));
  }
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'clearances.exported', subject: { kind: 'account', id: actor.accountId }, by: actor.by, body: { people: lines.length },
  }));
  return new Response(csvFile(HEADER.map((key) => text.t(key)), lines), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="recruits.csv"', 'Cache-Control': 'no-store' },
  });
}

const lineOf = (text: Text, one: Recruit, start: StartAmong | undefined): string[] => [
  one.name, one.recruitmentNumber ?? '', one.organisation, one.post, one.intake ?? '', one.startOfDuty, text.t(`hr.status.${one.status}`),
  one.mayStartOn ?? '', one.until ?? '', one.dueOn, text.t('hr.progress-value', { done: one.done, total: one.total }), one.reason ? wordReason(text, one.reason) : '',
  start?.started_on ?? '', start ? text.t(`starts.basis.${start.basis}`) : '', start ? text.t(`starts.state.${start.state}`) : '',
];
