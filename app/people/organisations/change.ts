import { covers } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import { err, ok, type Result } from '~/kernel/result';
import type { Organisation } from '../organisation.repository';

/**
 * move 隶属变动: the organisation and everything beneath it goes under another one. merge 并入: it goes into another one and is closed.
 * close 撤销: it is empty on the day and closed; its target is the superior, in whose care its records stay.
 */
export const CHANGE_KINDS = ['move', 'merge', 'close'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What becomes of the roles that are held over an organisation that is merged: `keep` is for moves, where they stay as they are. */
export const ROLE_FATES = ['end', 'carry'] as const;
export type RoleFate = 'keep' | (typeof ROLE_FATES)[number];

/** Another change that is planned, as far as it can stand in the way. */
export interface PlannedBeside {
  kind: ChangeKind;
  organisationId: string;
  targetId: string;
  effectiveOn: PlainDate;
}

export interface ChangeQuestion {
  kind: ChangeKind;
  unit: Organisation;
  target: Organisation;
  effectiveOn: PlainDate;
  beside: readonly PlannedBeside[];
}

/** Whether an organisation can be moved under another one or merged into it; the sentence why not stands beside the field it is about. */
export function mayChange({ kind, unit, target, effectiveOn, beside }: ChangeQuestion): Result<null> {
  if (unit.parentId === null) return err('organisation.root');
  if (unit.closedOn !== null) return err('organisation.closed', { name: unit.name });
  if (kind !== 'close') {
    const place = mayStandAt(kind, unit, target);
    if (!place.ok) return place;
  }
  if (beside.some((one) => one.organisationId === unit.id)) return err('organisation.change-planned', { name: unit.name });
  const leaves = beside.find((one) => kind !== 'close' && one.kind !== 'move' && one.organisationId === target.id && one.effectiveOn <= effectiveOn);
  if (leaves) return err('organisation.target-leaves', { name: target.name }, 'targetId');
  const awaits = beside.some((one) => one.kind !== 'close' && one.targetId === unit.id);
  return kind !== 'move' && awaits ? err('organisation.awaits-others', { name: unit.name }) : ok(null);
}

function mayStandAt(kind: ChangeKind, unit: Organisation, target: Organisation): Result<null> {
  if (target.closedOn !== null) return err('organisation.closed', { name: target.name }, 'targetId');
  if (covers(unit.path, target.path)) return err('organisation.own-subtree', { name: unit.name }, 'targetId');
  return kind === 'move' && unit.parentId === target.id ? err('organisation.same-parent', { name: target.name }, 'targetId') : ok(null);
}
