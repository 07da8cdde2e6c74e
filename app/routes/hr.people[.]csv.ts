import type { LoaderFunctionArgs } from '@remix-run/node';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { csvFile } from '~/kernel/csv';
import { peopleInScope } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { peopleQuery } from '~/ui/people/people-query.server';

/** The list of people as a file, as filtered; that it was taken is an event in the ledger. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see people');
  const { query } = await peopleQuery(actor, request.url);
  const { people } = await peopleInScope(reader(), { ...query, page: 1, pageSize: 100_000 });
  const { t } = textFor(langOf(request));
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'people.exported', subject: { kind: 'account', id: actor.accountId }, by: actor.by, body: { people: people.length },
  }));
  const header = ['people.name', 'people.number', 'people.unit', 'people.kind', 'people.post', 'people.start', 'people.state'] as const;
  return new Response(csvFile(header.map((key) => t(key)), people.map((row) => [
    row.name, row.number ?? '', row.organisationName, t(`people.kind.${row.kind}`), row.post, row.startOfDuty, t(`identity.state.${row.accountState}`),
  ])), { headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="people.csv"', 'Cache-Control': 'no-store' } });
}
