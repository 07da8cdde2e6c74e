import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node';
import { signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { MEDIA_TYPE, takeReport } from '~/reports';

/** The file of one's own report; each time is counted. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { name, format, bytes, content } = must(await takeReport(actor, params['id'] ?? ''));
  const file = `${name.replace(/[^\p{L}\p{N} _-]+/gu, ' ').trim() || 'report'}.${format}`;
  return new Response(createReadableStreamFromReadable(content), {
    headers: {
      'Content-Type': MEDIA_TYPE[format], 'Content-Length': String(bytes), 'Content-Disposition': `attachment; filename="report.${format}"; filename*=UTF-8''${encodeURIComponent(file)}`,
      'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'private, no-store',
    },
  });
}
