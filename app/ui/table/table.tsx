import type { ReactNode } from 'react';

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Figures: tabular, to the right. */
  numeric?: boolean;
  /** For buttons: nothing to press on paper. */
  screenOnly?: boolean;
}

export interface DataTableProps<Row> {
  /** Names the table for those who cannot see it; `showCaption` for everybody. */
  caption: string;
  showCaption?: boolean;
  /** The first column names the row. */
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Shown instead of the table when there are no rows: say what to do. */
  empty: ReactNode;
}

/** A table; on a phone each row becomes a card with the headers beside the values. */
export function DataTable<Row>({ caption, showCaption, columns, rows, rowKey, empty }: DataTableProps<Row>) {
  if (rows.length === 0) return typeof empty === 'string' ? <p className="empty empty-title">{empty}</p> : <>{empty}</>;
  return (
    <table className="table">
      <caption className={showCaption ? undefined : 'visually-hidden'}>{caption}</caption>
      <thead>
        <tr>{columns.map((column) => <th key={column.key} scope="col" className={classOf(column)}>{column.header}</th>)}</tr>
      </thead>
      <tbody>
        {rows.map((row) => <tr key={rowKey(row)}>{columns.map((column, index) => cellOf(column, row, index === 0))}</tr>)}
      </tbody>
    </table>
  );
}

const classOf = <Row,>({ numeric, screenOnly }: Column<Row>): string | undefined =>
  [numeric && 'numeric', screenOnly && 'no-print'].filter(Boolean).join(' ') || undefined;

function cellOf<Row>(column: Column<Row>, row: Row, names: boolean) {
  const className = classOf(column);
  return names
    ? <th key={column.key} scope="row" className={className}>{column.cell(row)}</th>
    : <td key={column.key} className={className} data-label={column.header}><div className="table-value">{column.cell(row)}</div></td>;
}
