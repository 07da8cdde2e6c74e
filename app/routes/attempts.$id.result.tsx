import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { resultPage, type ReviewedItem } from '~/marking';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, DataTable, EmptyState, Facts, Page, Section } from '~/ui';
import { percentText, pointsText } from '~/ui/figures';
import { shownKey } from '~/ui/item/key-words';
import { playerItem } from '~/ui/item/player-item';
import { PracticeItem } from '~/ui/item/practice-item';
import type { VerdictState } from '~/ui/item/verdict';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const lang = langOf(request);
  const page = must(await resultPage(await signedIn(request), params['id'] ?? '', clock.now()));
  const { standing } = page;
  return json({
    heading: standing.exam.title[lang],
    examSlug: standing.exam.slug,
    courseSlug: page.courseSlug,
    number: page.attemptNumber,
    result: page.result && { points: page.result.points, maxPoints: page.result.maxPoints, percent: page.result.percent, cutScore: page.result.cutScore, passed: page.result.passed },
    lessons: page.lessons.map(({ slug, title, points, maxPoints }) => ({ slug, title: title ? title[lang] : slug, points, maxPoints })),
    next: { state: standing.state, at: standing.nextAt, left: standing.attemptsLeft },
    practice: page.practice && { slug: page.practice.of.slug, items: reviewedItems(page.practice.items, lang) },
  });
}

function reviewedItems(items: ReviewedItem[], lang: 'zh' | 'en') {
  const { t } = textFor(lang);
  const truth = { yes: t('player.true'), no: t('player.false') };
  return items.map(({ entry, body, response, right, key, explanation }, i) => {
    const item = playerItem(entry.item, body, i + 1, entry.points, entry);
    const state: VerdictState = response === null ? 'unanswered' : right ? 'right' : 'wrong';
    return { item, feedback: { response, state, right: shownKey(item, body, key, truth), explanation } };
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ResultPage() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const trail = [{ to: `/exams/${data.examSlug}`, label: data.heading }];
  if (!data.result) {
    return <Page title={t('marking.title')} trail={trail}><EmptyState title={t('marking.waiting')}>{t('marking.waiting-hint')}</EmptyState></Page>;
  }
  if (data.practice) return <PracticeResult heading={data.heading} percent={data.result.percent} cutScore={data.result.cutScore} practice={data.practice} />;
  const { passed, percent, cutScore, points, maxPoints } = data.result;
  const missing = pointsText((cutScore * maxPoints) / 100 - points);
  return (
    <Page title={t('marking.title')} lead={data.heading} trail={trail}>
      <Banner tone={passed ? 'success' : 'warning'} title={t(passed ? 'marking.passed' : 'marking.failed', { percent: percentText(percent), cut: cutScore, missing })}>
        <p>{t('marking.unrounded')}</p>
      </Banner>
      <Facts items={[
        { term: t('marking.points'), value: t('marking.points-value', { points: pointsText(points), max: pointsText(maxPoints) }) },
        { term: t('marking.attempt'), value: t('exams.attempt-number', { number: data.number }) },
      ]} />
      {passed ? <p>{t('marking.after-pass')} <ButtonLink to="/home" kind="primary">{t('marking.home')}</ButtonLink></p> : <NextAttempt data={data} />}
      <Lessons data={data} />
    </Page>
  );
}

/** Of a practice everything is shown: its items are public, and that is what it is for. */
function PracticeResult({ heading, percent, cutScore, practice }: { heading: string; percent: number; cutScore: number; practice: NonNullable<Data['practice']> }) {
  const { t } = useText();
  return (
    <Page title={t('start.practice-result')} lead={heading} trail={[{ to: `/exams/${practice.slug}`, label: heading }]}>
      <Banner tone="info" title={t('start.practice-of-cut', { percent: percentText(percent), cut: cutScore })}><p>{t('start.practice-result-lead')}</p></Banner>
      <ButtonRow><ButtonLink to={`/exams/${practice.slug}`} kind="primary">{t('start.practice-back')}</ButtonLink></ButtonRow>
      <Section title={t('start.practice-answers')}>
        <fieldset disabled className="practice-review">
          <legend className="visually-hidden">{t('start.practice-answers')}</legend>
          {practice.items.map(({ item, feedback }) => <PracticeItem key={item.item} item={item} feedback={feedback} />)}
        </fieldset>
      </Section>
    </Page>
  );
}

function NextAttempt({ data }: { data: Data }) {
  const { t, dateTime } = useText();
  const { state, at, left } = data.next;
  const sentence = state === 'cooling-off' && at !== null ? t('marking.next-at', { at: dateTime(at), left })
    : state === 'may-start' ? t('marking.next-now', { left })
    : state === 'no-attempts-left' ? t('marking.next-none')
    : state === 'closed' ? t('marking.next-closed')
    : null;
  return (
    <Section title={t('marking.next')}>
      {sentence && <p>{sentence}</p>}
      <ButtonLink to={`/exams/${data.examSlug}`} kind={state === 'may-start' ? 'primary' : 'secondary'}>{t('marking.next-start')}</ButtonLink>
    </Section>
  );
}

function Lessons({ data }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('marking.lessons')}>
      <p>{t('marking.lessons-lead')}</p>
      <DataTable
        caption={t('marking.lessons')}
        rows={data.lessons}
        rowKey={(row) => row.slug}
        empty=""
        columns={[
          { key: 'lesson', header: t('marking.lesson'), cell: (row) => (data.courseSlug ? <a href={`/courses/${data.courseSlug}/${row.slug}`}>{row.title}</a> : row.title) },
          { key: 'points', header: t('marking.lesson-points'), cell: (row) => `${pointsText(row.points)} / ${pointsText(row.maxPoints)}`, numeric: true },
          { key: 'lost', header: t('marking.lesson-lost'), cell: (row) => pointsText(row.maxPoints - row.points), numeric: true },
        ]}
      />
    </Section>
  );
}
