import { z } from 'zod';
import { json, reader, rows } from '~/db';
import { addDays, addMonths, addWorkingDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';

/**
 * A second reading of the ledger, by which reports are tested: it knows no table but the ledger, and nothing of how the
 * program judges. Where the program reckons with periods, this goes from day to day.
 */
export const ZONE = 'Asia/Shanghai';

const EventRow = z.object({
  kind: z.string(), subject_id: z.string(), person_id: z.string().nullable(), at: z.number(), recorded_at: z.number(), cause: z.string().nullable(), body: json(z.record(z.string(), z.unknown())),
});
export type Told = z.infer<typeof EventRow>;

const APPOINTED = new Set(['person.appointed', 'assignment.made']);

/** All of it. Where two records were found to be one person's, what the second one was appointed to, and must do for it, is the first one's. */
export async function wholeLedger(): Promise<Told[]> {
  const events = await rows(reader(), EventRow, 'SELECT kind, subject_id, person_id, at, recorded_at, cause, body FROM ledger_events ORDER BY recorded_at, id');
  const survivors = new Map<string, string>();
  for (const { kind, subject_id: id, body } of events) {
    if (kind === 'person.merged') survivors.set(id, text(body, 'survivorId'));
    if (kind === 'person.parted') survivors.delete(id);
  }
  return events.map((event) => (APPOINTED.has(event.kind) ? { ...event, person_id: survivors.get(event.person_id ?? '') ?? event.person_id } : event));
}

const day = (at: number): PlainDate => dateAt(at, ZONE);
const text = (body: Told['body'], name: string): string => z.string().parse(body[name]);
const maybe = (body: Told['body'], name: string): string | null => z.string().nullish().parse(body[name]) ?? null;
const number = (body: Told['body'], name: string): number => z.number().parse(body[name]);

export interface TheAppointment {
  id: string;
  personId: string;
  organisationId: string;
  kind: string;
  startOfDuty: PlainDate;
  intakeId: string | null;
}

/** Whoever served on the day, or had been appointed by then and not left. */
export function appointmentsOn(ledger: readonly Told[], on: PlainDate): TheAppointment[] {
  const end = startOfDate(addDays(on, 1), ZONE);
  const ended = new Map(ledger.filter(({ kind }) => kind === 'appointment.ended' || kind === 'appointment.end-planned').map(({ subject_id: id, body }) => [id, maybe(body, 'endedOn') ?? maybe(body, 'endsOn') ?? '']));
  return ledger.filter(({ kind }) => kind === 'person.appointed').map(({ subject_id: id, person_id: personId, at, body }) => ({
    id, personId: personId ?? '', at, organisationId: text(body, 'organisationId'), kind: text(body, 'kind'), startOfDuty: text(body, 'startOfDuty'), intakeId: maybe(body, 'intakeId'),
  })).filter((one) => (one.at < end || one.startOfDuty <= on) && !((ended.get(one.id) ?? '9999') < on));
}

/** The organisation right beneath the root under which each lies; the root itself under itself. */
export function headsOf(ledger: readonly Told[]): Map<string, string> {
  const parents = new Map(ledger.filter(({ kind }) => kind === 'organisation.created').map(({ subject_id: id, body }) => [id, maybe(body, 'parentId')]));
  const headOf = (id: string): string => {
    const parent = parents.get(id) ?? null;
    return parent === null || (parents.get(parent) ?? null) === null ? id : headOf(parent);
  };
  return new Map([...parents.keys()].map((id) => [id, headOf(id)]));
}

export interface TheResult {
  personId: string;
  attemptId: string;
  percent: number;
  passed: boolean;
  releasedOn: PlainDate;
}

/** Results that were known on a day. */
export function resultsOn(ledger: readonly Told[], on: PlainDate): TheResult[] {
  const past = ledger.filter(({ at }) => day(at) <= on);
  const of = (kind: string) => past.filter((event) => event.kind === kind);
  const voided = new Set(of('attempt.voided').map(({ subject_id: id }) => id));
  const practice = new Set(ledger.filter(({ kind }) => kind === 'exam.practice-opened').map(({ body }) => maybe(body, 'practiceId')));
  return of('result.released').filter(({ subject_id: id }) => !voided.has(id)).flatMap(({ subject_id: attemptId, person_id: personId, at }) => {
    const marks = past.filter(({ kind, subject_id: id }) => id === attemptId && (kind === 'attempt.graded' || kind === 'attempt.regraded'));
    const last = marks.at(-1);
    if (!last || practice.has(maybe(last.body, 'examId'))) return [];
    const figures = z.object({ percent: z.number(), passed: z.boolean() }).parse(last.kind === 'attempt.graded' ? last.body : last.body['after']);
    return [{ personId: personId ?? '', attemptId, releasedOn: day(at), ...figures }];
  });
}

export interface TheEnrolment {
  personId: string;
  courseId: string;
  enrolledOn: PlainDate;
  completedOn: PlainDate | null;
  lessonsRead: number;
}

export function enrolmentsOn(ledger: readonly Told[], on: PlainDate): TheEnrolment[] {
  const past = ledger.filter(({ at }) => day(at) <= on);
  return past.filter(({ kind }) => kind === 'enrolment.made').map(({ subject_id: id, person_id: personId, at, body }) => {
    const own = past.filter((event) => event.subject_id === id);
    const completed = own.find(({ kind }) => kind === 'course.completed');
    return {
      personId: personId ?? '', courseId: text(body, 'courseId'), enrolledOn: day(at), completedOn: completed ? day(completed.at) : null,
      lessonsRead: new Set(own.filter(({ kind }) => kind === 'lesson.read').map((event) => text(event.body, 'lesson'))).size,
    };
  });
}

interface TheHours {
  kind: string;
  year: number;
  hundredths: number;
  counts: boolean;
}

/** What somebody learned up to a day, each entry with the worth that it had then. */
function hourEntriesOn(ledger: readonly Told[], personId: string, on: PlainDate): TheHours[] {
  const own = ledger.filter((event) => event.person_id === personId);
  return own.filter(({ kind, at }) => (kind === 'hours.entered' || kind === 'hours.adjusted') && day(at) <= on).map((entered) => {
    const later = own.filter((event) => event.subject_id === entered.subject_id && day(event.recorded_at) <= on && event.recorded_at >= entered.recorded_at);
    const recounted = later.filter(({ kind }) => kind === 'hours.recomputed').at(-1);
    const annulled = later.some(({ kind, body }) => kind === 'hours.annulled' && body['held'] !== true);
    return {
      kind: maybe(entered.body, 'kind') ?? maybe(entered.body, 'countsAs') ?? '', year: number(entered.body, 'year'),
      hundredths: recounted ? number(recounted.body, 'after') : number(entered.body, 'hundredths'), counts: !annulled && entered.body['held'] !== true,
    };
  }).filter(({ counts }) => counts);
}

/** The hours of a year up to a day, and whether every target is reached, by the national rule as it reads. */
export function hoursOf(ledger: readonly Told[], personId: string, on: PlainDate, isLeader: boolean): { hundredths: number; reached: boolean } {
  const entries = hourEntriesOn(ledger, personId, on);
  const year = Number(on.slice(0, 4));
  const sum = (kinds: readonly string[], from = year): number => entries.filter((one) => one.year >= from && one.year <= year && kinds.includes(one.kind)).reduce((all, one) => all + one.hundredths, 0);
  const online = sum(['online-course', 'exam-passed']) >= 5000;
  const concentrated = ['classroom', 'transfer'];
  // A day of class is seven and a half hours, a month 22 such days.
  const days = (from = year): number => sum(['classroom'], from) / 750;
  const period = 2023 + Math.floor((year - 2023) / 5) * 5;
  const reached = isLeader ? days(period) >= 66 || sum(concentrated, period) >= 55_000 : days() >= 12 || sum(concentrated) >= 9000;
  return { hundredths: entries.filter((one) => one.year === year).reduce((all, one) => all + one.hundredths, 0), reached: reached && online };
}

const Tree: z.ZodType<TheTree> = z.lazy(() => z.object({ kind: z.enum(['requirement', 'all', 'any', 'some']), code: z.string().optional(), least: z.number().optional(), of: z.array(Tree).optional() }));
interface TheTree { kind: 'requirement' | 'all' | 'any' | 'some'; code?: string | undefined; least?: number | undefined; of?: TheTree[] | undefined }

const Requirement = z.object({
  code: z.string(), kind: z.string(), targetId: z.string(),
  params: z.object({ cutScore: z.number().optional(), hundredths: z.number().optional(), window: z.object({ kind: z.string(), months: z.number().optional() }).optional() }).loose().optional(),
});
const Plan = z.object({
  startOfDuty: z.string(), dueOn: z.string(), appointmentId: z.string().optional(), gate: z.string().optional(), countsFrom: z.string().nullish(), cycle: z.number().optional(),
  requirements: z.array(Requirement).optional(), tree: Tree.optional(),
  validity: z.object({ kind: z.string(), period: z.object({ count: z.number(), unit: z.string() }).optional() }).loose().optional(), follows: z.string().nullish(),
});

const EVIDENCE: Record<string, string> = {
  course: 'course-completion', exam: 'exam-result', credential: 'credential', hours: 'hours', event: 'event-attendance', external: 'external', declaration: 'declaration',
};

export interface TheStanding {
  assignmentId: string;
  personId: string;
  appointmentId: string;
  gate: string;
  cycle: number;
  startOfDuty: PlainDate;
  dueOn: PlainDate;
  state: 'may-start' | 'under-waiver' | 'revoked' | 'suspended' | 'expired' | 'overdue' | 'not-yet';
}

/** How every assignment stood on a day: whether anything permits on that day or on any day to come, by what was known then. */
export function standingsOn(ledger: readonly Told[], on: PlainDate): TheStanding[] {
  const past = ledger.filter(({ at }) => day(at) <= on);
  const gone = new Set(past.filter(({ kind }) => kind === 'assignment.ended').map(({ subject_id: id }) => id));
  return past.filter(({ kind, subject_id: id }) => kind === 'assignment.made' && !gone.has(id)).map((made) => {
    const plans = past.filter(({ kind, subject_id: id }) => id === made.subject_id && (kind === 'assignment.made' || kind === 'assignment.replanned')).map(({ body }) => Plan.parse(body));
    const plan = plans.reduce((all, one) => ({ ...all, ...one }));
    return {
      assignmentId: made.subject_id, personId: made.person_id ?? '', appointmentId: plan.appointmentId ?? '', gate: plan.gate ?? 'before-start-of-duty', cycle: plan.cycle ?? 1,
      startOfDuty: plan.startOfDuty, dueOn: plan.dueOn, state: stateOn(past.filter(({ person_id: id }) => id === made.person_id), made.subject_id, plan, on),
    };
  });
}

function stateOn(own: readonly Told[], assignmentId: string, plan: z.infer<typeof Plan>, on: PlainDate): TheStanding['state'] {
  const permits = permissionBy(own, assignmentId, plan);
  for (let d = on, n = 0; n < 1200; d = addDays(d, 1), n += 1) {
    const by = permits(d);
    if (by !== null) return by === 'evidence' ? 'may-start' : 'under-waiver';
  }
  const acts = actsOn(own, assignmentId);
  let lastProved: PlainDate | null = null;
  for (let d = addDays(on, -1), n = 0; n < 400 && lastProved === null; d = addDays(d, -1), n += 1) if (permits(d) === 'evidence') lastProved = d;
  const revoked = acts.filter(({ kind }) => kind === 'credential.revoked').at(-1);
  if (revoked && (lastProved === null || lastProved < day(revoked.at))) return 'revoked';
  if (suspendedOn(acts, on)) return 'suspended';
  if (lastProved !== null) return 'expired';
  return plan.dueOn < on ? 'overdue' : 'not-yet';
}

const actsOn = (own: readonly Told[], assignmentId: string): Told[] => own.filter(({ kind, body }) => (kind.startsWith('credential.') || kind.startsWith('clearance.')) && body['assignmentId'] === assignmentId);

function suspendedOn(acts: readonly Told[], d: PlainDate): boolean {
  const last = acts.filter(({ kind, at }) => (kind === 'credential.suspended' || kind === 'credential.reinstated') && day(at) <= d).at(-1);
  return last?.kind === 'credential.suspended';
}

/** What permits on a day. Evidence and acts that are known count from their own days. */
function permissionBy(own: readonly Told[], assignmentId: string, plan: z.infer<typeof Plan>): (d: PlainDate) => 'evidence' | 'waiver' | null {
  const shown = latestEvidence(own).filter((one) => one.on >= (plan.countsFrom ?? ''));
  const acts = actsOn(own, assignmentId);
  const requirements = plan.requirements ?? [];
  const annulledAt = Math.max(-1, ...acts.filter(({ kind, body }) => kind === 'credential.revoked' && body['reason'] === 'result-annulled').map(({ at }) => at));
  const isMet = (code: string, d: PlainDate): boolean => {
    const wanted = requirements.find((one) => one.code === code);
    if (!wanted) return false;
    const fitting = shown.filter((one) => one.kind === EVIDENCE[wanted.kind] && one.targetId === wanted.targetId && one.on <= d && one.until >= d
      && (one.kind !== 'exam-result' || annulledAt < 0 || one.at > annulledAt || d < day(annulledAt)));
    if (wanted.kind === 'hours') {
      const months = wanted.params?.window?.months ?? 12;
      return fitting.filter((one) => d <= addMonths(one.on, months)).reduce((all, one) => all + one.hundredths, 0) >= (wanted.params?.hundredths ?? 1);
    }
    return fitting.some((one) => (wanted.params?.cutScore === undefined ? one.passed : one.percent >= wanted.params.cutScore));
  };
  const all: TheTree = { kind: 'all', of: requirements.map(({ code }) => ({ kind: 'requirement', code })) };
  const whole = (tree: TheTree): TheTree => (tree.kind === 'all' && !tree.of ? all : tree);
  const met = (tree: TheTree, is: (code: string) => boolean): boolean => {
    const { kind, code, of = [], least = 1 } = whole(tree);
    if (kind === 'requirement') return is(code ?? '');
    const n = of.filter((branch) => met(branch, is)).length;
    return of.length > 0 && n >= (kind === 'all' ? of.length : kind === 'any' ? 1 : least);
  };
  const tree = plan.tree ?? { kind: 'all' as const };
  const completedOn = [...new Set(shown.map((one) => one.on))].sort().find((d) => met(tree, (code) => isMet(code, d))) ?? null;
  const expiry = completedOn === null ? null : endOf(plan, completedOn);
  const waivers = own.filter(({ kind, body }) => kind === 'waiver.granted' && body['assignmentId'] === assignmentId).map(({ subject_id: id, at, body }) => {
    const revoked = own.find(({ kind, subject_id }) => kind === 'waiver.revoked' && subject_id === id);
    return { code: maybe(body, 'requirementCode'), at, from: [text(body, 'from'), day(at)].sort()[1] ?? '', until: [text(body, 'until'), revoked ? day(revoked.at) : '9999'].sort()[0] ?? '' };
  });
  const barred = (d: PlainDate): number => Math.max(-1, ...acts.filter((act) => act.kind === 'credential.revoked' && act.cause !== 'rule' && act.body['reason'] !== 'result-annulled' && day(act.at) <= d).map(({ at }) => at),
    ...(suspendedOn(acts, d) ? acts.filter(({ kind, at }) => kind === 'credential.suspended' && day(at) <= d).map(({ at }) => at) : []));
  const ended = (d: PlainDate): boolean => lawForbids(acts, shown, d)
    || (expiry !== null && expiry < d && !acts.some(({ kind, at, body }) => kind === 'credential.extended' && day(at) <= d && d <= text(body, 'until')));
  return (d) => {
    if (d < plan.startOfDuty) return null;
    const bar = barred(d);
    if (bar < 0 && !ended(d) && met(tree, (code) => isMet(code, d))) return 'evidence';
    const inForce = waivers.filter((one) => one.from <= d && d <= one.until);
    if (inForce.some((one) => one.code === null && one.at > bar)) return 'waiver';
    if (bar >= 0 || ended(d)) return null;
    return inForce.length > 0 && met(tree, (code) => isMet(code, d) || inForce.some((one) => one.code === code)) ? 'waiver' : null;
  };
}

interface Shown {
  kind: string;
  targetId: string;
  passed: boolean;
  percent: number;
  hundredths: number;
  on: PlainDate;
  at: number;
  until: PlainDate;
}

function latestEvidence(own: readonly Told[]): Shown[] {
  const latest = new Map<string, { revision: number; isVoid: boolean; shown: Shown }>();
  for (const { kind, at, body } of own) {
    if (kind !== 'evidence.recorded') continue;
    const facts = z.object({ percent: z.number().optional(), hundredths: z.number().optional(), revision: z.number().optional(), void: z.boolean().optional() }).loose().parse(body['facts']);
    const key = `${text(body, 'kind')} ${text(body, 'ref')}`;
    const revision = facts.revision ?? 0;
    if ((latest.get(key)?.revision ?? -1) >= revision) continue;
    latest.set(key, {
      revision, isVoid: facts.void === true,
      shown: {
        kind: text(body, 'kind'), targetId: text(body, 'targetId'), passed: z.boolean().parse(body['passed']), percent: facts.percent ?? 0, hundredths: Math.max(0, facts.hundredths ?? 0), on: day(at), at,
        until: maybe(body, 'validUntil') ?? '9999-12-31',
      },
    });
  }
  return [...latest.values()].filter(({ isVoid }) => !isVoid).map(({ shown }) => shown);
}

function endOf({ validity, follows }: z.infer<typeof Plan>, completedOn: PlainDate): PlainDate | null {
  if (!validity || validity.kind === 'for-ever') return null;
  const { count = 0, unit } = validity.period ?? {};
  if ((validity.kind !== 'from-completion' && validity.kind !== 'from-last-expiry') || (validity.kind === 'from-last-expiry' && follows)) throw new Error(`this reading knows no validity ${validity.kind}`);
  return unit === 'working-days' ? addWorkingDays(completedOn, count) : addMonths(completedOn, unit === 'years' ? count * 12 : count);
}

/** An end that a change of law set, unless what it asks was shown by then. */
function lawForbids(acts: readonly Told[], shown: readonly Shown[], d: PlainDate): boolean {
  return acts.filter(({ kind }) => kind === 'clearance.limited').some(({ at, subject_id: id, body }) => {
    if (d <= text(body, 'until')) return false;
    const cancelled = acts.find((one) => one.kind === 'clearance.limit-cancelled' && one.subject_id === id && one.at >= at);
    if (cancelled && day(cancelled.at) <= d) return false;
    const asked = z.array(z.object({ kind: z.string(), targetId: z.string() })).parse(body['requirements']);
    return !asked.every((one) => shown.some((piece) => piece.kind === EVIDENCE[one.kind] && piece.targetId === one.targetId && piece.passed && piece.on >= text(body, 'countsFrom') && piece.on <= d));
  });
}
