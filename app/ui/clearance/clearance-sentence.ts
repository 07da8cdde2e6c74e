import type { ClearanceView } from '~/certification';
import type { PlainDate } from '~/kernel/calendar';
import type { Text } from '~/text';

const FAMILY = { 'before-start-of-duty': 'sentence', 'before-confirmation': 'confirm', 'none': 'training' } as const;

export interface Told {
  view: Pick<ClearanceView, 'status' | 'mayStartOn' | 'until' | 'periods' | 'withdrawnOn' | 'suspendedOn' | 'expiredOn' | 'lawUntil' | 'done' | 'total'>;
  gate: keyof typeof FAMILY;
  on: PlainDate;
  dueOn: PlainDate;
  name: string;
}

/** The whole answer in one sentence, for the day that is looked at. */
export function clearanceSentence({ t, date }: Text, { view, gate, on, dueOn, name }: Told): string {
  const say = (what: Ending, params: Record<string, string | number> = {}) => t(`clearance.${FAMILY[gate]}.${what}`, { name, ...params });
  const inForce = view.periods.find(({ from, until }) => from <= on && (until === null || on <= until));
  if (inForce) {
    const params = { from: date(inForce.from), until: inForce.until === null ? '' : date(inForce.until) };
    if (inForce.basis === 'waiver') return say('waived', params);
    if (inForce.until === null) return say('cleared', params);
    return say(inForce.until === view.lawUntil ? 'cleared-until-law' : 'cleared-until', params);
  }
  if (view.suspendedOn !== null) return say('suspended', { on: date(view.suspendedOn) });
  if (view.withdrawnOn !== null) return say('withdrawn', { on: date(view.withdrawnOn) });
  if (view.status !== 'not-cleared' && view.mayStartOn !== null) {
    return say(view.status === 'waived' ? 'from-waived' : 'from', { from: date(view.mayStartOn), until: view.until === null ? '' : date(view.until) });
  }
  if (view.expiredOn !== null) return say(view.expiredOn === view.lawUntil ? 'over-law' : 'over', { until: date(view.expiredOn) });
  return say(dueOn < on ? 'not-overdue' : 'not', { open: view.total - view.done });
}

type Ending = 'cleared' | 'cleared-until' | 'cleared-until-law' | 'waived' | 'from' | 'from-waived' | 'over' | 'over-law' | 'withdrawn' | 'suspended' | 'not' | 'not-overdue';
