import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { findCourseById } from '~/courses';
import { reader } from '~/db';
import { findExamBySlug, type Exam } from '~/exams';
import { authorise, can, signedIn } from '~/identity';
import { availableFor, bankCounts, blueprintItems, blueprintPoints, checkBlueprint, findBank, type ItemCount } from '~/itembank';
import { ProblemError } from '~/kernel/result';
import { textFor, type Lang } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, Page, StatusTag } from '~/ui';
import { bankName } from '~/ui/item/bank-name';
import { BankSource } from '~/ui/item/bank-source';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see blueprints');
  const { lang, t } = textFor(langOf(request));
  const exam = await findExamBySlug(reader(), params['exam'] ?? '');
  if (!exam) throw new ProblemError({ code: 'not-found' });
  const bank = exam.bankId === null ? null : await findBank(reader(), exam.bankId);
  const counts = bank ? await bankCounts(reader(), bank.id) : [];
  const lines = await linesOf(exam, counts, lang);
  return json({
    heading: t('itembank.blueprint-title', { exam: exam.title[lang] }), slug: exam.slug, title: exam.title[lang],
    items: blueprintItems(exam.blueprint), points: blueprintPoints(exam.blueprint), lines,
    bank: bank && { name: bankName(t, bank), origin: bank.origin }, mayChoose: can(actor, 'choose item banks'),
    mayPreview: can(actor, 'see items') && bank !== null && lines.every((line) => line.missing === 0),
  });
}

/** Each line with what the bank holds for it, and what is missing when all lines are to be met at once. */
async function linesOf({ courseId, blueprint }: Exam, counts: ItemCount[], lang: Lang) {
  const course = courseId === null ? null : await findCourseById(reader(), courseId);
  const shortages = new Map(checkBlueprint(counts, blueprint).map((shortage) => [shortage.line, shortage]));
  return blueprint.map((line, i) => {
    const lessons = (course?.lessons ?? []).filter((lesson) => line.lessons.includes(lesson.slug));
    return {
      number: i + 1, type: line.type, asked: line.count, points: line.points, available: availableFor(line, counts),
      missing: line.count - (shortages.get(i)?.filled ?? line.count),
      lessons: lessons.length === line.lessons.length ? lessons.map((lesson) => `${lesson.position}. ${lesson.title[lang]}`) : line.lessons,
    };
  });
}

type Line = ReturnType<typeof useLoaderData<typeof loader>>['lines'][number];

export default function BlueprintPage() {
  const { slug, title, items, points, lines, bank, mayChoose, mayPreview } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('itembank.blueprint-title', { exam: title })} lead={t('itembank.blueprint-lead', { items, points })} width="wide"
      trail={[{ to: '/author', label: t('itembank.author-title') }]}
      actions={mayPreview && <ButtonLink to={`/author/blueprints/${slug}/preview`} kind="primary">{t('itembank.preview')}</ButtonLink>}>
      <BankSource bank={bank} mayChoose={mayChoose} />
      <DataTable caption={t('itembank.blueprint-caption')} rows={lines} rowKey={(line) => String(line.number)} empty="" columns={[
        { key: 'line', header: t('itembank.line'), cell: (line) => line.number },
        { key: 'type', header: t('itembank.type'), cell: (line) => t(`player.type.${line.type}`) },
        { key: 'lessons', header: t('itembank.line-lessons'), cell: (line) => <ul className="plain-list">{line.lessons.map((lesson) => <li key={lesson}>{lesson}</li>)}</ul> },
        { key: 'asked', header: t('itembank.asked'), cell: (line) => line.asked, numeric: true },
        { key: 'available', header: t('itembank.available'), cell: (line) => line.available, numeric: true },
        { key: 'each', header: t('itembank.each-points'), cell: (line) => line.points, numeric: true },
        { key: 'points', header: t('itembank.line-points'), cell: (line) => line.points * line.asked, numeric: true },
        { key: 'state', header: t('itembank.line-state'), cell: (line) => <LineState line={line} /> },
      ]} />
      {lines.some(isThin) && <p>{t('itembank.thin-text')}</p>}
    </Page>
  );
}

const isThin = (line: Line): boolean => line.missing === 0 && line.available < 2 * line.asked;

function LineState({ line }: { line: Line }) {
  const { t } = useText();
  if (line.missing > 0) return <StatusTag tone="bad">{t(line.available < line.asked ? 'itembank.line-state.short' : 'itembank.line-state.shared', { count: line.missing })}</StatusTag>;
  return isThin(line) ? <StatusTag tone="due">{t('itembank.line-state.thin')}</StatusTag> : <StatusTag tone="ok">{t('itembank.line-state.ok')}</StatusTag>;
}
