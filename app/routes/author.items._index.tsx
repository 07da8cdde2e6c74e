import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { courseList, findCourse } from '~/courses';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { bankList, countItemList, ITEM_TYPES, itemLessons, itemList, type ItemFilter } from '~/itembank';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager, StatusTag } from '~/ui';
import { bankName } from '~/ui/item/bank-name';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const ITEMS_A_PAGE = 25;
const STATES = ['in-use', 'retired'] as const;

function filterOf(query: URLSearchParams): ItemFilter {
  const type = ITEM_TYPES.find((one) => one === query.get('type'));
  const state = STATES.find((one) => one === query.get('status'));
  return {
    bankId: query.get('bank') ?? '', search: (query.get('q') ?? '').slice(0, 100), lesson: query.get('lesson') ?? '',
    difficulty: [1, 2, 3].find((one) => String(one) === query.get('difficulty')) ?? 0, ...(type && { type }), ...(state && { state }),
  };
}

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see items');
  const { lang, t } = textFor(langOf(request));
  const query = new URL(request.url).searchParams;
  const filter = filterOf(query);
  const [banks, lessons, names, count] = await Promise.all([
    bankList(reader()), itemLessons(reader()), lessonNames(lang), countItemList(reader(), filter),
  ]);
  const pageCount = Math.max(1, Math.ceil(count / ITEMS_A_PAGE));
  const page = Math.min(pageCount, Math.max(1, Math.floor(Number(query.get('page'))) || 1));
  const items = await itemList(reader(), filter, { limit: ITEMS_A_PAGE, offset: (page - 1) * ITEMS_A_PAGE });
  return json({
    heading: t('itembank.items-title'), count, page, pageCount, mayWrite: can(actor, 'write items'), types: ITEM_TYPES,
    banks: banks.map((bank) => ({ value: bank.id, label: bankName(t, bank) })),
    lessons: lessons.map((slug) => ({ value: slug, label: names.get(slug) ?? slug })),
    items: items.map(({ id, code, stem, type, difficulty, lesson, state }) => ({ id, code, stem, type, difficulty, state, lesson: names.get(lesson) ?? lesson })),
  });
}

/** Titles of all courses' lessons, by slug. */
async function lessonNames(lang: 'zh' | 'en'): Promise<Map<string, string>> {
  const courses = await Promise.all((await courseList(reader(), { lang })).map(({ slug }) => findCourse(reader(), slug)));
  return new Map(courses.flatMap((course) => course?.lessons.map((lesson): [string, string] => [lesson.slug, lesson.title[lang]]) ?? []));
}

export default function Items() {
  const { banks, lessons, types, items, count, page, pageCount, mayWrite } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('itembank.items-title')} lead={t('itembank.items-lead')} width="wide" trail={[{ to: '/author', label: t('itembank.author-title') }]}
      actions={mayWrite && <ButtonLink to="/author/items/new" kind="primary">{t('itembank.new-title')}</ButtonLink>}>
      <FilterBar count={count}>
        <FilterText name="q" label={t('itembank.search')} />
        <FilterSelect name="bank" label={t('itembank.bank')} options={banks} />
        <FilterSelect name="lesson" label={t('itembank.lesson')} options={lessons} />
        <FilterSelect name="type" label={t('itembank.type')} options={types.map((value) => ({ value, label: t(`player.type.${value}`) }))} />
        <FilterSelect name="difficulty" label={t('itembank.difficulty')} options={([1, 2, 3] as const).map((value) => ({ value: String(value), label: t(`itembank.difficulty.${value}`) }))} />
        <FilterSelect name="status" label={t('itembank.status')} options={STATES.map((value) => ({ value, label: t(`itembank.status.${value}`) }))} />
      </FilterBar>
      <DataTable caption={t('itembank.items-title')} rows={items} rowKey={(item) => item.id}
        empty={<EmptyState title={t('itembank.items-none')}>{t('itembank.items-none-text')}</EmptyState>}
        columns={[
          { key: 'stem', header: t('itembank.stem'), cell: (item) => <Link to={`/author/items/${item.id}`} lang="zh-CN">{item.stem}</Link> },
          { key: 'state', header: t('itembank.status'), cell: (item) => <StatusTag tone={item.state === 'in-use' ? 'ok' : 'neutral'}>{t(`itembank.status.${item.state}`)}</StatusTag> },
          { key: 'type', header: t('itembank.type'), cell: (item) => t(`player.type.${item.type}`) },
          { key: 'lesson', header: t('itembank.lesson'), cell: (item) => item.lesson },
          { key: 'difficulty', header: t('itembank.difficulty'), cell: (item) => t(difficultyKey(item.difficulty)) },
          { key: 'code', header: t('itembank.code'), cell: (item) => item.code },
        ]} />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

const difficultyKey = (difficulty: number) => `itembank.difficulty.${difficulty === 1 ? 1 : difficulty === 3 ? 3 : 2}` as const;
