import type { LoaderFunctionArgs } from '@remix-run/node';
import { takeSignedRecord } from '~/certification';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { recordFile } from '~/ui/records/record.server';

/** One's own record as a signed file that anybody can check offline; that it was taken is an event in the ledger. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const personId = actor.personId ?? '';
  const signed = await takeSignedRecord(actor, personId);
  if (!signed) throw new ProblemError({ code: 'not-found' });
  return new Response(`${JSON.stringify(signed, null, 2)}\n`, { headers: recordFile(personId, 'json') });
}
