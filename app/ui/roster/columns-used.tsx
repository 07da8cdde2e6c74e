import type { RosterField } from '~/exchange';
import { useText } from '~/text/react';
import { ButtonLink, Disclosure } from '..';

/** What each column of the file was taken for, and where to correct it. */
export function RosterColumnsUsed({ id, columns, mayChange }: { id: string; columns: { title: string; field: RosterField | null }[]; mayChange: boolean }) {
  const { t, lang } = useText();
  const named = (title: string, i: number) => title || t('roster.column-untitled', { n: i + 1 });
  const unused = columns.map(({ title, field }, i) => (field === null ? named(title, i) : '')).filter(Boolean);
  return (
    <Disclosure summary={t('roster.columns-used')}>
      <ul>{columns.map(({ title, field }, i) => field !== null && <li key={i}>{t('roster.change-new', { field: named(title, i), to: t(`roster.field.${field}`) })}</li>)}</ul>
      {unused.length > 0 && <p className="soft">{t('roster.columns-unused', { columns: unused.join(lang === 'zh' ? '、' : ', ') })}</p>}
      {mayChange && <ButtonLink to={`/hr/rosters/${id}/columns`}>{t('roster.columns-change')}</ButtonLink>}
    </Disclosure>
  );
}
