import type { IncidentLine } from '~/exams';
import { config } from '~/kernel/config';
import type { Instant } from '~/kernel/clock';

/** HH:MM:SS in the deployment's zone, or null. */
export function clockText(at: Instant | null): string | null {
  if (at === null) return null;
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: config().TIME_ZONE }).format(at);
}

export interface ShownLine {
  attemptId: string;
  name: string;
  seat: { room: string; seat: number | null } | null;
  effect: IncidentLine['effect'];
  lastBefore: string | null;
  firstAfter: string | null;
  lost: number;
  credit: number;
  before: string;
  after: string;
}

/** Those who are given time first, in the order of rooms and seats otherwise. */
export function shownLines(lines: readonly IncidentLine[]): ShownLine[] {
  const shown = lines.map((line): ShownLine => ({
    attemptId: line.attemptId, name: line.name, seat: line.roomName === null ? null : { room: line.roomName, seat: line.seat }, effect: line.effect,
    lastBefore: clockText(line.lastBefore), firstAfter: clockText(line.firstAfter), lost: line.lost, credit: line.credit,
    before: clockText(line.deadlineBefore) ?? '', after: clockText(line.deadlineAt) ?? '',
  }));
  return [...shown.filter(({ credit }) => credit > 0), ...shown.filter(({ credit }) => credit <= 0)];
}
