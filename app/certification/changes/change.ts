import type { Clearance } from '../clearance';
import type { KeptClearance } from '../known';

export const CHANGE_KINDS = ['assigned', 'changed', 'ended'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What other systems are told of a clearance; days as `YYYY-MM-DD`. */
export type ToldState = Pick<KeptClearance, 'mayStartOn' | 'until' | 'withdrawnOn' | 'suspendedOn' | 'expiredOn'> & { status: Clearance['status'] };

export const toldState = ({ status, mayStartOn, until, withdrawnOn, suspendedOn, expiredOn }: ToldState): ToldState =>
  ({ status, mayStartOn, until, withdrawnOn, suspendedOn, expiredOn });

export interface FreshChange {
  assignmentId: string;
  personId: string;
  kind: ChangeKind;
  before: ToldState | null;
  after: ToldState | null;
}

/** What there is to tell when a clearance that was `before` (null: not there) is `next`; null: nothing that others would see. */
export function changeOf(before: KeptClearance | null, next: KeptClearance): FreshChange | null {
  const { assignmentId, personId } = next;
  const after = toldState(next);
  if (before === null) return { assignmentId, personId, kind: 'assigned', before: null, after };
  const former = toldState(before);
  return JSON.stringify(former) === JSON.stringify(after) ? null : { assignmentId, personId, kind: 'changed', before: former, after };
}
