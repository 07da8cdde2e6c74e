import type { ReactNode } from 'react';

export interface ProgressChartProps {
  value: number;
  max: number;
  /** Of `value`: what came over from before, drawn lighter at the beginning. */
  brought?: number;
  /** Says in words what the bar shows. */
  label: ReactNode;
}

/** How far towards an amount. */
export function ProgressChart({ value, max, brought = 0, label }: ProgressChartProps) {
  const share = (part: number) => (max <= 0 ? 100 : Math.min(100, Math.max(0, (part / max) * 100)));
  const light = Math.min(share(brought), share(value));
  return (
    <div className="chart-progress">
      <div className="chart-progress-label">{label}</div>
      <svg className="chart-track" aria-hidden="true" focusable="false">
        <rect className="chart-track-ground" x="0" y="0" width="100%" height="100%" />
        <rect className="chart-track-brought" x="0" y="0" width={`${light}%`} height="100%" />
        <rect className={value >= max ? 'chart-track-done' : 'chart-track-part'} x={`${light}%`} y="0" width={`${share(value) - light}%`} height="100%" />
      </svg>
    </div>
  );
}
