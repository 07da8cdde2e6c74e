import { Link, useSearchParams } from '@remix-run/react';
import { useText } from '~/text/react';

/** Steps through the pages of a list (`?page=`), keeping search and filters. */
export function Pager({ page, pageCount }: { page: number; pageCount: number }) {
  const { t } = useText();
  const [query] = useSearchParams();
  if (pageCount <= 1) return null;
  const to = (n: number) => `?${new URLSearchParams([...[...query].filter(([key]) => key !== 'page'), ['page', String(n)]]).toString()}`;
  return (
    <nav className="pager" aria-label={t('ui.pager')}>
      {page > 1 ? <Link to={to(page - 1)} rel="prev" className="button button--secondary">{t('ui.page-before')}</Link> : <span className="pager-gap" />}
      <span className="pager-where figures">{t('ui.page-of', { page, pageCount })}</span>
      {page < pageCount ? <Link to={to(page + 1)} rel="next" className="button button--secondary">{t('ui.page-after')}</Link> : <span className="pager-gap" />}
    </nav>
  );
}
