import { z } from 'zod';
import type { Instant } from '~/kernel/clock';
import { EVIDENCE_KINDS, Facts, type Evidence } from './evidence';
import type { KnownAssignment } from './known';
import { GATES, REQUIREMENT_KINDS, RequirementParams, Tree, Validity } from './requirement';
import type { LawLimit } from './validity/limits';
import { withdrawalBy, type Extension, type GrantedWaiver, type Suspension, type Withdrawal } from './withdrawal';

/** An event of the ledger, as far as clearances need it. */
export interface HistoryEvent {
  person_id: string;
  kind: string;
  subject_id: string;
  at: Instant;
  recorded_at: Instant;
  cause: string | null;
  body: unknown;
}

/** What happens to credentials, or by a change of law, and bears on a clearance. */
export const CREDENTIAL_KINDS = [
  'credential.revoked', 'credential.suspended', 'credential.reinstated', 'credential.extended', 'clearance.limited', 'clearance.limit-cancelled',
] as const;

/** The events that clearances are made of: nothing else decides. */
export const HISTORY_KINDS = [
  'assignment.made', 'assignment.replanned', 'assignment.ended', 'evidence.recorded', 'waiver.granted', 'waiver.revoked', ...CREDENTIAL_KINDS,
] as const;

const RequirementBody = z.object({ code: z.string(), kind: z.enum(REQUIREMENT_KINDS), targetId: z.string(), params: RequirementParams.optional() });

/** What `assignment.made` says; `assignment.replanned` says it again as far as it changed. */
export const PlanBody = z.object({
  version: z.number(), startOfDuty: z.string(), dueOn: z.string(),
  appointmentId: z.string().optional(), programmeVersionId: z.string().optional(), programmeId: z.string().optional(),
  cycle: z.number().optional(), follows: z.string().nullish(), countsFrom: z.string().nullish(),
  gate: z.enum(GATES).optional(), requirements: z.array(RequirementBody).optional(), tree: Tree.optional(), validity: Validity.optional(),
});
export type PlanBody = z.infer<typeof PlanBody>;

const EndBody = z.object({ version: z.number() });
const EvidenceBody = z.object({
  kind: z.enum(EVIDENCE_KINDS), ref: z.string(), targetId: z.string(), passed: z.boolean(), validUntil: z.string().nullish(), facts: Facts,
});
const WaiverBody = z.object({ assignmentId: z.string(), requirementCode: z.string().nullish(), from: z.string(), until: z.string() });
const CredentialBody = z.object({ assignmentId: z.string(), reason: z.string().optional(), until: z.string().nullish() });

/** One person's assignments with everything that counts for them, from events alone, in whatever order they come. */
export function assignmentsIn(history: readonly HistoryEvent[]): KnownAssignment[] {
  const evidence = evidenceIn(history);
  const acts = actsIn(history);
  const waivers = waiversIn(history);
  const ids = [...new Set(history.flatMap((event) => (event.kind === 'assignment.made' ? [event.subject_id] : [])))];
  return ids.flatMap((id) => {
    const one = assignmentIn(history.filter((event) => event.subject_id === id && event.kind.startsWith('assignment.')));
    return one === null ? [] : [{ ...one, id, input: { ...one.input, ...(acts.get(id) ?? NO_ACTS), waivers: waivers.get(id) ?? [], evidence } }];
  });
}

type Plan = Omit<KnownAssignment, 'id' | 'input'> & { input: Omit<KnownAssignment['input'], 'evidence' | 'waivers' | 'withdrawals' | 'suspensions' | 'extensions' | 'limits'> };

function assignmentIn(events: readonly HistoryEvent[]): Plan | null {
  const plans = events.filter(({ kind }) => kind !== 'assignment.ended').map((event) => ({ event, body: PlanBody.parse(event.body) }))
    .sort((a, b) => a.body.version - b.body.version);
  const [first] = plans;
  const last = plans.at(-1);
  if (!first || !last) return null;
  const said = plans.reduce<Partial<PlanBody>>((all, { body }) => ({ ...all, ...given(body) }), {});
  if (!said.requirements) return null;
  const endings = events.filter(({ kind }) => kind === 'assignment.ended').map((event) => ({ at: event.at, version: EndBody.parse(event.body).version }));
  const end = endings.find(({ version }) => version > last.body.version);
  return {
    personId: first.event.person_id, appointmentId: said.appointmentId ?? '', programmeVersionId: said.programmeVersionId ?? '',
    programmeId: said.programmeId ?? said.programmeVersionId ?? '', cycle: said.cycle ?? 1, follows: said.follows ?? null,
    madeAt: first.event.at, endedAt: end?.at ?? null,
    input: {
      gate: said.gate ?? 'before-start-of-duty', dueOn: last.body.dueOn, startOfDuty: last.body.startOfDuty, countsFrom: said.countsFrom ?? null,
      requirements: said.requirements, tree: said.tree ?? { kind: 'all' }, validity: said.validity ?? { kind: 'for-ever' },
    },
  };
}

