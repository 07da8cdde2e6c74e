import type { LoaderFunctionArgs } from '@remix-run/node';
import { reader } from '~/db';
import { findAttempt } from '~/exams';
import { actorOf, authorise } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import { ProblemError } from '~/kernel/result';
import styles from '~/ui/styles.css?url';

/** Often enough to be trusted, seldom enough for a hall of old machines. */
const REFRESH_SECONDS = 15;

/** The clock without JavaScript: a page of its own in a small frame, which refreshes itself and leaves the form alone. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const attemptId = params['id'] ?? '';
  const attempt = await findAttempt(reader(), attemptId);
  const actor = await actorOf(request);
  if (!attempt) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'take an exam', { personId: attempt.personId });
  const text = textFor(langOf(request));
  const left = attempt.state === 'in-progress' ? attempt.deadlineAt - clock.now() : 0;
  return new Response(page(text, attemptId, left), {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

function page({ t, lang }: Text, attemptId: string, left: number): string {
  const minutes = Math.floor(left / 60_000);
  const over = `${t('player.clock-over')} <a href="/attempts/${encodeURIComponent(attemptId)}/receipt" target="_top">${t('player.clock-over-link')}</a>`;
  const body = left <= 0 ? over : minutes > 0 ? t('player.clock-minutes', { minutes }) : t('player.clock-less');
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${t('player.clock')}</title>`
    + (left > 0 ? `<meta http-equiv="refresh" content="${Math.min(REFRESH_SECONDS, Math.ceil(left / 1000) + 1)}">` : '')
    + `<link rel="stylesheet" href="${styles}"></head>`
    + `<body class="player-clock-page"><p>${body}</p></body></html>`;
}
