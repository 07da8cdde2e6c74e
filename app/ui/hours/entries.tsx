import type { ReactNode } from 'react';
import { BarChart } from '~/charts';
import type { HoursOverview, ShownEntry } from '~/certification';
import { useText } from '~/text/react';
import { figure, hoursWith, wordHourKind, wordHourStep } from '~/text/hours-words';
import { StatusTag } from '../status/status';
import { DataTable } from '../table/table';
import { DateText } from '../time/time';

/** Every entry of a year with the calculation that explains it. */
export function HourEntries({ entries, empty }: { entries: ShownEntry[]; empty: ReactNode }) {
  const text = useText();
  const { t, lang, duration } = text;
  return (
    <DataTable
      caption={t('hours.entries')}
      rows={entries}
      rowKey={(row) => row.id}
      empty={empty}
      columns={[
        { key: 'what', header: t('hours.entry'), cell: (row) => <>{row.title[lang]}<br /><small>{wordHourKind(text, row.kind)}{row.minutes !== null && row.kind === 'online-course' && <> · {t('hours.entry-minutes', { duration: duration(row.minutes) })}</>}</small></> },
        { key: 'on', header: t('hours.entry-on'), cell: (row) => <DateText date={row.occurredOn} /> },
        { key: 'hours', header: t('hours.entry-hours'), cell: (row) => (row.status === 'counted' ? hoursWith(text, row.hundredths) : '–'), numeric: true },
        { key: 'how', header: t('hours.entry-how'), cell: (row) => <How entry={row} /> },
      ]}
    />
  );
}

function How({ entry: { steps, status, reason, kind, rule } }: { entry: ShownEntry }) {
  const text = useText();
  const { t, lang } = text;
  const title = rule ? `“${rule.title[lang]}”` : undefined;
  if (status === 'held') return <StatusTag tone="due">{t('hours.entry-held')}</StatusTag>;
  if (status === 'annulled') return <StatusTag tone="neutral">{t('hours.entry-annulled')}</StatusTag>;
  return (
    <ul className="hours-steps">
      {steps.map((step, i) => <li key={i}>{wordHourStep(text, step, title)}</li>)}
      {kind === 'adjustment' && reason && <li>{t('hours.entry-reason', { reason })}</li>}
      {reason === 'source-gone' && <li><StatusTag tone="due">{t('hours.entry-source-gone')}</StatusTag></li>}
    </ul>
  );
}

/** A year by month and by kind. */
export function HourCharts({ overview: { byMonth, byKind } }: { overview: Pick<HoursOverview, 'byMonth' | 'byKind'> }) {
  const text = useText();
  const { t, lang } = text;
  const month = (i: number) => new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, i, 15));
  return (
    <div className="hours-charts">
      <BarChart title={t('hours.by-month')} labelHeader={t('hours.by-month')} valueHeader={t('hours.chart-value')}
        bars={byMonth.map((value, i) => ({ label: String(i + 1), longLabel: month(i), value, text: figure(value) }))} />
      <BarChart title={t('hours.by-kind')} labelHeader={t('hours.entry-kind')} valueHeader={t('hours.chart-value')}
        bars={byKind.map(({ kind, hundredths }) => ({ label: wordHourKind(text, kind), value: hundredths, text: figure(hundredths) }))} />
    </div>
  );
}
