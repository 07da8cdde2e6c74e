import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { findCourseById } from '~/courses';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { bankList, draftOf, FORM_SIZE, ItemForm, ITEM_TYPES, writeItem, type BankSummary, type ItemType } from '~/itembank';
import { ProblemError } from '~/kernel/result';
import { textFor, type Lang } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Button, ButtonLink, EmptyState, Facts, Page, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { ItemFormBox } from '~/ui/item/item-form';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const ownBanks = async (): Promise<BankSummary[]> => (await bankList(reader())).filter((bank) => bank.origin === 'own');

/** What the address names: the bank to write into and the type; null until both are chosen. */
function chosen(request: Request, banks: BankSummary[]): { bank: BankSummary; type: ItemType } | null {
  const query = new URL(request.url).searchParams;
  const bank = banks.find((one) => one.id === query.get('bank'));
  const type = ITEM_TYPES.find((one) => one === query.get('type'));
  return bank && type ? { bank, type } : null;
}

async function lessonsOf(bank: BankSummary, lang: Lang) {
  const course = bank.courseId === null ? null : await findCourseById(reader(), bank.courseId);
  return (course?.lessons ?? []).map((lesson) => ({ value: lesson.slug, label: `${lesson.position}. ${lesson.title[lang]}` }));
}

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'write items');
  const { lang, t } = textFor(langOf(request));
  const banks = await ownBanks();
  const choice = chosen(request, banks);
  return json({
    heading: t('itembank.new-title'), banks: banks.map(({ id, title }) => ({ id, title })), types: ITEM_TYPES, size: FORM_SIZE,
    choice: choice && { type: choice.type, bank: { id: choice.bank.id, title: choice.bank.title }, lessons: await lessonsOf(choice.bank, lang) },
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write items');
  const choice = chosen(request, await ownBanks());
  if (!choice) throw new ProblemError({ code: 'request.invalid' });
  const form = await parseForm(request, ItemForm);
  if (!form.ok) return form.response;
  const written = await writeItem(actor, choice.bank.id, draftOf(choice.type, form.value));
  return written.ok ? redirect(`/author/items/${written.value}`) : form.refuse(written.error);
}

export default function NewItem() {
  const { banks, choice } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('itembank.new-title')} lead={choice ? undefined : t('itembank.new-lead')}
      trail={[{ to: '/author', label: t('itembank.author-title') }, { to: '/author/items', label: t('itembank.items-title') }]}>
      {banks.length === 0 && <EmptyState title={t('itembank.new-none-title')}>{t('itembank.new-none-text')}</EmptyState>}
      {banks.length > 0 && (choice ? <Write key={`${choice.bank.id} ${choice.type}`} /> : <Choose />)}
    </Page>
  );
}

/** First step: a plain GET form, so that the second has an address of its own. */
function Choose() {
  const { banks, types } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Form method="get" className="form">
      <div className="field">
        <label className="field-label" htmlFor="bank">{t('itembank.bank')}</label>
        <select className="input" id="bank" name="bank">{banks.map((bank) => <option key={bank.id} value={bank.id}>{bank.title}</option>)}</select>
      </div>
      <fieldset className="field">
        <legend className="field-label">{t('itembank.type')}</legend>
        {types.map((type, i) => (
          <label key={type} className="option">
            <input className="option-control" type="radio" name="type" value={type} defaultChecked={i === 0} />
            <span className="option-text">{t(`player.type.${type}`)}</span>
          </label>
        ))}
      </fieldset>
      <Button type="submit" kind="primary">{t('itembank.new-choose')}</Button>
    </Form>
  );
}

function Write() {
  const { choice, size } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof ItemForm>({ defaultValue: { difficulty: 2 } });
  if (!choice) return null;
  return (
    <>
      <Facts items={[{ term: t('itembank.bank'), value: choice.bank.title }, { term: t('itembank.type'), value: t(`player.type.${choice.type}`) }]} />
      <ItemFormBox form={form} type={choice.type} lessons={choice.lessons} size={size} cancel={<ButtonLink to="/author/items" kind="quiet">{t('itembank.cancel')}</ButtonLink>} />
    </>
  );
}
