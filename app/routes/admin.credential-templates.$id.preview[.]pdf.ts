import type { LoaderFunctionArgs } from '@remix-run/node';
import { MissingCharactersError, openTemplate, previewPdf } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { templateQuery } from '~/ui/credential/template-query.server';

/** The sample as it would be printed. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'design credentials');
  const template = await openTemplate(reader(), params['id'] ?? '');
  if (!template) throw new ProblemError({ code: 'not-found' });
  const { words, name } = templateQuery(request.url);
  try {
    const pdf = await previewPdf(template, words, name || textFor('zh').t('templates.sample-name'));
    return new Response(new Uint8Array(pdf), { headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': 'inline; filename="sample.pdf"', 'Cache-Control': 'private, no-store' } });
  } catch (error) {
    if (error instanceof MissingCharactersError) throw new ProblemError({ code: 'credential.missing-characters', params: { characters: error.characters.join(' ') } });
    throw error;
  }
}
