import { createHash } from 'node:crypto';
import { maskNationalNumber } from '~/people';
import { isSecret } from './fields';
import type { Judged } from './judge';
import type { KnownPerson, Placed } from './known';
import type { RosterEntry } from './row';

/** By which it is seen that a line would still do the same: what it does, to whom, and to which state of them. */
export const fingerprint = ({ kind, person, changes, plan }: Judged): string => createHash('sha256')
  .update(JSON.stringify([kind, person?.id ?? null, changes, plan?.act ?? null, plan?.fresh ?? null, plan?.altered ?? null, plan?.endsOn ?? null, plan?.appointment?.id ?? null]))
  .digest('base64url').slice(0, 22);

/** The number by which a line is shown; of an identity number only what may be seen. */
export const shownNumber = (entry: RosterEntry): string =>
  entry.staffNumber ?? entry.recruitmentNumber ?? (entry.nationalNumber ? maskNationalNumber(entry.nationalNumber) : '');

/** The organisation by which a line is shown; where the person is, when the line names none. */
export function shownOrganisation(placed: Placed, entry: RosterEntry, person: KnownPerson | null): string {
  if (!('found' in placed)) return entry.organisation ?? entry.organisationCode ?? '';
  const present = 'unsaid' in placed ? person?.appointments.find((one) => one.nature === 'main') : undefined;
  return (present?.organisation ?? placed.found).name;
}

/** A line as it stood, without what is never kept. */
export const keptCells = (headers: readonly string[], cells: readonly string[]): string[] => headers.map((title, i) => (isSecret(title) ? '' : (cells[i] ?? '').slice(0, 500)));
