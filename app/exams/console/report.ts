/** What the reports of a sitting say, ready to be drawn: texts and figures, nothing of the database. */
export interface Report {
  kind: 'hand-in' | 'incidents';
  /** When it was made, as it is printed. */
  madeAt: string;
  head: {
    title: string;
    exam: string;
    organisation: string;
    code: string;
    when: string;
    /** Signed off by whom and when, or that it is not yet. */
    closed: string;
    invigilators: string;
  };
  sections: ReportSection[];
  /** Lines to sign on, below everything. */
  signatures: string[];
}

export interface ReportSection {
  title: string;
  /** Counts and remarks under the title. */
  lines: string[];
  columns: { title: string; width: number; align?: 'right' }[];
  rows: string[][];
  /** Said instead of an empty table. */
  empty: string;
  /** Each begins on a page of its own: a room's report is signed and filed by itself. */
  ownPage: boolean;
}
