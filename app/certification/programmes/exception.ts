import type { PlainDate } from '~/kernel/calendar';
import type { Gate, Requirement } from '../requirement';

export const EXCEPTION_KINDS = ['due-before-assigned', 'no-sitting-left', 'contradiction'] as const;
export type ExceptionKind = (typeof EXCEPTION_KINDS)[number];

export const REASON_CODES = ['due-passed', 'no-sitting', 'due-after-gate', 'hours-after-due', 'credential-withdrawn', 'credential-circular'] as const;
export type ReasonOfException = (typeof REASON_CODES)[number];

/** One reason why an assignment cannot be fulfilled; `requirement` is a code of the version. */
export interface ExceptionReason {
  code: ReasonOfException;
  requirement?: string | undefined;
}

/** What is wrong with an assignment, by kind: the dates make it another case once they change. */
export interface Cause {
  kind: ExceptionKind;
  dueOn: PlainDate;
  startOfDuty: PlainDate;
  reasons: ExceptionReason[];
}

/** What is true for everybody who is assigned a version. */
export interface VersionFacts {
  gate: Gate;
  /** The requirements without which nobody fulfils it: only those can make an assignment impossible. */
  needed: readonly Requirement[];
  /** Exams that are held in sittings: the days on which a place can still be had. */
  sittingDays: ReadonlyMap<string, readonly PlainDate[]>;
  /** Programmes whose credential can still be earned. */
  earnable: ReadonlySet<string>;
  /** Programmes that, over others, ask for the credential of this one. */
  circular: ReadonlySet<string>;
}

export interface AssignedDates {
  dueOn: PlainDate;
  startOfDuty: PlainDate;
  assignedOn: PlainDate;
}

/** What a person has already, so that nothing is missing there. */
export interface PersonFacts {
  /** Exams passed, or with a place in a sitting that comes. */
  exams: ReadonlySet<string>;
  /** Programmes whose credential is held. */
  credentials: ReadonlySet<string>;
}

export const NOTHING: PersonFacts = { exams: new Set(), credentials: new Set() };

/**
 * Why an assignment cannot be fulfilled as it stands; empty when it can. A contradiction is one of four things: the due
 * date lies after the start of duty that it is to precede; the learning hours may only be collected after the due date;
 * the credential that is asked for cannot be earned any more; or it can only be earned by whoever holds this one.
 */
export function causesOf(facts: VersionFacts, dates: AssignedDates, person: PersonFacts = NOTHING): Cause[] {
  const found: Record<ExceptionKind, ExceptionReason[]> = {
    'due-before-assigned': dates.dueOn < dates.assignedOn ? [{ code: 'due-passed' }] : [],
    'no-sitting-left': facts.needed.flatMap((one) => (lacksSitting(one, facts, dates, person) ? [{ code: 'no-sitting' as const, requirement: one.code }] : [])),
    'contradiction': [
      ...(facts.gate === 'before-start-of-duty' && dates.dueOn > dates.startOfDuty ? [{ code: 'due-after-gate' as const }] : []),
      ...facts.needed.flatMap((one) => contradictionIn(one, facts, dates, person)),
    ],
  };
  const { dueOn, startOfDuty } = dates;
  return EXCEPTION_KINDS.flatMap((kind) => (found[kind].length > 0 ? [{ kind, dueOn, startOfDuty, reasons: found[kind] }] : []));
}

function lacksSitting({ kind, targetId }: Requirement, { sittingDays }: VersionFacts, { dueOn }: AssignedDates, { exams }: PersonFacts): boolean {
  const days = kind === 'exam' ? sittingDays.get(targetId) : undefined;
  return days !== undefined && !exams.has(targetId) && !days.some((day) => day <= dueOn);
}

function contradictionIn({ code, kind, targetId, params }: Requirement, facts: VersionFacts, { dueOn }: AssignedDates, { credentials }: PersonFacts): ExceptionReason[] {
  if (kind === 'hours' && params?.window?.kind === 'dates' && params.window.from > dueOn) return [{ code: 'hours-after-due', requirement: code }];
  if (kind !== 'credential' || credentials.has(targetId)) return [];
  if (!facts.earnable.has(targetId)) return [{ code: 'credential-withdrawn', requirement: code }];
  return facts.circular.has(targetId) ? [{ code: 'credential-circular', requirement: code }] : [];
}

/** Whether it is the same case as before: somebody's decision about it then still holds. */
export const sameCase = (a: Cause, b: Cause): boolean =>
  a.kind === b.kind && a.dueOn === b.dueOn && a.startOfDuty === b.startOfDuty && JSON.stringify(a.reasons) === JSON.stringify(b.reasons);
