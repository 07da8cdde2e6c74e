import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { findCourseById } from '~/courses';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { changeItem, draftOf, findBank, findItem, FORM_SIZE, formOf, ItemForm, type AuthoredItem } from '~/itembank';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Facts, Page, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { ItemFormBox } from '~/ui/item/item-form';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

async function itemOf(id = ''): Promise<AuthoredItem> {
  const item = await findItem(reader(), id);
  if (!item) throw new ProblemError({ code: 'not-found' });
  return item;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'write items');
  const { lang, t } = textFor(langOf(request));
  const item = await itemOf(params['id']);
  const bank = await findBank(reader(), item.bankId);
  if (bank?.origin !== 'own') throw new ProblemError({ code: 'itembank.shipped' });
  const course = bank.courseId === null ? null : await findCourseById(reader(), bank.courseId);
  return json({
    heading: t('itembank.edit-title', { code: item.code }), id: item.id, code: item.code, version: item.version, type: item.type,
    bank: bank.title, size: FORM_SIZE, fields: formOf(item),
    lessons: (course?.lessons ?? []).map((lesson) => ({ value: lesson.slug, label: `${lesson.position}. ${lesson.title[lang]}` })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write items');
  const item = await itemOf(params['id']);
  const form = await parseForm(request, ItemForm);
  if (!form.ok) return form.response;
  const changed = await changeItem(actor, { itemId: item.id, version: form.value.version ?? 0, draft: draftOf(item.type, form.value) });
  return changed.ok ? redirect(`/author/items/${item.id}`) : form.refuse(changed.error);
}

export default function EditItem() {
  const { id, code, version, type, bank, size, fields, lessons } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof ItemForm>({ defaultValue: fields });
  return (
    <Page title={t('itembank.edit-title', { code })} lead={t('itembank.edit-lead', { number: version + 1 })}
      trail={[{ to: '/author', label: t('itembank.author-title') }, { to: `/author/items/${id}`, label: code }]}>
      <Facts items={[{ term: t('itembank.bank'), value: bank }, { term: t('itembank.type'), value: t(`player.type.${type}`) }]} />
      <ItemFormBox form={form} type={type} lessons={lessons} size={size} changes cancel={<ButtonLink to={`/author/items/${id}`} kind="quiet">{t('itembank.cancel')}</ButtonLink>} />
    </Page>
  );
}
