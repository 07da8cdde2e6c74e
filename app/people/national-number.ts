import { isPlainDate } from '~/kernel/calendar';
import { err, ok, type Result } from '~/kernel/result';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';

/** The 18th character for 17 digits, by GB 11643-1999 (ISO 7064 MOD 11-2). */
export function checkCharacter(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/**
 * A citizen identity number (公民身份号码) in its one spelling: 18 characters, an upper-case X.
 * Errors: form, date of birth, check digit.
 */
export function readNationalNumber(typed: string): Result<string> {
  const number = typed.normalize('NFKC').replace(/\s+/g, '').toUpperCase();
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return err('national-number.form');
  if (!isPlainDate(number.replace(/^.{6}(.{4})(.{2})(.{2}).*$/, '$1-$2-$3'))) return err('national-number.birth-date');
  if (checkCharacter(number) !== number.slice(17)) return err('national-number.check-digit');
  return ok(number);
}

/** For showing: enough to compare with a card in the hand, without the date of birth. */
export const maskNationalNumber = (number: string): string => `${number.slice(0, 3)}***********${number.slice(14)}`;
