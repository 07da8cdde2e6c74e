import { addDays, type PlainDate } from '~/kernel/calendar';
import type { Problem } from '~/kernel/result';
import { maskNationalNumber, plainName, type AppointmentKind, type NumberKind } from '~/people';
import type { Facts, KnownAppointment, KnownOrganisation, KnownPerson } from './known';
import type { RosterField } from './fields';
import type { CellFault, RosterEntry } from './row';

export const ROW_KINDS = ['created', 'changed', 'moved', 'left', 'unchanged', 'wrong'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** A field that becomes something else; identity numbers are masked. */
export interface Change {
  field: RosterField;
  from: string | null;
  to: string | null;
}

export interface FreshAppointment {
  organisationId: string;
  kind: AppointmentKind;
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
}

export interface AlteredAppointment {
  kind: AppointmentKind;
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
}

/** What a line will do once it is applied. Without a person: somebody new. */
export interface Plan {
  act: 'create' | 'change' | 'move' | 'return' | 'leave';
  person: KnownPerson | null;
  /** Set where name, mail or telephone become others. */
  contact: { name: string; email: string | null; phone: string | null } | null;
  numbers: { kind: NumberKind; value: string }[];
  appointment: KnownAppointment | null;
  altered: AlteredAppointment | null;
  /** The last day of the appointment. */
  endsOn: PlainDate | null;
  fresh: FreshAppointment | null;
  signInName: string | null;
}

export interface Judged {
  kind: RowKind;
  person: KnownPerson | null;
  changes: Change[];
  faults: CellFault[];
  /** What a human being must decide: whether it is the same person, or whether a known one has a new name. */
  question: 'duplicate' | 'name' | null;
  alike: KnownPerson[];
  plan: Plan | null;
}

const FIELD_OF: Record<NumberKind, RosterField> = { recruitment: 'recruitmentNumber', staff: 'staffNumber', national: 'nationalNumber' };
const KINDS = ['national', 'staff', 'recruitment'] as const;

const fault = (field: RosterField, code: Problem['code'], params?: Problem['params']): CellFault => ({ field, problem: { code, ...(params && { params }) } });

/** What a line of a roster means, judged by what is known. The one place that decides it: before applying it is asked again. */
export function judge(entry: RosterEntry, faults: readonly CellFault[], facts: Facts): Judged {
  const found = [...faults];
  const organisation = organisationOf(facts, found);
  const owner = ownerOf(facts, found);
  const wrong = (person: KnownPerson | null = owner): Judged => ({ kind: 'wrong', person: person?.inScope ? person : null, changes: [], faults: found, question: null, alike: [], plan: null });
  if (owner && !owner.inScope) found.push(fault(numberFieldOf(entry), 'roster.person-elsewhere'));
  if (!plausible(entry.startOfDuty, facts.today)) found.push(fault('startOfDuty', 'roster.date-unlikely'));
  if (found.length > 0 || !organisation) return wrong();
  const answered = facts.answer?.kind === 'same' ? facts.alike.find(({ person }) => person.id === facts.answer?.personId)?.person ?? null : null;
  const person = owner ?? answered;
  if (person) return judgeKnown(entry, person, organisation, facts, { found, wrong, merged: owner === null });
  return judgeNew(entry, organisation, facts, { found, wrong });
}

function organisationOf({ placed }: Facts, found: CellFault[]): KnownOrganisation | null {
  if ('fault' in placed) {
    found.push(fault(placed.at, placed.fault, placed.params));
    return null;
  }
  return placed.found;
}

/** Whoever has one of the numbers. Numbers of two people in one line are a fault at each. */
function ownerOf({ owners }: Facts, found: CellFault[]): KnownPerson | null {
  const held = KINDS.filter((kind) => owners[kind] !== null);
  const ids = new Set(held.map((kind) => owners[kind]?.id));
  if (ids.size > 1) for (const kind of held) found.push(fault(FIELD_OF[kind], 'roster.two-people'));
  const [first] = held;
  return first ? owners[first] : null;
}

const numberFieldOf = (entry: RosterEntry): RosterField => (entry.nationalNumber ? 'nationalNumber' : entry.staffNumber ? 'staffNumber' : 'recruitmentNumber');

/** Nobody serves since before there were such registers, or starts in ten years. */
const plausible = (day: PlainDate | null, today: PlainDate): boolean => day === null || (day >= '1950-01-01' && day <= addDays(today, 1830));

interface Course {
  found: CellFault[];
  wrong: (person?: KnownPerson | null) => Judged;
}

function judgeNew(entry: RosterEntry, organisation: KnownOrganisation, facts: Facts, { found, wrong }: Course): Judged {
  if (entry.leftOn !== null) found.push(fault(numberFieldOf(entry), 'roster.left-unknown'));
  if (!entry.recruitmentNumber && !entry.staffNumber) found.push(fault('staffNumber', 'roster.new-needs-number'));
  if (!entry.post) found.push(fault('post', 'field.required'));
  if (!entry.startOfDuty) found.push(fault('startOfDuty', 'field.required'));
  for (const field of facts.takenNames) found.push(fault(field, 'person.number-taken', { value: entry[field] ?? '' }));
  found.push(...placeFaults(organisation, facts.today));
  if (found.length > 0) return wrong(null);
  const kind = entry.kind ?? (entry.staffNumber ? 'staff' : 'recruit');
  const fresh = { organisationId: organisation.id, kind, post: entry.post ?? '', rank: entry.rank, startOfDuty: entry.startOfDuty ?? facts.today };
  const alike = facts.alike.map(({ person }) => person);
  const plan: Plan = {
    act: 'create', person: null, contact: { name: entry.name, email: entry.email, phone: entry.phone }, numbers: numbersOf(entry), appointment: null, altered: null, endsOn: null, fresh,
    signInName: kind === 'recruit' ? entry.recruitmentNumber ?? entry.staffNumber : entry.staffNumber ?? entry.recruitmentNumber,
  };
  return { kind: 'created', person: null, changes: [], faults: [], question: alike.length > 0 ? 'duplicate' : null, alike, plan };
}

const numbersOf = (entry: RosterEntry): Plan['numbers'] =>
  KINDS.flatMap((kind) => { const value = entry[FIELD_OF[kind] as 'staffNumber']; return value === null ? [] : [{ kind, value }]; });

function placeFaults(organisation: KnownOrganisation, today: PlainDate): CellFault[] {
  if (!organisation.inScope) return [fault('organisation', 'roster.organisation-out-of-scope', { name: organisation.name })];
  return organisation.closedOn !== null && organisation.closedOn <= today ? [fault('organisation', 'roster.organisation-closed', { name: organisation.name, date: organisation.closedOn })] : [];
}

function judgeKnown(entry: RosterEntry, person: KnownPerson, organisation: KnownOrganisation, facts: Facts, { found, wrong, merged }: Course & { merged: boolean }): Judged {
  const numbers = newNumbers(entry, person, facts, found);
  const contact = contactOf(entry, person);
  const turn = entry.leftOn === null ? serves(entry, person, organisation, facts, found) : leaves(entry, person, entry.leftOn, facts, found);
  for (const field of facts.takenNames) if (numbers.some(({ kind }) => FIELD_OF[kind] === field)) found.push(fault(field, 'person.number-taken', { value: entry[field] ?? '' }));
  if (found.length > 0) return wrong(person);
  const changes = [...contact.changes, ...numbers.map(({ kind, value }) => ({ field: FIELD_OF[kind], from: null, to: kind === 'national' ? maskNationalNumber(value) : value })), ...turn.changes];
  const act = turn.act ?? (changes.length > 0 ? 'change' : null);
  const plan: Plan | null = act && {
    act, person, contact: contact.changed, numbers, appointment: turn.appointment, altered: turn.altered, endsOn: turn.endsOn, fresh: turn.fresh, signInName: null,
  };
  // Whoever said that it is the same person has seen both names.
  const otherName = !merged && plainName(entry.name) !== plainName(person.name);
  return { kind: act ? KIND_OF[act] : 'unchanged', person, changes, faults: [], question: otherName ? 'name' : merged ? 'duplicate' : null, alike: merged ? facts.alike.map((one) => one.person) : [], plan };
}

const KIND_OF: Record<Plan['act'], RowKind> = { create: 'created', change: 'changed', move: 'moved', return: 'moved', leave: 'left' };

/** Numbers that the person gets. Somebody with another staff or identity number is probably somebody else. */
function newNumbers(entry: RosterEntry, person: KnownPerson, facts: Facts, found: CellFault[]): Plan['numbers'] {
  return numbersOf(entry).filter(({ kind }) => {
    if (person.numbers.has(`${kind} ${facts.hashes[kind] ?? ''}`)) return false;
    if (kind !== 'recruitment' && person.kindsHeld.has(kind)) found.push(fault(FIELD_OF[kind], kind === 'staff' ? 'roster.staff-number-differs' : 'roster.national-differs'));
    return true;
  });
}

/** What is not said stays; a name that only spaces or width tell apart is the same name. */
function contactOf(entry: RosterEntry, person: KnownPerson): { changes: Change[]; changed: Plan['contact'] } {
  const next = { name: plainName(entry.name) === plainName(person.name) ? person.name : entry.name, email: entry.email ?? person.email, phone: entry.phone ?? person.phone };
  const changes = (['name', 'email', 'phone'] as const).filter((field) => next[field] !== person[field]).map((field): Change => ({ field, from: person[field], to: next[field] }));
  return { changes, changed: changes.length > 0 ? next : null };
}

interface Turn {
  act: 'move' | 'return' | 'leave' | null;
  appointment: KnownAppointment | null;
  altered: AlteredAppointment | null;
  endsOn: PlainDate | null;
  fresh: FreshAppointment | null;
  changes: Change[];
}
const NOTHING: Turn = { act: null, appointment: null, altered: null, endsOn: null, fresh: null, changes: [] };

function leaves(entry: RosterEntry, person: KnownPerson, on: PlainDate, facts: Facts, found: CellFault[]): Turn {
  const [appointment, ...others] = person.appointments;
  if (!appointment) return NOTHING;
  if (others.length > 0) found.push(fault('leftOn', 'roster.several-appointments'));
  if (!appointment.organisation.inScope) found.push(fault(numberFieldOf(entry), 'roster.person-elsewhere'));
  // Who never begins may leave before the first day, but not on a day still to come.
  if (on < appointment.startOfDuty && (appointment.startOfDuty <= facts.today || on > facts.today)) found.push(fault('leftOn', 'roster.left-before-start', { date: appointment.startOfDuty }));
  if (appointment.transferOpen) found.push(fault('status', 'transfer.open'));
  if (person.account?.own) found.push(fault('status', 'account.own'));
  if (person.account?.lastAdministrator) found.push(fault('status', 'account.last-administrator'));
  if (appointment.endsOn === on && on > facts.today) return NOTHING;
  return { ...NOTHING, act: 'leave', appointment, endsOn: on, changes: [{ field: 'leftOn', from: appointment.endsOn, to: on }] };
}

function serves(entry: RosterEntry, person: KnownPerson, organisation: KnownOrganisation, facts: Facts, found: CellFault[]): Turn {
  const here = person.appointments.find((one) => one.organisation.id === organisation.id) ?? (isUnsaid(facts.placed) ? presentOf(person) : undefined);
  if (here) return altered(entry, here, found);
  found.push(...placeFaults(organisation, facts.today));
  const main = person.appointments.find((one) => one.nature === 'main');
  return main ? moves(entry, main, organisation, facts, found) : returns(entry, person, organisation, facts, found);
}

const isUnsaid = (placed: Facts['placed']): boolean => 'unsaid' in placed;

/** Where somebody is, and stays when the line does not say where. */
const presentOf = ({ appointments }: KnownPerson): KnownAppointment | undefined => appointments.find((one) => one.nature === 'main') ?? appointments[0];

function altered(entry: RosterEntry, here: KnownAppointment, found: CellFault[]): Turn {
  if (!here.organisation.inScope) found.push(fault(numberFieldOf(entry), 'roster.person-elsewhere'));
  const next = { kind: entry.kind ?? here.kind, post: entry.post ?? here.post, rank: entry.rank ?? here.rank, startOfDuty: entry.startOfDuty ?? here.startOfDuty };
  const changes = (['kind', 'post', 'rank', 'startOfDuty'] as const).filter((field) => next[field] !== here[field]).map((field): Change => ({ field, from: here[field], to: next[field] }));
  // A sheet must not let anybody past the gate: recruits become staff once their start of duty is recorded.
  if (here.kind === 'recruit' && next.kind !== 'recruit' && !here.started) found.push(fault('kind', 'roster.recruit-not-started'));
  if (next.startOfDuty !== here.startOfDuty && here.started) found.push(fault('startOfDuty', 'roster.start-recorded', { date: here.startOfDuty }));
  if (here.endsOn !== null && next.startOfDuty > here.endsOn) found.push(fault('startOfDuty', 'roster.start-after-end', { date: here.endsOn }));
  return changes.length > 0 ? { ...NOTHING, appointment: here, altered: next, changes } : NOTHING;
}

function moves(entry: RosterEntry, from: KnownAppointment, to: KnownOrganisation, { today }: Facts, found: CellFault[]): Turn {
  if (!from.organisation.inScope) found.push(fault(numberFieldOf(entry), 'roster.person-elsewhere'));
  if (from.transferOpen) found.push(fault('organisation', 'transfer.open'));
  const kind = entry.kind ?? from.kind;
  if (from.kind === 'recruit' && kind !== 'recruit' && !from.started) found.push(fault('kind', 'roster.recruit-not-started'));
  const { start, endsOn } = turningPoint(entry.startOfDuty, from.startOfDuty, today);
  const fresh = { organisationId: to.id, kind, post: entry.post ?? from.post, rank: entry.rank ?? from.rank, startOfDuty: start };
  return { act: 'move', appointment: from, altered: null, endsOn, fresh, changes: placeChanges(from, fresh, to) };
}

/** When the new appointment begins, and the last day of the former. The start in the sheet may still be the former one: then the move counts from today. */
function turningPoint(said: PlainDate | null, former: PlainDate, today: PlainDate): { start: PlainDate; endsOn: PlainDate } {
  if (former > today) return { start: said ?? former, endsOn: today };
  const start = said !== null && said > former ? said : today;
  const dayBefore = addDays(start, -1);
  return { start, endsOn: dayBefore < former ? former : dayBefore };
}

function returns(entry: RosterEntry, person: KnownPerson, to: KnownOrganisation, { today }: Facts, found: CellFault[]): Turn {
  if (!entry.post) found.push(fault('post', 'field.required'));
  const start = entry.startOfDuty ?? today;
  if (person.lastEnded !== null && start <= person.lastEnded) found.push(fault('startOfDuty', 'roster.left-already', { date: person.lastEnded }));
  const fresh = { organisationId: to.id, kind: entry.kind ?? 'staff' as const, post: entry.post ?? '', rank: entry.rank, startOfDuty: start };
  return { ...NOTHING, act: 'return', fresh, changes: placeChanges(null, fresh, to) };
}

function placeChanges(from: KnownAppointment | null, fresh: FreshAppointment, to: KnownOrganisation): Change[] {
  const changes: Change[] = [{ field: 'organisation', from: from?.organisation.name ?? null, to: to.name }];
  for (const field of ['kind', 'post', 'rank', 'startOfDuty'] as const) {
    if ((from?.[field] ?? null) !== fresh[field]) changes.push({ field, from: from?.[field] ?? null, to: fresh[field] });
  }
  return changes;
}
