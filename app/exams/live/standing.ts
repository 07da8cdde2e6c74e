import type { Instant } from '~/kernel/clock';
import type { AttemptState } from '../attempt-state';

/** What an attempt's page must know to be right, as it lies in the database; the same for every device. */
export interface StandingFacts {
  attemptId: string;
  personId: string;
  state: AttemptState;
  deadlineAt: Instant;
  pausedAt: Instant | null;
  section: number;
  sectionEndsAt: Instant | null;
  device: string | null;
  /** An invigilator lets another device take over now. */
  permitted: boolean;
  signalAt: Instant | null;
  /** Not seen yet, oldest first. */
  messages: { id: string; text: string; sentAt: Instant }[];
}

/** What one browser is told; instants as ISO 8601 in UTC. */
export interface Standing {
  serverNow: string;
  deadline: string;
  state: AttemptState;
  pausedAt: string | null;
  section: number;
  sectionEndsAt: string | null;
  /** Another device is the active one: this browser cannot write. */
  otherDevice: boolean;
  /** This browser may take over, because an invigilator permitted it. */
  permitted: boolean;
  messages: { id: string; text: string; sentAt: string }[];
  /** Grows when somebody else than the candidate changed something. */
  version: number;
}

const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

export function standingFor(facts: StandingFacts, device: string, now: Instant): Standing {
  const otherDevice = facts.device !== device;
  return {
    serverNow: iso(now),
    deadline: iso(facts.deadlineAt),
    state: facts.state,
    pausedAt: isoOrNull(facts.pausedAt),
    section: facts.section,
    sectionEndsAt: isoOrNull(facts.sectionEndsAt),
    otherDevice,
    permitted: otherDevice && facts.permitted,
    messages: facts.messages.map(({ id, text, sentAt }) => ({ id, text, sentAt: iso(sentAt) })),
    version: facts.signalAt ?? 0,
  };
}
