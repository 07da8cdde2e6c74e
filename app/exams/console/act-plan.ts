import type { Instant } from '~/kernel/clock';
import { mayMove, type AttemptState } from '../attempt-state';
import type { Exemption } from '../sittings/booking';
import type { ActKind } from './act';

/** Whom an act is meant for: somebody with a place in a sitting, or with an attempt at an exam without sittings. */
export interface Target {
  /** The booking; without sittings the attempt. */
  id: string;
  bookingId: string | null;
  attemptId: string | null;
  roomId: string | null;
  name: string;
  seat: number | null;
  /** Null: not started. */
  state: AttemptState | null;
  identity: 'admitted' | 'refused' | null;
  exempt: readonly Exemption[];
  pausedAt: Instant | null;
  deadlineAt: Instant | null;
}

/** Why an act leaves somebody out. */
export type Omission = 'not-started' | 'not-writing' | 'started' | 'paused-already' | 'not-paused' | 'time-up' | 'decided-already' | 'exempt-already' | 'void-already' | 'other-room';

export interface ActPlan {
  applies: Target[];
  omitted: { target: Target; why: Omission }[];
}

/** The acts that a person chooses; closing a sitting is not one on people. */
export const ACTS_ON_PEOPLE = [
  'message', 'time', 'pause', 'resume', 'note', 'device', 'hand-in', 'void', 'admit', 'refuse', 'exempt',
] as const satisfies readonly ActKind[];
export type ActOnPeople = (typeof ACTS_ON_PEOPLE)[number];

export interface PlanInput {
  kind: ActOnPeople;
  targets: readonly Target[];
  exemption?: Exemption | null;
  /** Rooms where the actor may act; null: wherever. */
  rooms: ReadonlySet<string | null> | null;
  now: Instant;
}

/** Whom an act will concern, and whom it leaves out and why. */
export function planAct({ kind, targets, exemption = null, rooms, now }: PlanInput): ActPlan {
  const plan: ActPlan = { applies: [], omitted: [] };
  for (const target of targets) {
    const why = rooms !== null && !rooms.has(target.roomId) ? 'other-room' : omission(kind, target, exemption, now);
    if (why === null) plan.applies.push(target);
    else plan.omitted.push({ target, why });
  }
  return plan;
}

function omission(kind: ActOnPeople, target: Target, exemption: Exemption | null, now: Instant): Omission | null {
  switch (kind) {
    case 'admit': return beforeStart(target) ?? (target.identity === 'admitted' ? 'decided-already' : null);
    case 'refuse': return beforeStart(target) ?? (target.identity === 'refused' ? 'decided-already' : null);
    case 'exempt': return exempting(target, exemption);
    case 'note': return target.state === null ? 'not-started' : null;
    case 'void': return voiding(target);
    case 'resume': return writing(target) ?? (target.pausedAt === null ? 'not-paused' : null);
    case 'pause': return writing(target) ?? pausing(target, now);
    case 'message': case 'time': case 'device': case 'hand-in': return writing(target);
  }
}

const beforeStart = ({ state }: Target): Omission | null => (state === null ? null : 'started');

const writing = ({ state }: Target): Omission | null => (state === 'in-progress' ? null : state === null ? 'not-started' : 'not-writing');

function pausing({ pausedAt, deadlineAt }: Target, now: Instant): Omission | null {
  if (pausedAt !== null) return 'paused-already';
  return deadlineAt !== null && deadlineAt <= now ? 'time-up' : null;
}

function voiding({ state }: Target): Omission | null {
  if (state === null) return 'not-started';
  return mayMove(state, 'void') ? null : 'void-already';
}

/** Being late is let pass before the start; network and browser key also when somebody comes back in after a drop. */
function exempting({ state, exempt }: Target, exemption: Exemption | null): Omission | null {
  if (state !== null && (exemption === 'late' || state !== 'in-progress')) return 'started';
  return exemption !== null && exempt.includes(exemption) ? 'exempt-already' : null;
}
