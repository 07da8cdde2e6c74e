import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { actorOf, authorise } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** The address at which Safe Exam Browser quits; this page shows only where that failed. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  return json({ heading: textFor(langOf(request)).t('seb.end-title') });
}

export default function SebEnd() {
  const { t } = useText();
  return <Page title={t('seb.end-title')} lead={t('seb.end-lead')} />;
}
