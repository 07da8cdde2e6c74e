import type { LoaderFunctionArgs } from '@remix-run/node';
import { renderToStaticMarkup } from 'react-dom/server';
import { reader } from '~/db';
import { findExamBySlug, inLine, placeInLine, untilCalled, type Call, type Exam } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { textFor, type Lang } from '~/text';
import { langOf } from '~/text/lang';
import { TextProvider } from '~/text/react';
import { Banner, Button, ButtonRow, Page } from '~/ui';
import script from '~/ui/exam/in-line?worker&url';
import styles from '~/ui/styles.css?url';

/** Without a script the page asks for itself again after so long, and is answered when it is time or after a while. */
const AGAIN_SECONDS = 2;

/**
 * Where somebody waits whose start cannot be served at once. A page of its own, without the rest of the interface:
 * it is asked for by thousands when the server is at its limit.
 */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'take an exam', { personId: actor.personId });
  const exam = await findExamBySlug(reader(), params['slug'] ?? '');
  if (!exam) throw new ProblemError({ code: 'not-found' });
  const who = inLine(exam.slug, actor.personId);
  const call = new URL(request.url).searchParams.has('again') ? await untilCalled(who) : placeInLine(who);
  return new Response(page(langOf(request), exam, call), { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' } });
}

function page(lang: Lang, exam: Exam, call: Call): string {
  const { t } = textFor(lang);
  const title = t('exams.title', { title: exam.title[lang] });
  const address = `/exams/${encodeURIComponent(exam.slug)}`;
  const body = renderToStaticMarkup(
    <TextProvider lang={lang} zone={config().TIME_ZONE}>
      <main className="main main--quiet"><Page title={title}><Line call={call} address={address} lang={lang} /></Page></main>
    </TextProvider>,
  );
  const again = call.kind === 'called' ? '' : `<noscript><meta http-equiv="refresh" content="${AGAIN_SECONDS};url=${address}/waiting?again"></noscript>`;
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`
    + `<meta name="color-scheme" content="light dark">${renderToStaticMarkup(<title>{title}</title>)}${again}<link rel="stylesheet" href="${styles}"></head>`
    + `<body>${body}<script src="${script}"></script></body></html>`;
}

function Line({ call, address, lang }: { call: Call; address: string; lang: Lang }) {
  const { t } = textFor(lang);
  const [before, after] = t('start.line-title', { place: PLACE }).split(PLACE);
  return (
    <Banner tone="info" title={call.kind === 'called' ? t('start.line-called') : <>{before}<span id="place">{call.place}</span>{after}</>}>
      <p>{t(call.kind === 'called' ? 'start.line-press' : 'start.line')}</p>
      <form method="post" action={address} data-line={`${address}/line`}>
        <input type="hidden" name="intent" value="start" />
        <ButtonRow><Button kind="primary">{t('start.line-again')}</Button></ButtonRow>
      </form>
    </Banner>
  );
}

/** Stands in the sentence where the script writes the place anew. */
const PLACE = '\u0000';
