import { z } from 'zod';
import { execute, Flag, flag, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { DueRule } from '../requirement';
import type { DueGroup, DueSource } from './planned-due';

export const CHANGE_STATES = ['running', 'checking', 'done'] as const;

const ChangeRow = z.object({
  id: z.string(), first_day: z.string(), last_day: z.string(), working: Flag.nullable(), note: z.string(), made_at: z.number(), made_by: z.string(),
  seen: z.number(), moved: z.number(), state: z.enum(CHANGE_STATES), after_id: z.string(), ended_at: z.number().nullable(),
}).transform((row) => ({
  id: row.id, firstDay: row.first_day, lastDay: row.last_day, working: row.working, note: row.note, madeAt: row.made_at, madeBy: row.made_by,
  seen: row.seen, moved: row.moved, state: row.state, afterId: row.after_id, endedAt: row.ended_at,
}));
/** A change of the calendar, and how far planning anew has come. `checking`: what was assigned meanwhile is looked at once more. */
export type CalendarChange = z.infer<typeof ChangeRow>;

const COLUMNS = 'id, first_day, last_day, working, note, made_at, made_by, seen, moved, state, after_id, ended_at';

export const findChange = (from: Reader, id: string): Promise<CalendarChange | null> =>
  maybeOne(from, ChangeRow, `SELECT ${COLUMNS} FROM calendar_changes WHERE id = $id`, { id });

/** The latest changes, the latest first. */
export const calendarChanges = (from: Reader, limit: number): Promise<CalendarChange[]> =>
  rows(from, ChangeRow, `SELECT ${COLUMNS} FROM calendar_changes ORDER BY made_at DESC, id DESC LIMIT $limit`, { limit });

export const unfinishedChanges = (from: Reader): Promise<CalendarChange[]> =>
  rows(from, ChangeRow, `SELECT ${COLUMNS} FROM calendar_changes WHERE state <> 'done' ORDER BY made_at`);

export const insertChange = (tx: Tx, one: Pick<CalendarChange, 'id' | 'firstDay' | 'lastDay' | 'working' | 'note' | 'madeBy' | 'seen'>): Promise<number> =>
  insert(tx, 'calendar_changes', [{
    id: one.id, first_day: one.firstDay, last_day: one.lastDay, working: one.working === null ? null : flag(one.working), note: one.note,
    made_at: tx.now, made_by: one.madeBy, seen: one.seen, state: 'running',
  }]);

/** Moves on from where a step began; 0: another run of the same step was faster. */
export const moveChangeOn = (tx: Tx, { id, state, afterId }: CalendarChange, to: Pick<CalendarChange, 'state' | 'afterId'>): Promise<number> =>
  execute(tx, `UPDATE calendar_changes SET state = $next, after_id = $to, ended_at = $endedAt, version = version + 1
    WHERE id = $id AND state = $state AND after_id = $afterId`,
  { id, state, afterId, next: to.state, to: to.afterId, endedAt: to.state === 'done' ? tx.now : null });

export const countMoved = (tx: Tx, id: string, moved: number): Promise<number> =>
  execute(tx, 'UPDATE calendar_changes SET moved = moved + $moved WHERE id = $id', { id, moved });

/** What is assigned, not met, and due by a rule: nothing that somebody decided. */
const OPEN = `FROM assignments a JOIN clearances c ON c.assignment_id = a.id JOIN programme_versions v ON v.id = a.programme_version_id
  LEFT JOIN clearances f ON f.assignment_id = a.follows
  WHERE a.ended_at IS NULL AND c.completed_on IS NULL AND a.due_by IN ('rule', 'renewal')`;
const ENDS = `CASE WHEN a.due_by = 'renewal' THEN COALESCE(f.cleared_until, f.expired_on) END`;

const SOURCE = { due_on: z.string(), due_by: z.enum(['rule', 'renewal']), start_of_duty: z.string(), due_rule: json(DueRule), ends_on: z.string().nullable() };

interface SourceRow {
  due_by: 'rule' | 'renewal';
  due_rule: DueRule;
  start_of_duty: string;
  ends_on: string | null;
}

/** A renewal whose former cycle was taken back follows from nothing any more. */
function sourceOf({ due_by: by, due_rule: rule, start_of_duty: startOfDuty, ends_on: endsOn }: SourceRow): DueSource | null {
  if (by === 'rule') return { by, rule, startOfDuty };
  return endsOn === null ? null : { by, endsOn };
}

const GroupRow = z.object({ ...SOURCE, title_zh: z.string(), title_en: z.string(), people: z.number() });

/** Everybody whose due date follows from something, in groups: as many as there are dates, however many people. */
export async function dueGroups(from: Reader): Promise<DueGroup[]> {
  const found = await rows(from, GroupRow, `SELECT v.title_zh, v.title_en, v.due_rule, a.due_by, a.due_on, a.start_of_duty, ${ENDS} AS ends_on, COUNT(*) AS people
    ${OPEN} GROUP BY a.programme_version_id, v.title_zh, v.title_en, v.due_rule, a.due_by, a.due_on, a.start_of_duty, ${ENDS}`);
  return found.flatMap((row) => {
    const source = sourceOf(row);
    return source ? [{ title: { zh: row.title_zh, en: row.title_en }, source, dueOn: row.due_on, people: row.people }] : [];
  });
}

const OneRow = z.object({ ...SOURCE, id: z.string(), person_id: z.string() });
export interface DueOne {
  id: string;
  personId: string;
  dueOn: PlainDate;
  source: DueSource | null;
}

/** The same one by one, in the order of their ids. */
export async function dueOnes(from: Reader, after: string, limit: number): Promise<DueOne[]> {
  const found = await rows(from, OneRow, `SELECT a.id, a.person_id, v.due_rule, a.due_by, a.due_on, a.start_of_duty, ${ENDS} AS ends_on
    ${OPEN} AND a.id > $after ORDER BY a.id LIMIT $limit`, { after, limit });
  return found.map((row) => ({ id: row.id, personId: row.person_id, dueOn: row.due_on, source: sourceOf(row) }));
}