const given = (body: PlanBody): Partial<PlanBody> => Object.fromEntries((Object.entries(body) as [string, unknown][]).filter(([, value]) => value !== undefined));

/** Evidence that was changed is in the ledger each time; its last revision counts. */
function evidenceIn(history: readonly HistoryEvent[]): Evidence[] {
  const latest = new Map<string, Evidence>();
  for (const event of history) {
    if (event.kind !== 'evidence.recorded') continue;
    const { validUntil = null, ...body } = EvidenceBody.parse(event.body);
    const known = latest.get(`${body.kind} ${body.ref}`);
    if (!known || (known.facts.revision ?? 0) < (body.facts.revision ?? 0)) latest.set(`${body.kind} ${body.ref}`, { ...body, validUntil, at: event.at });
  }
  return [...latest.values()];
}

function waiversIn(history: readonly HistoryEvent[]): Map<string, GrantedWaiver[]> {
  const revoked = new Map(history.flatMap((event) => (event.kind === 'waiver.revoked' ? [[event.subject_id, event.at] as const] : [])));
  const found = new Map<string, GrantedWaiver[]>();
  for (const event of history) {
    if (event.kind !== 'waiver.granted') continue;
    const { assignmentId, requirementCode = null, from, until } = WaiverBody.parse(event.body);
    add(found, assignmentId, { id: event.subject_id, requirementCode, from, until, grantedAt: event.at, revokedAt: revoked.get(event.subject_id) ?? null });
  }
  return found;
}

export interface CredentialActs {
  withdrawals: Withdrawal[];
  suspensions: Suspension[];
  extensions: Extension[];
  limits: LawLimit[];
}

export const NO_ACTS: CredentialActs = { withdrawals: [], suspensions: [], extensions: [], limits: [] };

/** What was done to the credentials of each assignment. */
export function actsIn(history: readonly HistoryEvent[]): Map<string, CredentialActs> {
  const found = new Map<string, CredentialActs>();
  const ends = history.filter(({ kind }) => kind === 'credential.reinstated' || kind === 'credential.revoked');
  for (const event of history) {
    if (!CREDENTIAL_KINDS.some((kind) => kind === event.kind)) continue;
    const { assignmentId, reason = '', until = null } = CredentialBody.parse(event.body);
    const acts = found.get(assignmentId) ?? { withdrawals: [], suspensions: [], extensions: [], limits: [] };
    found.set(assignmentId, acts);
    if (event.kind === 'credential.revoked') acts.withdrawals.push(withdrawalBy(event.at, event.cause === 'rule' ? 'rule' : 'personnel', reason));
    if (event.kind === 'credential.suspended') acts.suspensions.push({ from: event.at, until: firstAfter(ends, event) });
    if (event.kind === 'credential.extended' && until !== null) acts.extensions.push({ at: event.at, until });
    if (event.kind === 'clearance.limited') acts.limits.push(limitIn(event, history));
  }
  return found;
}

const LimitBody = z.object({ recertificationId: z.string(), until: z.string(), countsFrom: z.string(), requirements: z.array(RequirementBody) });
const LimitCancelledBody = z.object({ recertificationId: z.string() });

function limitIn({ subject_id, at, body }: HistoryEvent, history: readonly HistoryEvent[]): LawLimit {
  const { recertificationId, ...limit } = LimitBody.parse(body);
  const cancelled = history.find((one) => one.kind === 'clearance.limit-cancelled' && one.subject_id === subject_id
    && LimitCancelledBody.parse(one.body).recertificationId === recertificationId);
  return { ...limit, at, cancelledAt: cancelled?.at ?? null };
}

/** A suspension lasts until its credential is reinstated, or revoked, which then says what follows. */
function firstAfter(ends: readonly HistoryEvent[], { subject_id, at }: HistoryEvent): Instant | null {
  const later = ends.filter((one) => one.subject_id === subject_id && one.at >= at).map((one) => one.at);
  return later.length === 0 ? null : Math.min(...later);
}

function add<Value>(to: Map<string, Value[]>, key: string, value: Value): void {
  const list = to.get(key);
  if (list) list.push(value);
  else to.set(key, [value]);
}

