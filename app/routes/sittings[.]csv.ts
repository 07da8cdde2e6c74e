import type { LoaderFunctionArgs } from '@remix-run/node';
import { reader } from '~/db';
import { sittingsInScope } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { localTimeAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { csvFile } from '~/kernel/csv';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { phaseOf } from '~/ui/sitting/states';
import { sittingQuery } from '~/ui/sitting/sitting-query.server';

const CSV = { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="sittings.csv"', 'Cache-Control': 'no-store' };

/** The list of sittings as a file, as filtered. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const { t, lang } = textFor(langOf(request));
  const { query } = await sittingQuery(actor, request.url);
  const { sittings } = await sittingsInScope(reader(), { ...query, page: 1, pageSize: 100_000 });
  const time = (at: number) => localTimeAt(at, config().TIME_ZONE).replace('T', ' ');
  const header = ['sittings.code', 'sittings.name', 'sittings.exam', 'sittings.field.starts', 'sittings.field.ends', 'sittings.where', 'sittings.unit', 'sittings.field.capacity', 'sittings.people', 'sittings.booking-state.waiting', 'sittings.invigilators', 'sittings.state'] as const;
  return new Response(csvFile(header.map((key) => t(key)), sittings.map((row) => [
    row.code, row.title, row.exam[lang], time(row.startsAt), time(row.endsAt), t(`sittings.place.${row.place}`), row.organisation, String(row.capacity),
    String(row.booked), String(row.waiting), String(row.invigilators), t(`sittings.state.${phaseOf(row, query.now)}`),
  ])), { headers: CSV });
}
