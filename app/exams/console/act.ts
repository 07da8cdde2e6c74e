import { minutes, type Instant } from '~/kernel/clock';

/** What an invigilator does at the console. Each act is one row, whatever the number of people it concerns. */
export const ACT_KINDS = [
  'time', 'pause', 'resume', 'message', 'note', 'device', 'hand-in', 'void', 'admit', 'refuse', 'exempt', 'close',
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

/** So long an act that can be undone may be undone; afterwards the opposite act, with its own reason, is honest. */
export const UNDO_WITHIN = minutes(15);

/** Kinds that can be taken back. A message was read, an answer sheet collected; a void gives a new attempt instead. */
const UNDOABLE: ReadonlySet<ActKind> = new Set(['time', 'pause', 'resume', 'admit', 'refuse', 'exempt', 'device']);

export interface ActAtUndo {
  kind: string;
  doneAt: Instant;
  undoneAt: Instant | null;
}

export type UndoVerdict = { ok: true } | { ok: false; code: 'act.not-undoable' | 'act.undone' | 'act.too-late' };

/** Whether an act can still be taken back at `now`. */
export function judgeUndo(act: ActAtUndo, now: Instant): UndoVerdict {
  if (!UNDOABLE.has(act.kind as ActKind)) return { ok: false, code: 'act.not-undoable' };
  if (act.undoneAt !== null) return { ok: false, code: 'act.undone' };
  return now - act.doneAt > UNDO_WITHIN ? { ok: false, code: 'act.too-late' } : { ok: true };
}
