import type { LoaderFunctionArgs } from '@remix-run/node';
import { headersOf } from '~/exchange';
import { authorise, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { workbookAnswer } from '~/ui/roster/workbook.server';

/** An empty sheet to begin a roster with. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see rosters');
  const lang = langOf(request);
  return workbookAnswer({ name: textFor(lang).t('roster.title'), columns: headersOf(lang).map((title) => ({ title, width: 16 })), rows: [] }, 'roster.xlsx');
}
