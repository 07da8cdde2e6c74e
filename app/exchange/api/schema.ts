import { z } from 'zod';
import { CHANGE_KINDS, GATES, HIRING_STATUSES, REQUIREMENT_KINDS } from '~/certification';
import { isPlainDate } from '~/kernel/calendar';
import { Id } from '~/kernel/id';
import { APPOINTMENT_KINDS } from '~/people';

/** Schemas with a name in the description of the service: what several answers have in common is told once. */
export const NAMED = z.registry<{ id: string; description?: string }>();
function named<T extends z.ZodType>(id: string, description: string, schema: T): T {
  const one: z.ZodType = schema;
  NAMED.add(one, { id, description });
  return schema;
}

const Day = z.string().refine(isPlainDate, { error: 'YYYY-MM-DD' }).meta({ format: 'date', examples: ['2026-07-01'] });
const DayOrNull = Day.nullable();
const At = z.iso.datetime().meta({ description: 'An instant in UTC.' });
const Words = named('Words', 'In both languages.', z.object({ zh: z.string(), en: z.string() }));
const Params = z.record(z.string(), z.union([z.string(), z.number()]));
const Reason = named('Reason', 'Why, as a code with its parameters and as a sentence in the language that was asked for.', z.object({ code: z.string(), params: Params, text: z.string() }));
const Cursor = z.string().max(400).meta({ description: 'What an earlier answer gave as `next`. It is opaque, signed, and belongs to the same question.' });
const Limit = z.coerce.number().int().min(1).max(200).meta({ description: 'So many at most; 100 when nothing is said.' });
const Code = z.string().min(1).max(40).meta({ description: 'The code of an organisation: it and everything beneath it.' });

/** A page of a list. */
const page = <T extends z.ZodType>(id: string, item: T) => named(id, 'A page of a list. Go on with `next` until it is null.', z.object({ items: z.array(item), next: z.string().nullable() }));

const Unit = named('OrganisationName', 'An organisation by id, code and name.', z.object({ id: Id, code: z.string(), name: z.string() }));
const Who = named('PersonName', 'A person by id, name and numbers.', z.object({ id: Id, name: z.string(), staffNumber: z.string().nullable(), recruitmentNumber: z.string().nullable() }));

export const CheckQuestion = named('ClearanceQuestion', 'Whom to judge, each for their own day.', z.strictObject({
  people: z.array(z.strictObject({
    number: z.string().trim().min(1).max(40).meta({ description: 'Staff number, recruitment number or identity number.' }),
    name: z.string().trim().min(1).max(60),
    startsOn: Day.optional().meta({ description: 'The day for which is asked. Without it the start of duty in the register counts.' }),
    ref: z.string().max(80).optional().meta({ description: 'Your own mark; it comes back unchanged.' }),
  })).min(1).max(1000),
}));

const Condition = named('Condition', 'What must turn out well.', z.object({
  kind: z.enum(['result', 'sitting', 'completion', 'waiver']), requirement: z.string().nullable(), of: DayOrNull, on: Day, until: DayOrNull, title: z.string().nullable(),
}));
const Verdict = named('Verdict', 'Whether somebody may start on the day, as of what is known now.', z.object({
  ref: z.string().nullable(), number: z.string().meta({ description: 'As it was asked for; an identity number is masked.' }),
  status: z.enum(HIRING_STATUSES), mayStart: z.boolean(), startsOn: DayOrNull,
  from: DayOrNull.meta({ description: 'The first day of the permission that is or would be.' }), until: DayOrNull.meta({ description: 'Its last day; null: no end, or there is none.' }),
  conditions: z.array(Condition), resit: z.object({ kind: z.enum(['booked', 'sitting', 'from', 'none']), on: DayOrNull }).nullable(),
  reason: Reason.nullable(), text: z.string(), personId: Id.nullable(), appointmentId: Id.nullable(), clearanceId: Id.nullable(), startedOn: DayOrNull,
}));
export const CheckAnswer = named('ClearanceAnswer', 'An answer for each who was asked about, in the same order.', z.object({ asOf: At, people: z.array(Verdict) }));

const STATUS = z.enum(['cleared', 'waived', 'not-cleared']);
const STATE = z.enum(['may-start', 'under-waiver', 'revoked', 'suspended', 'expired', 'not-yet', 'overdue']);
const Requirement = { code: z.string(), kind: z.enum(REQUIREMENT_KINDS), state: z.enum(['met', 'open', 'failed', 'expired', 'waived']), at: At.nullable().meta({ description: 'When the evidence came to be that decided.' }), reason: Reason };
const Standing = {
  id: Id, person: Who, appointmentId: Id, organisation: Unit, post: z.string(), programme: z.object({ slug: z.string(), title: z.string() }), gate: z.enum(GATES), status: STATUS, state: STATE,
  decides: z.boolean().meta({ description: 'Of several programmes and cycles of one gate, this one decides.' }),
  mayStartOn: DayOrNull, until: DayOrNull, dueOn: Day, startOfDuty: Day, done: z.number().int(), total: z.number().int(), reason: Reason.nullable(),
};
const Listed = named('Clearance', 'How the clearance of one appointment for one programme stands on the day.', z.object(Standing));
export const ClearancesQuestion = z.strictObject({
  on: Day.optional().meta({ description: 'As of this day; today when nothing is said. Earlier days are answered from the ledger.' }),
  organisation: Code.optional(), personId: Id.optional(), gate: z.enum(GATES).optional(), status: STATUS.optional(), programme: z.string().max(80).optional(),
  limit: Limit.optional().meta({ description: 'Of so many people at most; 100 when nothing is said.' }), cursor: Cursor.optional(),
});
export const ClearancesAnswer = page('ClearancePage', Listed);

