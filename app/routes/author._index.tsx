import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { listExams, type Exam } from '~/exams';
import { authorise, can, signedIn } from '~/identity';
import { bankCounts, bankList, checkBlueprint, type BankSummary } from '~/itembank';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, Page, Section, StatusTag } from '~/ui';
import { bankName } from '~/ui/item/bank-name';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Banks, and whether each exam's blueprint can be met by the bank that it draws from. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see blueprints');
  const text = textFor(langOf(request));
  const [banks, exams] = await Promise.all([bankList(reader()), listExams(reader())]);
  return json({
    heading: text.t('itembank.author-title'), maySeeItems: can(actor, 'see items'), mayWrite: can(actor, 'write items'),
    banks: banks.map(({ id, origin, items, ...bank }) => ({ id, origin, items, name: bankName(text.t, { ...bank, origin }) })),
    exams: await Promise.all(exams.map(async (exam) => ({
      slug: exam.slug, title: exam.title[text.lang], ...await stateOf(exam, banks, text.t),
    }))),
  });
}

async function stateOf({ bankId, blueprint }: Exam, banks: BankSummary[], t: ReturnType<typeof textFor>['t']) {
  const bank = banks.find((one) => one.id === bankId);
  if (!bank) return { bank: null, origin: null, short: 0 };
  return { bank: bankName(t, bank), origin: bank.origin, short: checkBlueprint(await bankCounts(reader(), bank.id), blueprint).length };
}

export default function Author() {
  const { banks, exams, maySeeItems, mayWrite } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('itembank.author-title')} lead={t('itembank.author-lead')} width="wide"
      actions={<>
        {mayWrite && <ButtonLink to="/author/items/new" kind="primary">{t('itembank.new-title')}</ButtonLink>}
        {maySeeItems && <ButtonLink to="/author/items">{t('itembank.items-of-bank')}</ButtonLink>}
      </>}>
      <Section title={t('itembank.exams')}>
        <DataTable caption={t('itembank.exams')} rows={exams} rowKey={(exam) => exam.slug} empty={t('itembank.exams-none')} columns={[
          { key: 'exam', header: t('itembank.exam'), cell: (exam) => <Link to={`/author/blueprints/${exam.slug}`}>{exam.title}</Link> },
          { key: 'bank', header: t('itembank.draws-from'), cell: (exam) => (exam.bank ? <>{exam.bank} <Origin origin={exam.origin} /></> : t('itembank.draws-from-none')) },
          { key: 'state', header: t('itembank.state'), cell: (exam) => <ExamState bank={exam.bank} short={exam.short} /> },
        ]} />
      </Section>
      <Section title={t('itembank.banks')}>
        <DataTable caption={t('itembank.banks')} rows={banks} rowKey={(bank) => bank.id}
          empty={<EmptyState title={t('itembank.banks-none')}>{t('itembank.banks-none-text')}</EmptyState>}
          columns={[
            { key: 'bank', header: t('itembank.bank'), cell: (bank) => (maySeeItems ? <Link to={`/author/items?bank=${bank.id}`}>{bank.name}</Link> : bank.name) },
            { key: 'origin', header: t('itembank.origin'), cell: (bank) => <Origin origin={bank.origin} /> },
            { key: 'items', header: t('itembank.bank-items'), cell: (bank) => bank.items, numeric: true },
          ]} />
      </Section>
    </Page>
  );
}

function Origin({ origin }: { origin: 'shipped' | 'own' | null }) {
  const { t } = useText();
  return origin && <StatusTag tone={origin === 'own' ? 'neutral' : 'due'}>{t(`itembank.origin.${origin}`)}</StatusTag>;
}

function ExamState({ bank, short }: { bank: string | null; short: number }) {
  const { t } = useText();
  if (!bank) return <StatusTag tone="bad">{t('itembank.state.no-bank')}</StatusTag>;
  return short > 0 ? <StatusTag tone="bad">{t('itembank.state.short', { count: short })}</StatusTag> : <StatusTag tone="ok">{t('itembank.state.ready')}</StatusTag>;
}
