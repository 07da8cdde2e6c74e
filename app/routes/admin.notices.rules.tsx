import { isDeepStrictEqual } from 'node:util';
import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { eventsOf, namesOf } from '~/audit';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { changeHouse, HOUSE_SUBJECT, SHIPPED_HOUSE, versionedHouse } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, InstantText, Page, PostButton, Section } from '~/ui';
import { FORM_FIELD } from '~/ui/form/form-reply';
import { parseOneOf } from '~/ui/form.server';
import { HouseForm } from '~/ui/notices/house-form';
import { fieldsOf, HouseFields, houseOf } from '~/ui/notices/house-form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Restore = z.object({ version: z.string() });
const DONE = ['saved', 'restored', 'overtaken'] as const;

/** The house rules of notices, and who changed them last. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set notices');
  const { house, version } = await versionedHouse(reader());
  const [last] = await eventsOf(reader(), HOUSE_SUBJECT, 1);
  const query = new URL(request.url).searchParams;
  return json({
    heading: textFor(langOf(request)).t('house.title'), shown: fieldsOf(house), version, isShipped: isDeepStrictEqual(house, SHIPPED_HOUSE), done: DONE.find((one) => one === query.get('done')) ?? null,
    last: last ? { at: last.at, by: (await namesOf(reader(), [last.by])).get(last.by) ?? '' } : null,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set notices');
  const form = await parseOneOf(request, { house: HouseFields, restore: Restore });
  if (!form.ok) return form.response;
  const wanted = form.form === 'restore' ? SHIPPED_HOUSE : houseOf(form.value);
  const changed = await changeHouse(actor, wanted, form.value.version);
  if (form.form === 'house') return changed.ok ? redirect('/admin/notices/rules?done=saved') : form.refuse(changed.error);
  // The button stands alone: the page tells what became of it.
  return redirect(`/admin/notices/rules?done=${changed.ok ? 'restored' : 'overtaken'}`);
}

export default function HouseRules() {
  const { shown, version, isShipped, last, done } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('house.title')} lead={t('house.lead')} trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/notices', label: t('words.title') }]}
      actions={<ButtonLink to="/hr/notices/outlook">{t('outlook.title')}</ButtonLink>}>
      {done && <Banner tone={done === 'overtaken' ? 'warning' : 'success'} title={t(`house.done.${done}`)} />}
      <p className="soft">{last ? <>{t('house.last-change')}{' '}<InstantText at={last.at} />{' '}{last.by}</> : t('house.never-changed')}</p>
      <HouseForm key={version} shown={shown} version={version} />
      {!isShipped && (
        <Section title={t('house.restore-title')}>
          <p>{t('house.restore-lead')}</p>
          <PostButton fields={{ [FORM_FIELD]: 'restore', version }}>{t('house.restore')}</PostButton>
        </Section>
      )}
    </Page>
  );
}
