import type { ReportKind } from './report';

/** How a value is written: a code is worded, a title has two languages, hundredths are hours. */
export type ColumnType = 'text' | 'date' | 'number' | 'hours' | 'percent' | 'code' | 'title' | 'reason';

export interface ReportColumn {
  code: string;
  type: ColumnType;
  /** Chosen when nobody chooses. */
  usual: boolean;
  /** In characters, for files. */
  width: number;
}

const column = (code: string, type: ColumnType, width: number, usual = true): ReportColumn => ({ code, type, width, usual });
const further = (code: string, type: ColumnType, width: number): ReportColumn => column(code, type, width, false);

/** Who it is and where they serve; part of every list. */
const WHO: readonly ReportColumn[] = [
  column('name', 'text', 12), further('recruitment-number', 'text', 16), column('staff-number', 'text', 12), column('organisation', 'text', 28),
  further('organisation-code', 'text', 12), further('appointment-kind', 'code', 10), column('post', 'text', 18), further('rank', 'text', 14), further('intake', 'text', 24),
  further('start-of-duty', 'date', 12),
];

const OWN: Record<ReportKind, readonly ReportColumn[]> = {
  clearance: [
    column('state', 'code', 14), column('may-start-on', 'date', 12), column('until', 'date', 12), column('due-on', 'date', 12), column('done', 'number', 8),
    column('total', 'number', 8), further('programme', 'title', 28), column('reason', 'reason', 40),
  ],
  completion: [
    column('course', 'title', 32), column('state', 'code', 10), column('enrolled-on', 'date', 12), column('lessons-read', 'number', 10), column('lessons', 'number', 8),
    column('completed-on', 'date', 12), further('minutes', 'number', 10),
  ],
  results: [
    column('exam', 'title', 32), column('attempt', 'number', 8), column('handed-in-on', 'date', 12), column('percent', 'percent', 10), column('cut-score', 'number', 10),
    column('state', 'code', 10), column('released-on', 'date', 12),
  ],
  hours: [
    column('year', 'number', 8), column('hours', 'hours', 10), column('state', 'code', 10), column('targets-met', 'number', 10), column('targets', 'number', 8),
    column('target', 'title', 28), column('target-done', 'number', 10), column('target-amount', 'number', 10), column('target-measure', 'code', 8), column('missing', 'number', 10),
  ],
  overdue: [
    column('programme', 'title', 28), column('due-on', 'date', 12), column('days-overdue', 'number', 10), column('state', 'code', 14), column('done', 'number', 8),
    column('total', 'number', 8), column('reason', 'reason', 40),
  ],
};

/** Every column that a list of this kind can have, in its order. */
export const columnsOf = (kind: ReportKind): readonly ReportColumn[] => [...WHO, ...OWN[kind]];
