import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData, useLocation } from '@remix-run/react';
import { countShippedItems, courseForReader, mayRead, shippedItems, type CourseForReader, type WrittenItem } from '~/courses';
import { reader } from '~/db';
import { actorOf, authorise, can, signInPath } from '~/identity';
import { ResponseValue, scoreItem } from '~/itembank';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, EmptyState, FilterBar, FilterSelect, Page, Pager } from '~/ui';
import { shownKey } from '~/ui/item/key-words';
import { playerItem } from '~/ui/item/player-item';
import { PracticeItem } from '~/ui/item/practice-item';
import type { VerdictState } from '~/ui/item/verdict';
import { pageTitle } from '~/ui/page-title';
import { readResponse } from '~/ui/player/form-responses';

export const meta = pageTitle;

const ITEMS_A_PAGE = 5;

interface Shown {
  found: CourseForReader;
  items: WrittenItem[];
  page: number;
  pageCount: number;
  total: number;
}

/** The public items on the page that the address names, for those who may read the course. */
async function shown(request: Request, slug = ''): Promise<Shown> {
  const actor = await actorOf(request);
  authorise(actor, 'read open courses');
  const found = await courseForReader(reader(), slug, actor?.personId ?? null);
  if (!found) throw new ProblemError({ code: 'not-found' });
  if (!mayRead(found, can(actor, 'preview courses'))) throw redirect(actor ? `/courses/${slug}` : signInPath(request));
  const query = new URL(request.url).searchParams;
  const lesson = query.get('lesson') ?? '';
  const total = await countShippedItems(reader(), found.course.versionId, lesson);
  const pageCount = Math.max(1, Math.ceil(total / ITEMS_A_PAGE));
  const page = Math.min(pageCount, Math.max(1, Math.floor(Number(query.get('page'))) || 1));
  const items = await shippedItems(reader(), found.course.versionId, { lesson, limit: ITEMS_A_PAGE, offset: (page - 1) * ITEMS_A_PAGE });
  return { found, items, page, pageCount, total };
}

const numberOn = (page: number, i: number): number => (page - 1) * ITEMS_A_PAGE + i + 1;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { found: { course }, items, page, pageCount, total } = await shown(request, params['slug']);
  const lang = langOf(request);
  return json({
    heading: textFor(lang).t('courses.practice-title', { course: course.title[lang] }),
    course: { slug: course.slug, title: course.title[lang] },
    lessons: course.lessons.map((lesson) => ({ value: lesson.slug, label: `${lesson.position}. ${lesson.title[lang]}` })),
    page, pageCount, total, items: items.map((item, i) => playerItem(item.code, item.body, numberOn(page, i))),
  });
}

/** Says at once what is right. Nothing is stored: practice proves nothing. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { items, page } = await shown(request, params['slug']);
  const form = await request.formData();
  const { t } = textFor(langOf(request));
  const truth = { yes: t('player.true'), no: t('player.false') };
  return json({
    page,
    feedback: items.map((item, i) => {
      const asked = playerItem(item.code, item.body, numberOn(page, i));
      const given = ResponseValue.safeParse(readResponse(form, asked));
      const response = given.success ? given.data : null;
      const state: VerdictState = response === null ? 'unanswered' : scoreItem(item.body.type, item.key, response) === 1 ? 'right' : 'wrong';
      return { item: item.code, response, state, right: shownKey(asked, item.body, item.key, truth), explanation: item.explanation };
    }),
  });
}

export default function Practice() {
  const { course, lessons, items, page, pageCount, total } = useLoaderData<typeof loader>();
  const reply = useActionData<typeof action>();
  const { search } = useLocation();
  const { t } = useText();
  const feedback = reply?.page === page ? reply.feedback : [];
  const right = feedback.filter((one) => one.state === 'right').length;
  return (
    <Page title={t('courses.practice-title', { course: course.title })} lead={t('courses.practice-lead')}
      trail={[{ to: '/courses', label: t('courses.title') }, { to: `/courses/${course.slug}`, label: course.title }]}>
      <FilterBar count={total}>
        <FilterSelect name="lesson" label={t('courses.practice-lesson')} options={lessons} />
      </FilterBar>
      {items.length === 0 && <EmptyState title={t(search ? 'courses.practice-none-lesson' : 'courses.practice-none')} />}
      {feedback.length > 0 && <Banner tone="info" title={t('courses.practice-count', { count: feedback.length, right })} />}
      {items.length > 0 && (
        <Form key={search} method="post" className="form">
          {items.map((item) => <PracticeItem key={item.item} item={item} feedback={feedback.find((one) => one.item === item.item) ?? null} />)}
          <Button type="submit" kind="primary">{t(feedback.length > 0 ? 'courses.checks-again' : 'courses.practice-send')}</Button>
        </Form>
      )}
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
