import type { LoaderFunctionArgs } from '@remix-run/node';
import { deviceOf, findAttempt, saveResponses, standingOf, type Standing } from '~/exams';
import { reader } from '~/db';
import { actorOf, authorise, tokenHashOf } from '~/identity';
import { clock } from '~/kernel/clock';
import { must, ProblemError } from '~/kernel/result';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import styles from '~/ui/styles.css?url';

/** Often enough to be trusted, seldom enough for a hall of old machines. */
const REFRESH_SECONDS = 15;

/**
 * The clock without JavaScript: a page of its own in a small frame, which refreshes itself and leaves the form alone.
 * It also tells of a pause and of messages, and is the candidate's sign of life.
 */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const attemptId = params['id'] ?? '';
  const attempt = await findAttempt(reader(), attemptId);
  const actor = await actorOf(request);
  if (!attempt) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'take an exam', { personId: attempt.personId });
  const { device } = deviceOf(request);
  const tokenHash = tokenHashOf(request.headers.get('cookie'));
  if (tokenHash && attempt.device === device) await saveResponses({ attemptId, tokenHash, device, changes: [], receivedAt: clock.now() });
  const standing = actor ? must(await standingOf(actor, attemptId, device)) : null;
  return new Response(page(textFor(langOf(request)), attemptId, standing), {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

function page({ t, lang }: Text, attemptId: string, standing: Standing | null): string {
  const id = encodeURIComponent(attemptId);
  const link = (to: string, text: string): string => `<a href="/attempts/${id}${to}" target="_top">${text}</a>`;
  const now = standing ? Date.parse(standing.pausedAt ?? standing.serverNow) : 0;
  const left = standing?.state === 'in-progress' ? Date.parse(standing.deadline) - now : 0;
  const minutes = Math.floor(left / 60_000);
  const lines = [
    left <= 0 ? `${t('player.clock-over')} ${link('/receipt', t('player.clock-over-link'))}` : minutes > 0 ? t('player.clock-minutes', { minutes }) : t('player.clock-less'),
    ...(standing?.pausedAt ? [t('player.clock-paused')] : []),
    ...(standing?.otherDevice ? [link('', t('player.other-title'))] : []),
    ...(standing && standing.messages.length > 0 ? [link('', t('player.clock-message'))] : []),
  ];
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${t('player.clock')}</title>`
    + (left > 0 ? `<meta http-equiv="refresh" content="${Math.min(REFRESH_SECONDS, Math.ceil(left / 1000) + 1)}">` : '')
    + `<link rel="stylesheet" href="${styles}"></head>`
    + `<body class="player-clock-page${lines.length > 1 ? ' player-clock-page--more' : ''}">${lines.map((line) => `<p>${line}</p>`).join('')}</body></html>`;
}
