import { addDays, dateAt, type PlainDate } from '~/kernel/calendar';
import type { ClearanceInput } from './clearance';
import type { Evidence } from './evidence';
import { isMetOn, judged, type Dated, type Judged } from './outcome';
import type { Tree, Validity } from './requirement';
import { isNodeMet, nodeOf, type TreeNode } from './requirement-tree';
import { limitBy, type Limit } from './validity/limits';
import { expiryOf } from './validity/validity';
import type { GrantedWaiver, Suspension, Withdrawal } from './withdrawal';

const ALL: Tree = { kind: 'all' };
const FOR_EVER: Validity = { kind: 'for-ever' };

/** Days, the first and the last included; `until` null: no end. */
export interface Span {
  from: PlainDate;
  until: PlainDate | null;
}

export const covers = ({ from, until }: Span, day: PlainDate): boolean => from <= day && (until === null || day <= until);

/** What evidence says while the same results are annulled. */
export interface Regime {
  from: PlainDate;
  judged: Judged[];
  completedOn: PlainDate | null;
  ruleExpiry: PlainDate | null;
}

/** Everything that had taken effect by the day asked about, with its days. */
export interface Known {
  input: ClearanceInput;
  tree: TreeNode;
  /** By when they begin; the first has begun always. */
  regimes: [Regime, ...Regime[]];
  withdrawals: { on: PlainDate; at: number; lifted: Withdrawal['lifted'] }[];
  suspensions: (Span & { at: number })[];
  extensions: { on: PlainDate; until: PlainDate }[];
  limits: Limit[];
  /** The one that ends first comes first. */
  waivers: (GrantedWaiver & { counts: { from: PlainDate; until: PlainDate } })[];
}

export function whatIsKnown(input: ClearanceInput): Known {
  const { on, zone } = input;
  const tree = nodeOf(input.tree ?? ALL, input.requirements.map(({ code }) => code));
  const withdrawals = (input.withdrawals ?? []).map(({ at, lifted }) => ({ at, on: dateAt(at, zone), lifted }))
    .filter((one) => one.on <= on).sort((a, b) => a.at - b.at);
  const shown = shownBy(input);
  const regimes = withdrawals.filter(({ lifted }) => lifted === 'later-result')
    .map(({ at, on: from }) => regimeOf(input, tree, from, shown.filter(({ evidence }) => evidence.kind !== 'exam-result' || evidence.at > at)));
  return {
    input, tree, withdrawals, regimes: [regimeOf(input, tree, '', shown), ...regimes],
    suspensions: (input.suspensions ?? []).flatMap((one) => restsFrom(one, on, zone)).sort((a, b) => a.at - b.at),
    extensions: (input.extensions ?? []).map(({ at, until }) => ({ on: dateAt(at, zone), until })).filter((one) => one.on <= on),
    limits: (input.limits ?? []).flatMap((one) => limitBy(one, input.evidence, { on, zone }) ?? []),
    waivers: (input.waivers ?? []).flatMap((one) => {
      const counts = spanOfWaiver(one, zone, on);
      return counts ? [{ ...one, counts }] : [];
    }).sort((a, b) => compare(a.counts.until, b.counts.until) || compare(a.id, b.id)),
  };
}

/** All assignments of a person are judged by the same evidence: it is dated and brought in order once. */
const dated = new WeakMap<readonly Evidence[], { zone: string; pieces: number; all: readonly Dated[] }>();

function datedIn(evidence: readonly Evidence[], zone: string): readonly Dated[] {
  const known = dated.get(evidence);
  if (known?.zone === zone && known.pieces === evidence.length) return known.all;
  const all = evidence.filter(({ facts }) => facts.void !== true).map((one) => ({ evidence: one, on: dateAt(one.at, zone) })).sort(byTime);
  dated.set(evidence, { zone, pieces: evidence.length, all });
  return all;
}

const shownBy = ({ evidence, countsFrom = null, on, zone }: ClearanceInput): Dated[] =>
  datedIn(evidence, zone).filter((one) => one.on <= on && (countsFrom === null || one.on >= countsFrom));

/** Ties are broken by content, so that the order of arrival never matters. */
const byTime = ({ evidence: a }: Dated, { evidence: b }: Dated): number =>
  a.at - b.at || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0);

function regimeOf({ requirements, validity = FOR_EVER, lastExpiry = null }: ClearanceInput, tree: TreeNode, from: PlainDate, shown: readonly Dated[]): Regime {
  const each = requirements.map((requirement) => judged(requirement, shown));
  const completedOn = begins(each).find((day) => isMetBy(tree, each, day)) ?? null;
  return { from, judged: each, completedOn, ruleExpiry: completedOn === null ? null : expiryOf({ validity, completedOn, lastExpiry }) };
}

/** The days on which something begins to count, in order. */
function begins(each: readonly Judged[]): PlainDate[] {
  const days = new Set<PlainDate>();
  for (const { pieces } of each) for (const one of pieces) if (one.counts) days.add(one.on);
  return [...days].sort();
}

export const isMetBy = (tree: TreeNode, each: readonly Judged[], day: PlainDate): boolean =>
  isNodeMet(tree, (index) => {
    const one = each[index];
    return one !== undefined && isMetOn(one, day);
  });

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** From the day of the suspension to the one before it was reinstated. */
function restsFrom({ from: at, until }: Suspension, on: PlainDate, zone: string): (Span & { at: number })[] {
  const from = dateAt(at, zone);
  const back = until === null ? null : dateAt(until, zone);
  if (from > on || back === from) return [];
  return [{ at, from, until: back === null || back > on ? null : addDays(back, -1) }];
}

/** The days on which a waiver counts, as far as known on `on`; null: none. It never counts before it was decided. */
export function spanOfWaiver({ from, until, grantedAt, revokedAt = null }: GrantedWaiver, zone: string, on: PlainDate): { from: PlainDate; until: PlainDate } | null {
  const granted = grantedAt === undefined ? from : dateAt(grantedAt, zone);
  if (grantedAt !== undefined && granted > on) return null;
  const revoked = revokedAt === null ? null : dateAt(revokedAt, zone);
  const first = granted > from ? granted : from;
  const last = revoked !== null && revoked <= on && revoked < until ? revoked : until;
  return last < first ? null : { from: first, until: last };
}

/** Every day on which the answer can turn, in order. */
export function turningDays({ input, regimes, withdrawals, suspensions, extensions, limits, waivers }: Known): PlainDate[] {
  const days = new Set<PlainDate>([input.startOfDuty]);
  for (const { judged: each, ruleExpiry } of regimes) {
    for (const { pieces } of each) for (const piece of pieces) if (piece.counts) turn(days, piece.on, piece.until);
    if (ruleExpiry !== null) days.add(addDays(ruleExpiry, 1));
  }
  for (const { on } of withdrawals) days.add(on);
  for (const { from, until } of suspensions) turn(days, from, until);
  for (const { counts } of waivers) turn(days, counts.from, counts.until);
  for (const { on, until } of extensions) turn(days, on, until);
  for (const { until, liftedOn } of limits) turn(days, liftedOn ?? until, until);
  return [...days].sort();
}

function turn(days: Set<PlainDate>, from: PlainDate, until: PlainDate | null): void {
  days.add(from);
  if (until !== null) days.add(addDays(until, 1));
}
