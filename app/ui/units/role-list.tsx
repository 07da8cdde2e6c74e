import { Link } from '@remix-run/react';
import { useText } from '~/text/react';
import { PostButton } from '../button/button';
import { StatusTag } from '../status/status';
import { DataTable } from '../table/table';

interface ShownRole {
  id: string;
  role: 'administrator' | 'hr' | 'author' | 'invigilator' | 'adjudicator' | 'inspector';
  organisation_id: string;
  organisation: string;
  account_id: string;
  sign_in_name: string;
  name: string | null;
  state: 'invited' | 'active' | 'closed';
}

interface RoleListProps {
  caption: string;
  roles: ShownRole[];
  /** The organisation whose page it is: what is held elsewhere comes from above and is ended there. */
  at?: string;
  /** Leads to the accounts. */
  links: boolean;
  mayEnd: boolean;
  empty: string;
}

/** Who holds which role over which organisation. */
export function RoleList({ caption, roles, at, links, mayEnd, empty }: RoleListProps) {
  const { t } = useText();
  const holder = (row: ShownRole): string => row.name ?? row.sign_in_name;
  return (
    <DataTable
      caption={caption}
      rows={roles}
      rowKey={(row) => row.id}
      empty={<p>{empty}</p>}
      columns={[
        { key: 'who', header: t('units.held-by'), cell: (row) => (
          <>{links ? <Link to={`/admin/accounts/${row.account_id}`}>{holder(row)}</Link> : holder(row)}{row.state === 'closed' && <> <StatusTag tone="neutral">{t('units.account-closed')}</StatusTag></>}</>
        ) },
        { key: 'role', header: t('units.role'), cell: (row) => t(`identity.role.${row.role}`) },
        { key: 'where', header: t('units.where'), cell: (row) => (
          at === undefined ? <Link to={`/hr/units/${row.organisation_id}`}>{row.organisation}</Link>
            : row.organisation_id === at ? t('units.own') : t('units.from-above', { name: row.organisation })
        ) },
        ...(mayEnd ? [{ key: 'end', header: t('units.end-role'), screenOnly: true, cell: (row: ShownRole) => (at === undefined || row.organisation_id === at) && (
          <PostButton fields={{ __form: 'end', accountId: row.account_id, roleId: row.id }} label={t('units.end-role-of', { holder: holder(row), role: t(`identity.role.${row.role}`) })}>{t('units.end-role')}</PostButton>
        ) }] : []),
      ]}
    />
  );
}
