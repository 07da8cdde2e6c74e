import { json, redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { findExamBySlug, type Exam } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { blueprintPoints, drawPaper, findBank, itemsForPaper, keysForPaper, newSeed, seededRandom } from '~/itembank';
import { ProblemError, type Problem } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Page } from '~/ui';
import { bankName } from '~/ui/item/bank-name';
import { BankSource } from '~/ui/item/bank-source';
import { shownKey, type TruthWords } from '~/ui/item/key-words';
import { PaperItem } from '~/ui/item/paper-item';
import { playerItem } from '~/ui/item/player-item';
import { pageTitle } from '~/ui/page-title';
import type { PlayerItem } from '~/ui/player/types';

export const meta = pageTitle;

/** Draws a paper from a seed that stands in the address, so that showing the key keeps the paper. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see items');
  const url = new URL(request.url);
  const seed = url.searchParams.get('seed');
  if (!seed) return redirect(`${url.pathname}?seed=${newSeed().slice(0, 12)}`);
  const { lang, t } = textFor(langOf(request));
  const exam = await findExamBySlug(reader(), params['exam'] ?? '');
  const bank = exam?.bankId ? await findBank(reader(), exam.bankId) : null;
  if (!exam || !bank) throw new ProblemError({ code: 'not-found' });
  const withKey = url.searchParams.get('key') === '1';
  const paper = await paperOf(exam, bank.id, seed, withKey ? { yes: t('player.true'), no: t('player.false') } : null);
  return json({
    heading: t('itembank.preview-title', { exam: exam.title[lang] }), slug: exam.slug, title: exam.title[lang], seed, withKey,
    bank: { name: bankName(t, bank), origin: bank.origin }, minutes: exam.minutes, cutScore: exam.cutScore,
    points: blueprintPoints(exam.blueprint), ...paper,
  });
}

interface Preview {
  problem: Problem | null;
  items: { item: PlayerItem; key: { words: string[]; explanation: string } | null }[];
}

async function paperOf({ blueprint }: Exam, bankId: string, seed: string, truth: TruthWords | null): Promise<Preview> {
  const paper = await drawPaper(reader(), { bankId, blueprint, random: seededRandom(seed) });
  if (!paper.ok) return { problem: paper.error, items: [] };
  const versions = paper.value.map((entry) => entry.item);
  const [bodies, keys] = await Promise.all([itemsForPaper(reader(), versions), truth ? keysForPaper(reader(), versions) : null]);
  const items = paper.value.flatMap((entry, i) => {
    const body = bodies.get(entry.item)?.body;
    const key = keys?.get(entry.item);
    if (!body) return [];
    const item = playerItem(entry.item, body, i + 1, entry.points, entry);
    return [{ item, key: key && truth ? { words: shownKey(item, body, key.key, truth), explanation: key.explanation } : null }];
  });
  return { problem: null, items };
}

export default function PreviewPage() {
  const { slug, title, seed, withKey, bank, minutes, cutScore, points, problem, items } = useLoaderData<typeof loader>();
  const text = useText();
  const { t } = text;
  const to = `/author/blueprints/${slug}`;
  return (
    <Page title={t('itembank.preview-title', { exam: title })} lead={<span className="no-print">{t('itembank.preview-lead')} {t('itembank.preview-print')}</span>}
      trail={[{ to: '/author', label: t('itembank.author-title') }, { to, label: t('itembank.blueprint-title', { exam: title }) }]}>
      <ButtonRow>
        <ButtonLink to={`${to}/preview`} kind="primary">{t('itembank.preview-another')}</ButtonLink>
        <ButtonLink to={`?seed=${seed}${withKey ? '' : '&key=1'}`}>{t(withKey ? 'itembank.preview-no-key' : 'itembank.preview-key')}</ButtonLink>
      </ButtonRow>
      <div className="no-print"><BankSource bank={bank} mayChoose={false} /></div>
      {problem && <Banner tone="danger" title={t('itembank.preview-not')}><p>{text.problem(problem)}</p></Banner>}
      <p><strong>{t('itembank.preview-facts', { minutes, items: items.length, points, cutScore })}</strong>{withKey && ` · ${t('itembank.preview-keyed')}`}</p>
      <ol className="paper">{items.map(({ item, key }) => <PaperItem key={item.item} item={item} itemKey={key} />)}</ol>
    </Page>
  );
}
