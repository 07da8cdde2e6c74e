import { Form, Link, useLocation, useSearchParams } from '@remix-run/react';
import { useId, type ReactNode } from 'react';
import { useText } from '~/text/react';
import { Button } from '../button/button';

export interface FilterBarProps {
  /** `FilterText` and `FilterSelect`; they keep what the address holds. */
  children: ReactNode;
  /** How many were found. */
  count?: number;
  /** Where the same list is as a file; the query is added. */
  exportTo?: string;
}

/** Search and filters above a list: a plain GET form. */
export function FilterBar({ children, count, exportTo }: FilterBarProps) {
  const { t } = useText();
  const { pathname, search } = useLocation();
  return (
    <Form method="get" role="search" className="filter">
      <div className="filter-fields">
        {children}
        <div className="filter-buttons">
          <Button>{t('ui.find')}</Button>
          {search && <Link to={pathname} className="button button--quiet">{t('ui.find-all')}</Link>}
        </div>
      </div>
      {(count !== undefined || exportTo) && (
        <div className="filter-result">
          {count !== undefined && <span className="figures" role="status">{t('ui.found', { total: count })}</span>}
          {exportTo && <Link to={`${exportTo}${search}`} reloadDocument>{t('ui.export')}</Link>}
        </div>
      )}
    </Form>
  );
}

/** A field to search by words. */
export function FilterText({ name, label, type = 'search' }: { name: string; label: string; type?: 'search' | 'date' }) {
  const id = useId();
  const [query] = useSearchParams();
  const value = query.get(name) ?? '';
  return (
    <div className="filter-field">
      <label htmlFor={id}>{label}</label>
      <input key={value} className="input" id={id} type={type} name={name} defaultValue={value} />
    </div>
  );
}

/** A choice to narrow a list by; the first entry is "all", or what `none` calls it. */
export function FilterSelect({ name, label, options, none }: { name: string; label: string; options: { value: string; label: string }[]; none?: string }) {
  const id = useId();
  const { t } = useText();
  const [query] = useSearchParams();
  const value = query.get(name) ?? '';
  return (
    <div className="filter-field">
      <label htmlFor={id}>{label}</label>
      <select key={value} className="input" id={id} name={name} defaultValue={value}>
        <option value="">{none ?? t('ui.all')}</option>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </div>
  );
}
