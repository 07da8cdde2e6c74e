import type { Connection } from './answer';
import type { Standing } from './types';

/** A server that set its clock back by more than this is believed. */
const CLOCK_SET_BACK = 60_000;

/** Whether what was said at `serverNow` is later than what was heard last: answers may overtake each other. */
export const isNewer = (serverNow: number, last: number): boolean => serverNow >= last || serverNow < last - CLOCK_SET_BACK;

/** How the attempt stands, without what is about this device. */
export type Stand = Omit<Standing, 'state' | 'otherDevice'>;

export const standIn = ({ serverNow, deadline, pausedAt, section, sectionEndsAt, messages }: Stand): Stand =>
  ({ serverNow, deadline, pausedAt, section, sectionEndsAt, messages });

/** What a standing says about writing on this device; the network's own troubles are for saves to find out. */
export function connectionAfter(before: Connection, standing: Standing, now: number): Connection {
  if (standing.state === 'void') return 'void';
  if (standing.state !== 'in-progress') return before === 'late' ? 'late' : 'handed-in';
  if (standing.otherDevice) return 'other-device';
  if (before === 'other-device' || before === 'handed-in' || before === 'void' || before === 'late') return 'good';
  return before === 'time-over' && standing.deadline > now ? 'good' : before;
}

interface Body {
  serverNow?: unknown;
  deadline?: unknown;
  state?: unknown;
  pausedAt?: unknown;
  section?: unknown;
  sectionEndsAt?: unknown;
  otherDevice?: unknown;
  messages?: unknown;
}

/** A standing as the server writes it (instants as ISO 8601), or null when it is something else. */
export function parseStanding(text: string): Standing | null {
  try {
    const body = JSON.parse(text) as Body;
    const [serverNow, deadline] = [instant(body.serverNow), instant(body.deadline)];
    if (serverNow === null || deadline === null || typeof body.state !== 'string') return null;
    return {
      serverNow, deadline, state: body.state,
      pausedAt: instant(body.pausedAt),
      section: typeof body.section === 'number' ? body.section : 0,
      sectionEndsAt: instant(body.sectionEndsAt),
      otherDevice: body.otherDevice === true,
      messages: Array.isArray(body.messages) ? body.messages.flatMap(messageIn) : [],
    };
  } catch {
    return null;
  }
}

function messageIn(found: unknown): Standing['messages'] {
  if (typeof found !== 'object' || found === null || !('id' in found) || !('text' in found) || !('sentAt' in found)) return [];
  const sentAt = instant(found.sentAt);
  return typeof found.id === 'string' && typeof found.text === 'string' && sentAt !== null ? [{ id: found.id, text: found.text, sentAt }] : [];
}

function instant(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : at;
}
