import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node';
import { takeRecordPdf } from '~/certification';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { recordFile } from '~/ui/records/record.server';

/** A person's record as PDF; that it was taken is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const personId = params['id'] ?? '';
  const pdf = await takeRecordPdf(actor, personId);
  if (!pdf) throw new ProblemError({ code: 'not-found' });
  return new Response(createReadableStreamFromReadable(pdf), { headers: recordFile(personId, 'pdf') });
}
