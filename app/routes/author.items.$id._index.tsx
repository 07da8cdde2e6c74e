import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { findCourseById } from '~/courses';
import { reader } from '~/db';
import { listExams } from '~/exams';
import { authorise, can, signedIn } from '~/identity';
import { findBank, findItem, itemVersions, retireItem, type AuthoredItem, type Bank } from '~/itembank';
import { must, ProblemError } from '~/kernel/result';
import { textFor, type Lang } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Disclosure, Facts, InstantText, Page, PostButton, Section } from '~/ui';
import { bankName } from '~/ui/item/bank-name';
import { ItemWords } from '~/ui/item/item-words';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

async function itemOf(id = '', version = 0): Promise<{ item: AuthoredItem; bank: Bank }> {
  const item = await findItem(reader(), id, version);
  const bank = item && await findBank(reader(), item.bankId);
  if (!item || !bank) throw new ProblemError({ code: 'not-found' });
  return { item, bank };
}

/** Lines of blueprints that may draw the item: of exams that draw from its bank. */
async function usesOf({ bankId, lesson, type }: AuthoredItem, lang: Lang) {
  const exams = (await listExams(reader())).filter((exam) => exam.bankId === bankId);
  return exams.flatMap((exam) => exam.blueprint.flatMap((line, i) =>
    (line.type === type && line.lessons.includes(lesson) ? [{ exam: exam.title[lang], slug: exam.slug, line: i + 1, count: line.count, points: line.points }] : [])));
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see items');
  const { lang, t } = textFor(langOf(request));
  const { item, bank } = await itemOf(params['id'], Math.floor(Number(new URL(request.url).searchParams.get('version'))) || 0);
  const versions = await itemVersions(reader(), item.id);
  const course = bank.courseId === null ? null : await findCourseById(reader(), bank.courseId);
  return json({
    heading: t('itembank.item-title', { code: item.code }), item, latest: versions[0]?.number ?? item.version, versions: versions.map(({ number, created_at: at }) => ({ number, at })),
    bank: { id: bank.id, name: bankName(t, bank), origin: bank.origin },
    lesson: course?.lessons.find((one) => one.slug === item.lesson)?.title[lang] ?? item.lesson,
    uses: await usesOf(item, lang), mayWrite: can(actor, 'write items') && bank.origin === 'own',
  });
}

/** Takes the item out of drawing, or puts it back. */
export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write items');
  const intent = (await request.formData()).get('intent');
  must(await retireItem(actor, params['id'] ?? '', intent === 'retire'));
  return redirect(`/author/items/${params['id'] ?? ''}`);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Item() {
  const data = useLoaderData<typeof loader>();
  const { item, bank, latest, mayWrite } = data;
  const { t } = useText();
  const current = item.version === latest;
  return (
    <Page title={t('itembank.item-title', { code: item.code })} trail={[{ to: '/author', label: t('itembank.author-title') }, { to: `/author/items?bank=${bank.id}`, label: bank.name }]}
      actions={mayWrite && current && item.retiredAt === null && <ButtonLink to={`/author/items/${item.id}/edit`} kind="primary">{t('itembank.edit')}</ButtonLink>}>
      {!current && <Banner tone="warning" title={t('itembank.version-old-title')}><p>{t('itembank.version-old')} <Link to={`/author/items/${item.id}`}>{t('itembank.version-latest')}</Link></p></Banner>}
      {item.retiredAt !== null && <Banner tone="warning" title={t('itembank.retired-title')}>{mayWrite && <PostButton fields={{ intent: 'restore' }}>{t('itembank.restore')}</PostButton>}</Banner>}
      {bank.origin === 'shipped' && <Banner tone="info" title={t('itembank.shipped-read-only')} />}
      <ItemWords body={item.body} itemKey={item.key} />
      <Section title={t('itembank.explanation')}><p lang="zh-CN">{item.explanation}</p></Section>
      <Particulars data={data} />
      <p><Link to={`/author/items/${item.id}/corrections`}>{t('correction.link')}</Link></p>
      {mayWrite && current && item.retiredAt === null && (
        <Disclosure summary={t('itembank.retire')}>
          <p>{t('itembank.retire-text')}</p>
          <PostButton fields={{ intent: 'retire' }} kind="danger">{t('itembank.retire')}</PostButton>
        </Disclosure>
      )}
    </Page>
  );
}

function Particulars({ data: { item, bank, lesson, versions, uses } }: { data: Data }) {
  const { t } = useText();
  return (
    <>
      <Facts items={[
        { term: t('itembank.bank'), value: bank.name },
        { term: t('itembank.lesson'), value: lesson },
        { term: t('itembank.type'), value: t(`player.type.${item.type}`) },
        { term: t('itembank.difficulty'), value: t(`itembank.difficulty.${item.difficulty === 1 ? 1 : item.difficulty === 3 ? 3 : 2}`) },
        { term: t('itembank.version'), value: t('itembank.version-number', { number: item.version }) },
        { term: t('itembank.changed-at'), value: <InstantText at={item.changedAt} /> },
      ]} />
      <Section title={t('itembank.used-in')}>
        {uses.length === 0 ? <p>{t('itembank.used-in-none')}</p> : (
          <ul className="plain-list">
            {uses.map((use) => (
              <li key={`${use.slug} ${use.line}`}><Link to={`/author/blueprints/${use.slug}`}>{t('itembank.used-in-line', { exam: use.exam, line: use.line, count: use.count, type: t(`player.type.${item.type}`), points: use.points })}</Link></li>
            ))}
          </ul>
        )}
      </Section>
      {versions.length > 1 && (
        <Section title={t('itembank.versions')}>
          <ul className="plain-list">
            {versions.map((version) => (
              <li key={version.number}><Link to={`/author/items/${item.id}?version=${version.number}`}>{t('itembank.version-number', { number: version.number })}</Link> · <InstantText at={version.at} /></li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
