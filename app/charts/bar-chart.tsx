import { useId } from 'react';
import { useText } from '~/text/react';
import { niceTop } from './scale';

export interface Bar {
  /** Short, as it stands beneath the bar. */
  label: string;
  /** In the table, where there is room. */
  longLabel?: string;
  value: number;
  /** The value as people write it. */
  text: string;
}

export interface BarChartProps {
  title: string;
  /** What the bars stand for: the table's first header. */
  labelHeader: string;
  valueHeader: string;
  bars: readonly Bar[];
}

const PLOT = { top: 12, bottom: 86 };
/** In per cent of the plot: a lonely bar is not a wall. */
const WIDEST = 14;

/** Upright bars from zero, and beneath them the same figures as a table. Values below zero are told in the table only. */
export function BarChart({ title, labelHeader, valueHeader, bars }: BarChartProps) {
  const id = useId();
  const top = niceTop(Math.max(0, ...bars.map((bar) => bar.value)));
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id} className="chart-title">{title}</figcaption>
      <svg className="chart-plot" aria-hidden="true" focusable="false">
        {[0, 0.5, 1].map((share) => <line key={share} className={share === 0 ? 'chart-axis' : 'chart-grid'} x1="0" x2="100%" y1={heightAt(share)} y2={heightAt(share)} />)}
        {bars.map((bar, i) => <Column key={i} bar={bar} share={top === 0 ? 0 : Math.max(0, bar.value) / top} place={i} of={bars.length} />)}
      </svg>
      <FiguresTable title={title} labelHeader={labelHeader} valueHeader={valueHeader} bars={bars} />
    </figure>
  );
}

const heightAt = (share: number): string => `${PLOT.bottom - share * (PLOT.bottom - PLOT.top)}%`;

function Column({ bar, share, place, of }: { bar: Bar; share: number; place: number; of: number }) {
  const middle = (place + 0.5) * (100 / of);
  const width = Math.min(WIDEST, 0.64 * (100 / of));
  const height = share * (PLOT.bottom - PLOT.top);
  return (
    <g>
      {share > 0 && <rect className="chart-bar" x={`${middle - width / 2}%`} width={`${width}%`} y={`${PLOT.bottom - height}%`} height={`${height}%`} />}
      {share > 0 && <text className="chart-value" x={`${middle}%`} y={`${PLOT.bottom - height - 2}%`} textAnchor="middle">{bar.text}</text>}
      <text className="chart-label" x={`${middle}%`} y="97%" textAnchor="middle">{bar.label}</text>
    </g>
  );
}

function FiguresTable({ title, labelHeader, valueHeader, bars }: BarChartProps) {
  const { t } = useText();
  return (
    <details className="disclosure chart-figures">
      <summary>{t('hours.chart-table')}<span className="visually-hidden">{title}</span></summary>
      <table className="table">
        <caption className="visually-hidden">{title}</caption>
        <thead><tr><th scope="col">{labelHeader}</th><th scope="col" className="numeric">{valueHeader}</th></tr></thead>
        <tbody>
          {bars.map((bar, i) => (
            <tr key={i}>
              <th scope="row">{bar.longLabel ?? bar.label}</th>
              <td className="numeric" data-label={valueHeader}><div className="table-value">{bar.text}</div></td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
