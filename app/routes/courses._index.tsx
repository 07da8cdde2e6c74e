import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import type { ReactNode } from 'react';
import { courseList, courseProgress, isLeader, mayEnrol, type Audience, type CourseProgress, type CourseSummary } from '~/courses';
import { reader } from '~/db';
import { actorOf, authorise, can } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Cards, EmptyState, FilterBar, FilterSelect, FilterText, Page, Section } from '~/ui';
import { CourseCard, type CourseCardData } from '~/ui/course/course-card';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const AUDIENCES = ['recruits', 'leaders', 'residents'] as const satisfies readonly Audience[];

type Group = 'mine' | 'choose' | 'open' | 'others' | 'all';

/** What is mine, what I may choose; visitors see what is open to them first. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await actorOf(request);
  authorise(actor, 'read open courses');
  const lang = langOf(request);
  const query = new URL(request.url).searchParams;
  const audience = AUDIENCES.find((one) => one === query.get('audience'));
  const list = await courseList(reader(), { lang, search: (query.get('q') ?? '').slice(0, 100), ...(audience && { audience }) });
  const personId = actor?.personId ?? null;
  const progress = new Map((personId ? await courseProgress(reader(), personId, list.map((course) => course.id)) : []).map((one) => [one.courseId, one]));
  const leader = personId !== null && await isLeader(reader(), personId);
  const groupOf = (course: CourseSummary): Group | null => {
    if (personId === null) return can(actor, 'preview courses') ? 'all' : course.access === 'open' ? 'open' : 'others';
    if (progress.get(course.id)?.enrolled) return 'mine';
    return mayEnrol(course, leader).ok ? 'choose' : can(actor, 'preview courses') ? 'all' : null;
  };
  const found = list.flatMap((course) => {
    const group = groupOf(course);
    return group ? [{ group, ...cardOf(course, progress.get(course.id)) }] : [];
  });
  return json({ heading: textFor(lang).t('courses.title'), kind: personId ? 'person' as const : actor ? 'account' as const : 'visitor' as const, found });
}

const cardOf = ({ slug, title, summary, audience, access, minutes, lessons, hasExam }: CourseSummary, progress?: CourseProgress): CourseCardData => ({
  slug, title, summary, audience, access, minutes, lessons, hasExam,
  progress: progress?.enrolled ? { read: progress.lessonsRead, of: progress.lessons, completedAt: progress.completedAt } : null,
});

export default function Courses() {
  const { kind, found } = useLoaderData<typeof loader>();
  const { t } = useText();
  const [query] = useSearchParams();
  const filtered = Boolean(query.get('q') || query.get('audience'));
  const of = (group: Group) => found.filter((course) => course.group === group);
  return (
    <Page title={t('courses.title')} lead={t(kind === 'visitor' ? 'courses.lead-visitor' : 'courses.lead')} width="wide">
      <FilterBar count={found.length}>
        <FilterText name="q" label={t('courses.search')} />
        <FilterSelect name="audience" label={t('courses.for')} options={AUDIENCES.map((value) => ({ value, label: t(`courses.audience.${value}`) }))} />
      </FilterBar>
      {found.length === 0 && filtered && <EmptyState title={t('courses.found-none')}>{t('courses.found-none-text')}</EmptyState>}
      {kind === 'person' && (!filtered || of('mine').length > 0) && (
        <CourseGroup title={t('courses.mine')} list={of('mine')} empty={<EmptyState title={t('courses.mine-none')}>{t('courses.mine-none-text')}</EmptyState>} />
      )}
      {kind === 'person' && (!filtered || of('choose').length > 0) && (
        <CourseGroup title={t('courses.choose')} list={of('choose')} empty={<p>{t('courses.choose-none')}</p>} />
      )}
      {(['open', 'others', 'all'] as const).map((group) => of(group).length > 0 && (
        <CourseGroup key={group} title={t(GROUP_TITLES[group])} list={of(group)} />
      ))}
    </Page>
  );
}

const GROUP_TITLES = { open: 'courses.open-list', others: 'courses.others', all: 'courses.all' } as const;

function CourseGroup({ title, list, empty }: { title: string; list: CourseCardData[]; empty?: ReactNode }) {
  return (
    <Section title={title}>
      {list.length === 0 ? empty : <Cards>{list.map((course) => <CourseCard key={course.slug} course={course} />)}</Cards>}
    </Section>
  );
}
