import type { ReasonCode } from '~/text/reason';
import type { PlainDate } from '~/kernel/calendar';
import type { ReportState } from '../report';

export interface Title {
  zh: string;
  en: string;
}

export interface CellReason {
  code: ReasonCode;
  params: Record<string, string | number>;
}

/** A value before it is worded in somebody's language. */
export type CellValue = string | number | null | Title | CellReason;

/** A line of a report. */
export interface ReportRow {
  personId: string;
  organisationId: string;
  rank: string | null;
  intake: string | null;
  kind: 'recruit' | 'staff' | 'leader';
  /** The day by which the line belongs to a period and a month; null: to none. */
  on: PlainDate | null;
  state: ReportState;
  /** Of what a mean is taken: per cent, hundredths of an hour. */
  measure: number | null;
  cells: Record<string, CellValue>;
}
