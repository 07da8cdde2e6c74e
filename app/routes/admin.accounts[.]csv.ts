import type { LoaderFunctionArgs } from '@remix-run/node';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { csvFile } from '~/kernel/csv';
import { accountsInScope } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { accountsQuery } from '~/ui/people/account-query.server';

/** The list of accounts as a file, as filtered. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see accounts');
  const { accounts } = await accountsInScope(reader(), { ...accountsQuery(actor, request.url), page: 1, pageSize: 10_000 });
  const { t } = textFor(langOf(request));
  const header = ['admin.account-name', 'admin.account-person', 'admin.account-roles', 'admin.account-state'] as const;
  return new Response(csvFile(header.map((key) => t(key)), accounts.map((row) => [
    row.signInName, row.personName ?? '',
    row.roles.map((held) => t('identity.role-of', { role: t(`identity.role.${held.role}`), organisation: held.organisationName })).join('; '),
    t(`identity.state.${row.state}`),
  ])), { headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="accounts.csv"', 'Cache-Control': 'no-store' } });
}
