import type { LoaderFunctionArgs } from '@remix-run/node';
import { hourStandings } from '~/certification';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { csvFile } from '~/kernel/csv';
import { textFor } from '~/text';
import { figure } from '~/text/hours-words';
import { langOf } from '~/text/lang';
import { standingsQuery } from '~/ui/hours/standings-query.server';

/** The list of hours as a file, as filtered; that it was taken is an event in the ledger. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see hours');
  const now = clock.now();
  const { query } = await standingsQuery(actor, request.url, now);
  const { rows, targets } = await hourStandings(reader(), query, now);
  const lang = langOf(request);
  const { t } = textFor(lang);
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'hours.exported', subject: { kind: 'account', id: actor.accountId }, by: actor.by, body: { people: rows.length, year: query.year },
  }));
  const header = [t('hours.hr-name'), t('hours.hr-unit'), t('hours.hr-year'), t('hours.hr-hours'), ...targets.map((one) => one.title[lang])];
  const lines = rows.map((row) => [row.name, row.organisation, String(query.year), figure(row.hundredths), ...targets.map(({ code }) => {
    const target = row.targets.find((one) => one.code === code);
    const near = target?.alternatives[target.nearest];
    return target && near ? `${target.met ? t('hours.target-met') : t('hours.hr-below')} ${figure(near.done)}/${t(`hours.alternative.${near.measure}`, { amount: figure(near.amount) })}` : '';
  })]);
  return new Response(csvFile(header, lines), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="hours.csv"', 'Cache-Control': 'no-store' },
  });
}
