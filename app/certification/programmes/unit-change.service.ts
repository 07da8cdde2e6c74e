import { reader } from '~/db';
import { covers, type Actor, type Role } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { ok, type Result } from '~/kernel/result';
import { figuresBeneath, figuresOf, judgeChange, rolesReaching, type ChangeGiven, type HeldRoleRow, type OrganisationFigures } from '~/people';
import { placingEffects, type PlacingEffect } from './align.service';

/** Whose scope becomes another: `loses` what moves away, `gains` what arrives, `ends`, or is `carried` over to the receiving organisation. */
export interface RoleEffect {
  role: Role;
  holder: string;
  organisation: string;
  effect: 'loses' | 'gains' | 'ends' | 'carried';
}

export interface UnitChangePreview {
  unit: string;
  target: string;
  figures: OrganisationFigures;
  roles: RoleEffect[];
  programmes: PlacingEffect[];
}

/** What a move, a merger or a closing would do as things stand, or why it cannot be. @throws ProblemError */
export async function previewUnitChange(actor: Actor, given: ChangeGiven, now: Instant): Promise<Result<UnitChangePreview>> {
  const from = reader();
  const judged = await judgeChange(from, actor, given, now);
  if (!judged.ok) return judged;
  const { unit, target } = judged.value;
  const to = given.kind === 'move' ? `${target.path}${unit.id}/` : target.path;
  const before = await rolesReaching(from, unit.path);
  const own = before.filter((one) => one.organisation_id === unit.id);
  return ok({
    unit: unit.name, target: target.name,
    figures: given.kind === 'close' ? await figuresOf(from, unit.path) : await figuresBeneath(from, unit.path),
    roles: [
      ...(given.kind === 'move' ? [] : own.map(effect(given.kind === 'merge' && given.roles === 'carry' ? 'carried' : 'ends'))),
      ...(given.kind === 'close' ? [] : [
        ...before.filter((one) => one.organisation_id !== unit.id && !covers(one.path, to)).map(effect('loses')),
        ...(await rolesReaching(from, target.path)).filter((one) => !covers(one.path, unit.path)).map(effect('gains')),
      ]),
    ],
    programmes: given.kind === 'close' ? [] : await placingEffects(from, { from: unit.path, to }, now),
  });
}

const effect = (what: RoleEffect['effect']) => ({ role, name, sign_in_name: signInName, organisation }: HeldRoleRow): RoleEffect =>
  ({ role, holder: name ?? signInName, organisation, effect: what });
