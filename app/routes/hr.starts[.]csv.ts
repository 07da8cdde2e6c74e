import type { LoaderFunctionArgs } from '@remix-run/node';
import { allStarts, type ListedStart } from '~/certification';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { csvFile } from '~/kernel/csv';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import { startQuery } from '~/ui/clearance/start-query.server';

const HEADER = ['hr.name', 'starts.export-number', 'hr.organisation', 'hr.post', 'starts.on', 'starts.basis', 'starts.state', 'starts.reason', 'starts.by', 'starts.second'] as const;

/** The list of starts as a file, as filtered; that it was taken is an event in the ledger. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see starts');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const lines: string[][] = [];
  for await (const starts of allStarts(reader(), startQuery(actor, request.url))) lines.push(...starts.map((one) => lineOf(text, one)));
  await inTransaction((tx) => appendEvent(tx, { kind: 'starts.exported', subject: { kind: 'account', id: actor.accountId }, by: actor.by, body: { starts: lines.length } }));
  return new Response(csvFile(HEADER.map((key) => text.t(key)), lines), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="starts.csv"', 'Cache-Control': 'no-store' },
  });
}

const lineOf = ({ t }: Text, one: ListedStart): string[] => [
  one.name, one.recruitment_number ?? '', one.organisation, one.post, one.started_on, t(`starts.basis.${one.basis}`), t(`starts.state.${one.state}`),
  one.reason, one.asker ?? '', one.decider ?? '',
];
