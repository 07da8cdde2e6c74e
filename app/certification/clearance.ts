import { addDays, dateAt, type PlainDate } from '~/kernel/calendar';
import { covers, isMetBy, turningDays, whatIsKnown, type Known, type Regime } from './clearance-facts';
import { isMetOn, outcomeOn, type RequirementOutcome } from './outcome';
import type { Evidence } from './evidence';
import type { Requirement, Tree, Validity } from './requirement';
import { isNodeMet, progressIn } from './requirement-tree';
import { stands, type LawLimit } from './validity/limits';
import type { Extension, GrantedWaiver, Suspension, Withdrawal } from './withdrawal';

export { spanOfWaiver } from './clearance-facts';
export type { Evidence, EvidenceKind } from './evidence';
export { SHOWN_BY } from './evidence';
export type { Reason, RequirementOutcome } from './outcome';
export { OUTCOME_REASONS } from './outcome';
export type { Requirement, RequirementKind } from './requirement';

/** Days on which work is permitted, the first and the last included; `until` null: no end. */
export interface PermissionPeriod {
  from: PlainDate;
  until: PlainDate | null;
  basis: 'evidence' | 'waiver';
  /** The waiver that it rests on; of several, the one that ends first. */
  waiverId?: string | undefined;
}

export interface Clearance {
  /** The permission that is in force or comes next: by evidence, by a waiver, or none. */
  status: 'cleared' | 'waived' | 'not-cleared';
  /** The first day of that permission; null while something is missing. */
  mayStartOn: PlainDate | null;
  /** Its last day; null when it has no end, or there is none. */
  until: PlainDate | null;
  waiverId: string | null;
  /** Every permission there was, is and will be, as far as known, in order and without overlap. */
  periods: PermissionPeriod[];
  /** The day on which the permission was last taken back by revoking a credential; null when it was given again since. */
  withdrawnOn: PlainDate | null;
  /** Since when it rests because its credential is suspended; null when it does not. */
  suspendedOn: PlainDate | null;
  /** The last day of a permission by evidence that has run out; null when one is in force or it ended otherwise. */
  expiredOn: PlainDate | null;
  /** The last day, of the permission in force or of the one that ran out, when a change of law sets it; null: the rule does. */
  lawUntil: PlainDate | null;
  /** The day on which evidence met everything; null while it does not. */
  completedOn: PlainDate | null;
  /** The last day by the rule of validity, for the cycle after; null: no end, or not completed. */
  ruleExpiry: PlainDate | null;
  /** What is met by evidence, of what must be met. */
  done: number;
  total: number;
  requirements: RequirementOutcome[];
  /** The next day on which this answer may be another one without anything happening. */
  changesOn: PlainDate | null;
}

export interface ClearanceInput {
  requirements: readonly Requirement[];
  /** Default: all of them. */
  tree?: Tree | undefined;
  evidence: readonly Evidence[];
  waivers?: readonly GrantedWaiver[] | undefined;
  /** The revocations of credentials of this clearance, in any order. */
  withdrawals?: readonly Withdrawal[] | undefined;
  suspensions?: readonly Suspension[] | undefined;
  extensions?: readonly Extension[] | undefined;
  /** Ends by changes of law, which take effect only when they were imposed. */
  limits?: readonly LawLimit[] | undefined;
  startOfDuty: PlainDate;
  /** Evidence before this day belongs to an earlier cycle. */
  countsFrom?: PlainDate | null | undefined;
  /** Default: for ever. */
  validity?: Validity | undefined;
  /** The last day of the former cycle by its rule. */
  lastExpiry?: PlainDate | null | undefined;
  /** What takes effect on a later date does not count. */
  on: PlainDate;
  /** The deployment's zone, in which instants become dates. */
  zone: string;
}

/**
 * Whether somebody may work, since when and until when, and why (not). The tree of requirements must be met; each
 * counts from the earliest evidence that satisfies it, so that what is added later never takes a permission away.
 * Evidence permits from the later of the start of duty and the day on which the tree was met, until the validity or
 * a piece of evidence runs out, or a credential is revoked or suspended. Where evidence does not permit, a waiver may.
 */
export function clearance(input: ClearanceInput): Clearance {
  const known = whatIsKnown(input);
  const turns = turningDays(known);
  const periods = periodsOf(known, turns);
  const { on } = input;
  const current = periods.find(({ until }) => until === null || until >= on);
  const regime = regimeOn(known, on);
  const byEvidence = current?.basis === 'evidence';
  // Whoever's permission was taken back still sees what was shown; that it does not count is told by the withdrawal.
  const shown = byEvidence ? regime.judged : known.regimes[0].judged;
  const outcomes = shown.map((one) => withWaiver(outcomeOn(one, on), known, on));
  const lastEvidence = periods.filter(({ basis }) => basis === 'evidence').at(-1);
  const withdrawnOn = byEvidence ? null : withdrawnDay(known, lastEvidence?.until ?? null);
  const suspendedOn = known.suspensions.find((one) => covers(one, on))?.from ?? null;
  const expiredOn = byEvidence || withdrawnOn !== null || suspendedOn !== null ? null : lastEvidence?.until ?? null;
  return {
    status: !current ? 'not-cleared' : byEvidence ? 'cleared' : 'waived',
    mayStartOn: current?.from ?? null, until: current?.until ?? null, waiverId: current?.waiverId ?? null,
    periods, withdrawnOn, suspendedOn, expiredOn, lawUntil: endByLaw(known, regime, byEvidence ? current.until : expiredOn),
    completedOn: regime.completedOn, ruleExpiry: regime.ruleExpiry,
    ...progressIn(known.tree, (index) => outcomes[index]?.state === 'met'),
    requirements: outcomes, changesOn: nextTurn(input, turns),
  };
}

