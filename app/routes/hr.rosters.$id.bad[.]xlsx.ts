import type { LoaderFunctionArgs } from '@remix-run/node';
import { appendEvent, inTransaction } from '~/db';
import { badRowsSheet, openRoster } from '~/exchange';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { langOf } from '~/text/lang';
import { workbookAnswer } from '~/ui/roster/workbook.server';

/** The rows that were not taken, with their reasons, to be corrected and brought back. That it was taken is an event: identity numbers are in it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const roster = await openRoster(actor, params['id'] ?? '');
  if (!roster) throw new ProblemError({ code: 'not-found' });
  await inTransaction((tx) => appendEvent(tx, { kind: 'roster.rows-taken', subject: { kind: 'roster', id: roster.id }, by: actor.by }));
  return workbookAnswer(badRowsSheet(roster, langOf(request)), 'rows-to-correct.xlsx');
}