export const ById = z.strictObject({ id: Id });
export const ClearanceQuestionOn = z.strictObject({
  on: Day.optional().meta({ description: 'As of this day; today when nothing is said.' }), knownOn: Day.optional().meta({ description: 'With what was known at the end of this day.' }),
});
export const ClearanceDetail = named('ClearanceDetail', 'One clearance with its requirements and what proves them.', z.object({
  id: Id, personId: Id, name: z.string(), recruitmentNumber: z.string().nullable(), appointmentId: Id, organisation: z.string(), post: z.string(),
  programme: Words, version: z.number().int(), cycle: z.number().int(), gate: z.enum(GATES), ended: z.boolean(), on: Day, knownOn: DayOrNull, dueOn: Day, startOfDuty: Day,
  standing: z.object({
    status: STATUS, mayStartOn: DayOrNull, until: DayOrNull, withdrawnOn: DayOrNull, suspendedOn: DayOrNull, expiredOn: DayOrNull, done: z.number().int(), total: z.number().int(),
    periods: z.array(z.object({ from: Day, until: DayOrNull, basis: z.enum(['evidence', 'waiver']) })),
    requirements: z.array(z.object({ ...Requirement, title: z.string(), evidence: z.string().nullable().meta({ description: 'The evidence that decided, by its mark in the ledger.' }) })),
  }).nullable().meta({ description: 'Null: nothing was assigned yet, as far as was known.' }),
  waivers: z.array(z.object({ requirement: z.string().nullable(), from: Day, until: Day, state: z.string() })),
  credentials: z.array(z.object({ number: z.string(), state: z.string(), issuedAt: At })), starts: z.array(z.object({ startedOn: Day, state: z.string(), basis: z.string() })),
}));

const ToldState = named('ClearanceState', 'What is told of a clearance when it changes.', z.object({ status: STATUS, mayStartOn: DayOrNull, until: DayOrNull, withdrawnOn: DayOrNull, suspendedOn: DayOrNull, expiredOn: DayOrNull }));
export const ChangedClearance = named('ClearanceChange', 'That a clearance was assigned, changed or ended. Of one person, a higher `sequence` is later.', z.object({
  id: Id, sequence: z.number().int(), at: At, kind: z.enum(CHANGE_KINDS), clearanceId: Id, appointmentId: Id, person: Who, organisation: Unit,
  programme: z.object({ slug: z.string(), title: Words }), gate: z.enum(GATES), cycle: z.number().int(), before: ToldState.nullable(), after: ToldState.nullable(),
}));
export const ChangesQuestion = z.strictObject({
  cursor: Cursor.optional(), since: At.optional().meta({ description: 'Without a cursor: begin with the first change since this instant. Without both: at the beginning.' }), limit: Limit.optional(),
});
export const ChangesAnswer = named('ClearanceChangePage', 'Changes in their order. `next` is never null: ask again with it later for what comes.', z.object({ items: z.array(ChangedClearance), next: z.string(), more: z.boolean() }));

export const StartQuestion = named('StartOfWork', 'That somebody started on a day.', z.strictObject({ appointmentId: Id, startedOn: Day }));
export const StartAnswer = named('RecordedStart', 'The start as it is recorded.', z.object({ id: Id, appointmentId: Id, startedOn: Day }));

export const PeopleQuestion = z.strictObject({
  number: z.string().min(1).max(40).optional().meta({ description: 'Staff number, recruitment number or identity number.' }), organisation: Code.optional(), limit: Limit.optional(), cursor: Cursor.optional(),
});
const Appointment = named('Appointment', 'A post that somebody has.', z.object({
  id: Id, organisation: Unit, kind: z.enum(APPOINTMENT_KINDS), nature: z.enum(['main', 'concurrent', 'secondment']), post: z.string(), rank: z.string().nullable(), startOfDuty: Day, endsOn: DayOrNull, startedOn: DayOrNull,
}));
export const PeopleAnswer = page('PersonPage', named('Person', 'A person with the appointments that run and lie in scope.', Who.extend({ appointments: z.array(Appointment) })));

export const PagedQuestion = z.strictObject({ limit: Limit.optional(), cursor: Cursor.optional() });
export const OrganisationsAnswer = page('OrganisationPage', named('Organisation', 'An organisation of the tree.', Unit.extend({ parentId: Id.nullable(), closedOn: DayOrNull })));
export const ProgrammesAnswer = page('ProgrammePage', named('Programme', 'A programme in the version that is in force.', z.object({
  slug: z.string(), title: Words, gate: z.enum(GATES), version: z.number().int(), effectiveOn: Day, requirements: z.array(z.object({ code: z.string(), kind: z.enum(REQUIREMENT_KINDS), title: Words })),
})));
export const SittingsAnswer = page('SittingPage', named('Sitting', 'A sitting that is planned and not over.', z.object({
  id: Id, code: z.string(), title: z.string(), exam: z.object({ slug: z.string(), title: Words }), organisation: Unit, startsAt: At, endsAt: At, bookUntil: At, place: z.enum(['rooms', 'remote']),
  booking: z.enum(['assigned', 'self']), capacity: z.number().int(), booked: z.number().int(),
})));

export const ProblemAnswer = named('Problem', 'What went wrong (RFC 9457).', z.object({
  type: z.string(), title: z.string(), status: z.number().int(), detail: z.string(), code: z.string(), instance: z.string(),
  errors: z.array(z.object({
    detail: z.string(), pointer: z.string().optional().meta({ description: 'The field of the body, as a JSON pointer.' }), parameter: z.string().optional().meta({ description: 'The parameter of the address or header.' }),
  })).optional(),
}));
