import { commitIfOk, type Reader, type Tx } from '~/db';
import { authorise, CODE_LASTS, covers, newActivationCodes, scopePaths, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { findIntake, notActivated } from './intake.repository';

interface Slip {
  name: string;
  /** With which the person signs in: the recruitment number. */
  signInName: string;
  post: string;
  code: string;
}

/** What is printed for one unit. */
export interface UnitSlips {
  organisationId: string;
  organisationName: string;
  slips: Slip[];
}

/** Somebody who has not activated the account yet. */
export interface SlipFor {
  person_id: string;
  account_id: string;
  name: string;
  sign_in_name: string;
  organisation_id: string;
  organisation_name: string;
  path: string;
  post: string;
}

const inScope = async (from: Reader, actor: Actor, intakeId: string) => {
  const scope = scopePaths(actor, 'hr');
  return (await notActivated(from, intakeId)).filter((row) => scope.some((path) => covers(path, row.path)));
};

/** For how many slips would be made, by unit: to say so before codes change. */
export async function slipsToMake(from: Reader, actor: Actor, intakeId: string): Promise<{ people: number; units: number }> {
  const rows = await inScope(from, actor, intakeId);
  return { people: rows.length, units: new Set(rows.map((row) => row.organisation_id)).size };
}

/**
 * Makes a new code for everybody of the intake in the actor's scope who has not activated yet; codes
 * printed earlier stop working. The codes are stored nowhere and cannot be shown again.
 */
export async function makeSlips(actor: Actor, intakeId: string): Promise<Result<{ units: UnitSlips[]; expiresAt: Instant }>> {
  return commitIfOk(async (tx) => {
    const intake = await findIntake(tx, intakeId);
    if (!intake) return err('not-found');
    authorise(actor, 'make an intake', { organisationPath: intake.organisationPath });
    return ok(await codesOnSlips(tx, actor, await inScope(tx, actor, intakeId)));
  });
}

/** Slips with new codes for these people, unit by unit. Does not ask who may. */
export async function codesOnSlips(tx: Tx, actor: Actor, rows: readonly SlipFor[]): Promise<{ units: UnitSlips[]; expiresAt: Instant }> {
  const codes = await newActivationCodes(tx, actor, rows.map((row) => ({ accountId: row.account_id, personId: row.person_id })), 'activate');
  const units = new Map<string, UnitSlips>();
  for (const row of rows) {
    const unit = units.get(row.organisation_id) ?? { organisationId: row.organisation_id, organisationName: row.organisation_name, slips: [] };
    unit.slips.push({ name: row.name, signInName: row.sign_in_name, post: row.post, code: codes.get(row.account_id) ?? '' });
    units.set(row.organisation_id, unit);
  }
  return { units: [...units.values()], expiresAt: tx.now + CODE_LASTS.activate };
}
