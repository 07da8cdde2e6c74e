import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';

export interface ListedNumber {
  key: string;
  label: ReactNode;
  count: number;
  to: string;
  /** What else there is to know about it. */
  note?: ReactNode;
  /** Must not wait. */
  urgent?: boolean;
}

/** Numbers in a column, each the link to exactly what it counts. */
export function NumberList({ items }: { items: readonly ListedNumber[] }) {
  return (
    <ul className="numbers">
      {items.map(({ key, label, count, to, note, urgent }) => (
        <li key={key} className={urgent ? 'number number--urgent' : 'number'}>
          <Link to={to} className="number-link" data-number={key}>
            <span className="number-count figures">{count}</span>
            <span className="number-label">{label}</span>
          </Link>
          {note && <span className="number-note">{note}</span>}
        </li>
      ))}
    </ul>
  );
}
