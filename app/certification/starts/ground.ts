import type { PlainDate } from '~/kernel/calendar';
import type { RequirementOutcome } from '../clearance';
import type { GateAnswer, JudgedAssignment } from '../known';
import type { Gate } from '../requirement';

/** What one programme said on a day: ids, codes and figures only, so that the ledger can hold it. */
export interface GroundProgramme {
  assignmentId: string;
  programmeVersionId: string;
  permitted: boolean;
  basis: 'evidence' | 'waiver' | null;
  /** The last day of the permission in force; null: no end, or none. */
  until: PlainDate | null;
  /** When the permission begins, for one that was not in force yet. */
  mayStartOn: PlainDate | null;
  withdrawnOn: PlainDate | null;
  waiverId: string | null;
  requirements: RequirementOutcome[];
}

/** On what a start or a confirmation rests: each programme of the gate, judged for that day with what was known then. */
export interface Ground {
  gate: Gate;
  on: PlainDate;
  programmes: GroundProgramme[];
}

export interface Verdict {
  /** What opens the gate; null: at least one programme does not, or there is none. */
  basis: 'clearance' | 'waiver' | null;
  ground: Ground;
}

/** Whether the gate is open, in the words of a start, with what it rests on. */
export const verdictOf = ({ gate, on, basis, programmes }: GateAnswer): Verdict => ({
  basis: basis === 'evidence' ? 'clearance' : basis,
  ground: { gate, on, programmes: programmes.map((one) => programmeOn(one, on)) },
});

function programmeOn({ assignment, clearance: { periods, mayStartOn, withdrawnOn, requirements } }: JudgedAssignment, on: PlainDate): GroundProgramme {
  const inForce = periods.find(({ from, until }) => from <= on && (until === null || on <= until));
  return {
    assignmentId: assignment.id, programmeVersionId: assignment.programmeVersionId, permitted: inForce !== undefined, basis: inForce?.basis ?? null,
    until: inForce?.until ?? null, mayStartOn, withdrawnOn, waiverId: inForce?.waiverId ?? null, requirements,
  };
}
