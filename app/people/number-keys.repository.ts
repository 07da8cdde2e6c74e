import { z } from 'zod';
import { chunks, places, rows, type Reader } from '~/db';
import { foldWidth } from '~/identity';
import { maskNationalNumber, readNationalNumber } from './national-number';
import { numberHash } from './number';

/** A number as somebody typed it: how it may be shown, and by what its owner is found. */
export interface KeyedNumber {
  /** An identity number masked. */
  shown: string;
  keys: string[];
}

/** An identity number with a slip in it is still somebody's. */
const LIKE_NATIONAL = /^\d{14,17}[\dXx]$/;

/** Whichever kind of number it is: an identity number if it can be one, else a recruitment or a staff number. */
export function keyedNumber(typed: string): KeyedNumber {
  const national = readNationalNumber(typed);
  if (national.ok) return { shown: maskNationalNumber(national.value), keys: [numberHash('national', national.value)] };
  const plain = foldWidth(typed);
  return { shown: LIKE_NATIONAL.test(plain) ? maskNationalNumber(plain) : plain, keys: [numberHash('recruitment', typed), numberHash('staff', typed)] };
}

const OwnerRow = z.object({ person_id: z.string(), value_hash: z.string() });

/** Whose these numbers are, by key; those of nobody are missing. */
export async function ownersByKey(from: Reader, keys: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(keys)];
  const owners = new Map<string, string>();
  for (const some of chunks(wanted)) {
    const { list, params } = places(some);
    for (const row of await rows(from, OwnerRow, `SELECT person_id, value_hash FROM identifiers WHERE kind IN ('recruitment', 'staff', 'national') AND value_hash IN (${list})`, params)) owners.set(row.value_hash, row.person_id);
  }
  return owners;
}
