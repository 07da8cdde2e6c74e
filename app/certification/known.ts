import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { clearance, type Clearance } from './clearance';
import { projected, type Projection, type ProjectionInput } from './projection';
import type { Gate } from './requirement';

/** One assignment with everything that counts for it. */
export interface KnownAssignment {
  id: string;
  personId: string;
  appointmentId: string;
  programmeId: string;
  programmeVersionId: string;
  cycle: number;
  /** The assignment of the former cycle. */
  follows: string | null;
  madeAt: Instant;
  endedAt: Instant | null;
  input: Omit<ProjectionInput, 'zone' | 'lastExpiry'>;
}

export interface JudgedAssignment {
  assignment: KnownAssignment;
  clearance: Clearance;
}

/** Judges a person's assignments for a day; each cycle begins where the rule of the former one ended. */
export function judgeAll(assignments: readonly KnownAssignment[], on: PlainDate, zone: string): Map<string, JudgedAssignment> {
  const judged = new Map<string, JudgedAssignment>();
  for (const assignment of [...assignments].sort((a, b) => a.cycle - b.cycle)) {
    const former = assignment.follows === null ? undefined : judged.get(assignment.follows);
    judged.set(assignment.id, { assignment, clearance: clearance({ ...assignment.input, lastExpiry: former?.clearance.ruleExpiry ?? null, on, zone }) });
  }
  return judged;
}

/** A row of the table that lists read. */
export interface KeptClearance extends Projection {
  assignmentId: string;
  personId: string;
  appointmentId: string;
  /** Whether it stands for its appointment and gate on lists: the worst of the programmes, of each the cycle in force. */
  leads: boolean;
}

/** The rows of a person: what is live, as it is on `today`. */
export function rowsOf(assignments: readonly KnownAssignment[], today: PlainDate, zone: string): KeptClearance[] {
  const judged = judgeAll(assignments, today, zone);
  const kept = [...judged.values()].filter(({ assignment }) => assignment.endedAt === null).map(({ assignment, clearance: answer }): KeptClearance => ({
    ...projected(assignment.input, answer), assignmentId: assignment.id, personId: assignment.personId, appointmentId: assignment.appointmentId, leads: false,
  }));
  const leading = leaders([...judged.values()].filter(({ assignment }) => assignment.endedAt === null));
  return kept.map((row) => ({ ...row, leads: leading.has(row.assignmentId) }));
}

function leaders(live: readonly JudgedAssignment[]): Set<string> {
  const gates = grouped(live, ({ assignment }) => `${assignment.appointmentId} ${assignment.input.gate}`);
  return new Set([...gates.values()].flatMap((all) => {
    const programmes = [...grouped(all, ({ assignment }) => assignment.programmeId).values()].map(cycleInForce);
    return programmes.sort(worstFirst)[0]?.assignment.id ?? [];
  }));
}

/** Of several cycles of one programme the best counts: the old one stays valid while the next begins. */
export function cycleInForce(cycles: readonly JudgedAssignment[]): JudgedAssignment {
  const [best] = [...cycles].sort((a, b) => STANDING[b.clearance.status] - STANDING[a.clearance.status] || b.assignment.cycle - a.assignment.cycle);
  if (!best) throw new Error('no cycle');
  return best;
}

const STANDING: Record<Clearance['status'], number> = { 'not-cleared': 0, 'waived': 1, 'cleared': 2 };

/** What forbids comes before what permits, what permits later before what permits now, what ends sooner before what holds. */
const worstFirst = (a: JudgedAssignment, b: JudgedAssignment): number =>
  STANDING[a.clearance.status] - STANDING[b.clearance.status]
  || compare(b.clearance.mayStartOn ?? '', a.clearance.mayStartOn ?? '')
  || compare(a.clearance.until ?? '9999-12-31', b.clearance.until ?? '9999-12-31')
  || compare(a.assignment.input.dueOn, b.assignment.input.dueOn)
  || compare(a.assignment.id, b.assignment.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function grouped<One>(all: readonly One[], keyOf: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

export interface GateAnswer {
  gate: Gate;
  on: PlainDate;
  /** Open when every programme permits on that day; without any programme nothing says that it is. */
  open: boolean;
  basis: 'evidence' | 'waiver' | null;
  /** The last day of the permission in force; null: no end, or none. */
  until: PlainDate | null;
  /** Per programme the cycle in force. */
  programmes: JudgedAssignment[];
}

/** Whether a gate is open on a day: all programmes of it that were live then. */
export function gateOn(assignments: readonly KnownAssignment[], gate: Gate, on: PlainDate, zone: string): GateAnswer {
  const judged = judgeAll(assignments, on, zone);
  const live = [...judged.values()].filter(({ assignment }) => assignment.input.gate === gate && isLiveOn(assignment, on, zone));
  const programmes = [...grouped(live, ({ assignment }) => assignment.programmeId).values()].map((cycles) => inForceOn(cycles, on));
  const periods = programmes.map(({ clearance: { periods: all } }) => all.find(({ from, until }) => from <= on && (until === null || on <= until)));
  const permitting = periods.filter((one) => one !== undefined);
  const open = periods.length > 0 && permitting.length === periods.length;
  const ends = permitting.flatMap(({ until }) => (until === null ? [] : [until])).sort();
  return {
    gate, on, open, basis: !open ? null : permitting.some(({ basis }) => basis === 'waiver') ? 'waiver' : 'evidence', until: open ? ends[0] ?? null : null, programmes,
  };
}

const isLiveOn = ({ madeAt, endedAt }: KnownAssignment, on: PlainDate, zone: string): boolean =>
  dateAt(madeAt, zone) <= on && (endedAt === null || dateAt(endedAt, zone) > on);

/** The cycle that permits on the day, by evidence rather than by a waiver; else the newest. */
function inForceOn(cycles: readonly JudgedAssignment[], on: PlainDate): JudgedAssignment {
  const permitting = cycles.map((one) => ({ one, period: one.clearance.periods.find(({ from, until }) => from <= on && (until === null || on <= until)) }));
  return (permitting.find(({ period }) => period?.basis === 'evidence') ?? permitting.find(({ period }) => period))?.one ?? cycleInForce(cycles);
}
