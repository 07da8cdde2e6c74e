import type { LoaderFunctionArgs } from '@remix-run/node';
import { authorise, signedIn } from '~/identity';
import { csvFile } from '~/kernel/csv';
import { csvHeaders } from '~/people';
import { langOf } from '~/text/lang';

/** An empty table to begin an intake with. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see intakes');
  return new Response(csvFile(csvHeaders(langOf(request)), []), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="intake.csv"' },
  });
}
