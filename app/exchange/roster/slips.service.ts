import { commitIfOk, type Reader } from '~/db';
import { authorise, covers, scopePaths, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { codesOnSlips, type UnitSlips } from '~/people';
import { findRoster } from './rosters.repository';
import { newcomers, newcomersByUnit } from './slips.repository';

/** So many slips fit into one answer; more are printed unit by unit. */
export const MOST_SLIPS = 1000;

const ROLES = ['hr', 'administrator'] as const;

export interface UnitToPrint {
  organisationId: string;
  organisationName: string;
  people: number;
}

/** For how many people who came by a roster slips would be made, unit by unit: to say so before codes change. */
export async function rosterSlipsToMake(from: Reader, actor: Actor, importId: string): Promise<UnitToPrint[]> {
  const scope = scopePaths(actor, ROLES);
  return (await newcomersByUnit(from, importId)).filter((unit) => scope.some((path) => covers(path, unit.path)))
    .map(({ organisation_id: organisationId, organisation_name: organisationName, people }) => ({ organisationId, organisationName, people }));
}

/**
 * Makes a new code for everybody who came by a roster and has not activated yet, in one unit or in all; codes printed earlier
 * stop working. The codes are stored nowhere and cannot be shown again.
 */
export const makeRosterSlips = (actor: Actor, importId: string, organisationId: string | null): Promise<Result<{ units: UnitSlips[]; expiresAt: Instant }>> => commitIfOk(async (tx) => {
  const roster = await findRoster(tx, importId);
  if (roster?.state !== 'applied') return err('not-found');
  authorise(actor, 'import rosters', { organisationPath: roster.path });
  const scope = scopePaths(actor, ROLES);
  const rows = (await newcomers(tx, importId, organisationId, MOST_SLIPS + 1)).filter((row) => scope.some((path) => covers(path, row.path)));
  return rows.length > MOST_SLIPS ? err('roster.too-many-slips', { max: MOST_SLIPS }) : ok(await codesOnSlips(tx, actor, rows));
});

