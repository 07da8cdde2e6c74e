import { json, redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { readCheckCode, readNumber } from '~/certification';
import { actorOf, authorise } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Page } from '~/ui';
import { CheckForm } from '~/ui/credential/check-form';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Where a stranger types what is printed on a credential. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'check a credential');
  const query = new URL(request.url).searchParams;
  const typed = query.get('number')?.trim();
  if (!typed) return json({ heading: textFor(langOf(request)).t('credential.check-title') });
  const code = readCheckCode(query.get('code') ?? '').slice(0, 20);
  const number = readNumber(typed) ?? typed.slice(0, 40);
  return redirect(`/check/${encodeURIComponent(number)}${code ? `?code=${encodeURIComponent(code)}` : ''}`);
}

export default function CheckPage() {
  const { t } = useText();
  return (
    <Page title={t('credential.check-title')} lead={t('credential.check-lead')}>
      <CheckForm number="" />
    </Page>
  );
}
