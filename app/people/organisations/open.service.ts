import type { Reader } from '~/db';
import { err, ok, type Result } from '~/kernel/result';
import { findOrganisation, type Organisation } from '../organisation.repository';

/** An organisation that something new may belong to: one that is there and not closed. */
export async function openOrganisation(from: Reader, id: string, field?: string): Promise<Result<Organisation>> {
  const found = await findOrganisation(from, id);
  if (!found) return err('field.choose', undefined, field);
  return found.closedOn === null ? ok(found) : err('organisation.closed', { name: found.name }, field);
}
