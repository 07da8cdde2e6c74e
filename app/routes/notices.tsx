import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { useEffect } from 'react';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { markAllRead, markRead, noticeCounts, noticesOf, pathOf } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { inLanguage, wordNotice } from '~/text/notice';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, Card, EmptyState, InstantText, Page, Pager, PostButton, StatusTag } from '~/ui';
import { linkWords } from '~/ui/notices/link-words';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const PER_PAGE = 20;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  const personId = actor.personId ?? '';
  const { total, unread } = await noticeCounts(reader(), personId);
  const pageCount = Math.max(1, Math.ceil(total / PER_PAGE));
  const page = Math.min(pageNumber(request.url), pageCount);
  const text = textFor(langOf(request), config().TIME_ZONE);
  const notices = (await noticesOf(reader(), personId, { limit: PER_PAGE, offset: (page - 1) * PER_PAGE })).map((notice) => ({
    id: notice.id, createdAt: notice.createdAt, readAt: notice.readAt, droppedAt: notice.droppedAt, leadsTo: pathOf(notice),
    ...wordNotice(text, notice.content, notice.wording && inLanguage(notice.wording, text.lang)),
  }));
  return json({ heading: text.t('notices.title'), notices, unread, page, pageCount });
}

/** Marks notices as read: those named, or all. */
export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  const personId = actor.personId ?? '';
  const form = await request.formData();
  if (form.get('all') === '1') await markAllRead(personId);
  else await markRead(personId, form.getAll('notice').map(String).slice(0, PER_PAGE));
  return redirect('/notices');
}

type ShownNotice = ReturnType<typeof useLoaderData<typeof loader>>['notices'][number];

export default function Notices() {
  const { notices, unread, page, pageCount } = useLoaderData<typeof loader>();
  const { t } = useText();
  useMarkSeen(notices);
  return (
    <Page title={t('notices.title')} lead={unread > 0 ? t('notices.lead-unread', { unread }) : t('notices.lead-none')}
      actions={<ButtonRow>{unread > 0 && <PostButton fields={{ all: '1' }}>{t('notices.read-all')}</PostButton>}<ButtonLink kind="quiet" to="/notices/preferences">{t('preferences.title')}</ButtonLink></ButtonRow>}>
      {notices.length === 0 && <EmptyState title={t('notices.empty')}>{t('notices.empty-text')}</EmptyState>}
      <div>{notices.map((notice) => <NoticeCard key={notice.id} notice={notice} />)}</div>
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

const SEEN_AFTER_MS = 4000;

/** What has stood on the screen for a while is read; without JavaScript the button says so. */
function useMarkSeen(notices: ShownNotice[]): void {
  const { submit } = useFetcher();
  const unread = notices.filter((notice) => notice.readAt === null).map((notice) => notice.id).join(' ');
  useEffect(() => {
    if (unread === '') return;
    const timer = setTimeout(() => {
      const form = new FormData();
      for (const id of unread.split(' ')) form.append('notice', id);
      submit(form, { method: 'post', action: '/notices' });
    }, SEEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [unread, submit]);
}

function NoticeCard({ notice: { id, title, text, createdAt, readAt, droppedAt, leadsTo } }: { notice: ShownNotice }) {
  const { t } = useText();
  return (
    <Card title={title} to={`/notices/${id}`} meta={<InstantText at={createdAt} />}
      actions={droppedAt === null && leadsTo !== `/notices/${id}` && <ButtonLink to={leadsTo}>{t(linkWords(leadsTo))}</ButtonLink>}>
      {droppedAt !== null && <p><StatusTag tone="neutral">{t('sending.dropped')}</StatusTag></p>}
      {readAt === null && <p><StatusTag tone="due">{t('notices.new')}</StatusTag></p>}
      <p>{text}</p>
    </Card>
  );
}
