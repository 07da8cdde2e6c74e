import type { LoaderFunctionArgs } from '@remix-run/node';
import { renewalPage, type Renewal } from '~/certification';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { csvFile } from '~/kernel/csv';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import { renewalQuery } from '~/ui/clearance/renewal-query.server';

const HEADER = [
  'renewal.name', 'renewal.number', 'renewal.organisation', 'renewal.post', 'renewal.programme', 'renewal.ends', 'renewal.state', 'renewal.since', 'renewal.due', 'renewal.progress',
] as const;
const STEP = 1000;

/** The list of renewals as a file, as filtered; that it was taken is an event in the ledger. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const filter = renewalQuery(actor, request.url);
  const lines: string[][] = [];
  for (let offset = 0; ; offset += STEP) {
    const found = await renewalPage(reader(), filter, { limit: STEP, offset });
    lines.push(...found.map((one) => lineOf(text, one)));
    if (found.length < STEP) break;
  }
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'clearances.exported', subject: { kind: 'account', id: actor.accountId }, by: actor.by, body: { people: lines.length },
  }));
  return new Response(csvFile(HEADER.map((key) => text.t(key)), lines), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="renewals.csv"', 'Cache-Control': 'no-store' },
  });
}

const lineOf = ({ t, lang }: Text, one: Renewal): string[] => [
  one.name, one.number ?? '', one.organisation, one.post, one.title[lang], one.endsOn, t(`renewal.state.${one.state}`), one.next?.since ?? '', one.next?.dueOn ?? '',
  one.next ? `${one.next.done} / ${one.next.total}` : '',
];
