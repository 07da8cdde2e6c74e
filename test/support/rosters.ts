import { uploadRoster, openRoster, type Roster } from '~/exchange';
import type { Actor } from '~/identity';
import { xlsxPieces, type SheetCell } from '~/kernel/xlsx';
import { must } from '~/kernel/result';
import { checkCharacter, type Organisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anActor } from './actors';

/** An HR officer of these units, with an account that stands in the ledger as theirs. */
export const officerOf = (...units: Organisation[]): Actor => anActor({ hr: units.map((unit) => unit.path) });

/** An Excel file as somebody would upload it. */
export async function aSheet(titles: string[], rows: SheetCell[][]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of xlsxPieces([{ name: '花名册', columns: titles.map((title) => ({ title, width: 12 })), rows: [rows] }])) pieces.push(piece);
  return Buffer.concat(pieces);
}

let sequence = 0;
/** A valid identity number of somebody born on that day. */
export function anIdentityNumber(born = '1990-03-07'): string {
  sequence += 1;
  const digits = `430102${born.replaceAll('-', '')}${String(sequence % 1000).padStart(3, '0')}`;
  return digits + checkCharacter(digits);
}

/** Uploads a file and lets it be checked. */
export async function checkedRoster(actor: Actor, unit: Organisation, content: Buffer, fileName = '花名册.xlsx'): Promise<Roster> {
  const id = must(await uploadRoster(actor, { organisationId: unit.id, fileName, content }));
  await drainOutbox();
  return theRoster(actor, id);
}

export async function theRoster(actor: Actor, id: string): Promise<Roster> {
  const found = await openRoster(actor, id);
  if (!found) throw new Error(`no roster ${id}`);
  return found;
}
