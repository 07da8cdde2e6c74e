import { useId } from 'react';

export interface Share {
  label: string;
  /** From 0 to 1; null: it may not be told, and no bar is drawn. */
  share: number | null;
  /** The share as people write it, or what stands in its place. */
  text: string;
}

/** Lying bars with their names above, for shares of many groups; what a bar shows is written beside its name. */
export function ShareChart({ title, shares }: { title: string; shares: readonly Share[] }) {
  const id = useId();
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id} className="chart-title">{title}</figcaption>
      <ul className="chart-shares">
        {shares.map(({ label, share, text }, i) => (
          <li key={i} className="chart-progress">
            <div className="chart-progress-label"><span>{label}</span><span className="figures">{text}</span></div>
            <svg className="chart-track" aria-hidden="true" focusable="false">
              <rect className="chart-track-ground" x="0" y="0" width="100%" height="100%" />
              {share !== null && <rect className="chart-track-part" x="0" y="0" width={`${Math.min(100, Math.max(0, share * 100))}%`} height="100%" />}
            </svg>
          </li>
        ))}
      </ul>
    </figure>
  );
}
