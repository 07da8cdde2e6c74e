/** What the pool asks of the thread: one statement, or to write everything out and end. */
export type Ask = { kind: 'statement'; ask: number; text: string; params: readonly unknown[] } | { kind: 'close' };

/** Of a PostgreSQL error, what BullMQ and our own code look at; error objects lose such fields on the way. */
export interface StatementError {
  message: string;
  code?: string | undefined;
  detail?: string | undefined;
}

export type Answer =
  | { kind: 'ready' }
  | { kind: 'rows'; ask: number; rows: unknown[]; rowCount: number }
  | { kind: 'error'; ask: number; error: StatementError }
  | { kind: 'notification'; channel: string; payload: string }
  /** The engine itself has given up; nothing more will be answered. */
  | { kind: 'broken'; message: string };
