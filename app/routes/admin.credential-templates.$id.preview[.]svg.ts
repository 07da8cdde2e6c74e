import type { LoaderFunctionArgs } from '@remix-run/node';
import { openTemplate, previewSvg } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { templateQuery } from '~/ui/credential/template-query.server';

/** A sample of what the designer holds, also unsaved: the form sends its fields along. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'design credentials');
  const template = await openTemplate(reader(), params['id'] ?? '');
  if (!template) throw new ProblemError({ code: 'not-found' });
  const { words, name } = templateQuery(request.url);
  const svg = await previewSvg(template, words, name || textFor('zh').t('templates.sample-name'));
  return new Response(svg, { headers: { 'Content-Type': 'image/svg+xml; charset=utf-8', 'Cache-Control': 'private, no-store' } });
}