const regimeOn = ({ regimes }: Known, day: PlainDate): Regime =>
  (regimes.length === 1 ? regimes[0] : regimes.filter(({ from }) => from <= day).at(-1) ?? regimes[0]);

function periodsOf(known: Known, turns: readonly PlainDate[]): PermissionPeriod[] {
  const periods: PermissionPeriod[] = [];
  let open: PermissionPeriod | null = null;
  for (const day of turns.filter((one) => one >= known.input.startOfDuty)) {
    const now = permissionOn(known, day);
    if (open && now && now.basis === open.basis && now.waiverId === open.waiverId) continue;
    if (open) periods.push({ ...open, until: addDays(day, -1) });
    open = now && { from: day, until: null, ...now };
  }
  return open ? [...periods, open] : periods;
}

function permissionOn(known: Known, day: PlainDate): Pick<PermissionPeriod, 'basis' | 'waiverId'> | null {
  const barred = barredSince(known, day);
  const regime = regimeOn(known, day);
  const expired = isExpired(known, regime, day);
  if (barred === null && !expired && isMetBy(known.tree, regime.judged, day)) return { basis: 'evidence' };
  const waivers = known.waivers.filter(({ counts }) => covers(counts, day));
  const whole = waivers.find((one) => one.requirementCode === null && (barred === null || (one.grantedAt ?? 0) > barred));
  if (whole) return { basis: 'waiver', waiverId: whole.id };
  if (barred !== null || expired) return null;
  const waiverId = waiverOfRequirements(known, regime, waivers, day);
  return waiverId === null ? null : { basis: 'waiver', waiverId };
}

/** The end itself when a change of law set it that nothing has lifted, and the rule alone would not have. */
const endByLaw = ({ limits }: Known, { ruleExpiry }: Regime, end: PlainDate | null): PlainDate | null =>
  (end !== null && end !== ruleExpiry && limits.some(({ until, liftedOn }) => until === end && liftedOn === null) ? end : null);

/** The instant since which no evidence permits: a final revocation, or a suspension that is in force. */
function barredSince({ withdrawals, suspensions }: Known, day: PlainDate): number | null {
  let since: number | null = null;
  for (const one of withdrawals) if (one.lifted === 'nothing' && one.on <= day) since = Math.max(since ?? one.at, one.at);
  for (const one of suspensions) if (covers(one, day)) since = Math.max(since ?? one.at, one.at);
  return since;
}

function isExpired({ extensions, limits }: Known, { completedOn, ruleExpiry }: Regime, day: PlainDate): boolean {
  if (limits.some((one) => stands(one, day))) return true;
  if (completedOn === null || ruleExpiry === null) return false;
  return ruleExpiry < day && !extensions.some((one) => one.on <= day && day <= one.until);
}

/** The waiver, of those that are needed beside the evidence, that ends first; null when they are not enough. */
function waiverOfRequirements({ tree }: Known, { judged: each }: Regime, waivers: Known['waivers'], day: PlainDate): string | null {
  if (waivers.length === 0) return null;
  const met = each.map((one) => isMetOn(one, day));
  const needed = waivers.filter(({ requirementCode: code }) => code !== null && each.some(({ requirement }, i) => requirement.code === code && met[i] !== true));
  const waived = each.map(({ requirement }) => needed.some(({ requirementCode }) => requirementCode === requirement.code));
  const enough = isNodeMet(tree, (index) => met[index] === true || waived[index] === true);
  return enough ? needed[0]?.id ?? null : null;
}

/** @param lastDay the last day on which evidence permitted, so that what was lifted since is not told any more */
function withdrawnDay({ withdrawals }: Known, lastDay: PlainDate | null): PlainDate | null {
  const last = withdrawals.find(({ lifted }) => lifted === 'nothing') ?? withdrawals.at(-1);
  return !last || (lastDay !== null && lastDay >= last.on) ? null : last.on;
}

/** A requirement that is not met while a waiver stands in for it says so. */
function withWaiver(outcome: RequirementOutcome, { waivers }: Known, day: PlainDate): RequirementOutcome {
  if (outcome.state === 'met') return outcome;
  const waiver = waivers.find(({ requirementCode, counts }) => requirementCode === outcome.code && covers(counts, day));
  return waiver ? { ...outcome, state: 'waived', reason: { code: 'requirement-waived', params: { untilOn: waiver.counts.until } } } : outcome;
}

/** Also what is known already to take effect after the day asked about. */
function nextTurn(input: ClearanceInput, turns: readonly PlainDate[]): PlainDate | null {
  const { on, evidence, waivers = [], withdrawals = [], suspensions = [], extensions = [], limits = [], zone } = input;
  let next = turns.find((day) => day > on) ?? null;
  const instants = [
    ...evidence.map(({ at }) => at), ...withdrawals.map(({ at }) => at), ...extensions.map(({ at }) => at),
    ...waivers.flatMap(({ grantedAt, revokedAt }) => [grantedAt, revokedAt]),
    ...suspensions.flatMap(({ from, until }) => [from, until]),
    ...limits.flatMap(({ at, cancelledAt }) => [at, cancelledAt]),
  ];
  for (const at of instants) {
    const day = at === null || at === undefined ? on : dateAt(at, zone);
    if (day > on && (next === null || day < next)) next = day;
  }
  return next;
}
