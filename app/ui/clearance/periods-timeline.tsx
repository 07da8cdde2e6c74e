import type { ClearanceView } from '~/certification';
import type { PeriodsChart } from '~/charts/periods';
import { useText } from '~/text/react';
import { DataTable } from '../table/table';
import { DateText } from '../time/time';

/** Periods of permission as a time line, and the same as a table. */
export function PeriodsTimeline({ periods, chart }: { periods: ClearanceView['periods']; chart: PeriodsChart }) {
  const { t, date } = useText();
  if (periods.length === 0) return <p>{t('clearance.periods-none')}</p>;
  const until = (day: string | null) => (day === null ? t('clearance.period-open') : date(day));
  const told = periods.map((one) => t('clearance.chart-period', { from: date(one.from), until: until(one.until), basis: t(`clearance.period-basis.${one.basis}`) })).join('; ');
  return (
    <>
      <PeriodsSvg chart={chart} label={t('clearance.chart', { periods: told })} />
      <DataTable
        caption={t('clearance.periods')}
        rows={periods}
        rowKey={(row) => row.from}
        empty=""
        columns={[
          { key: 'from', header: t('clearance.period-from'), cell: (row) => <DateText date={row.from} /> },
          { key: 'until', header: t('clearance.period-until'), cell: (row) => (row.until === null ? t('clearance.period-open') : <DateText date={row.until} />) },
          { key: 'basis', header: t('clearance.period-basis'), cell: (row) => t(`clearance.period-basis.${row.basis}`) },
        ]}
      />
    </>
  );
}

function PeriodsSvg({ chart, label }: { chart: PeriodsChart; label: string }) {
  const { lang } = useText();
  return (
    <svg className="periods" viewBox={`0 0 ${chart.width} 64`} role="img" aria-label={label}>
      <line className="periods-axis" x1="0" y1="40" x2={chart.width} y2="40" />
      {chart.ticks.map((tick) => (
        <g key={tick.date}>
          <line className="periods-tick" x1={tick.x} y1="36" x2={tick.x} y2="44" />
          <text className="periods-label" x={tick.x} y="58" textAnchor={tick.x < 40 ? 'start' : 'middle'}>{monthText(tick.date, lang)}</text>
        </g>
      ))}
      {chart.bars.map((bar) => <rect key={bar.x} className={`periods-bar periods-bar--${bar.kind}`} x={bar.x} y="14" width={bar.width} height="18" />)}
      <line className="periods-marker" x1={chart.marker} y1="6" x2={chart.marker} y2="44" />
    </svg>
  );
}

/** 2026年7月, Jul 2026. */
const monthText = (day: string, lang: 'zh' | 'en'): string =>
  new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { year: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
