import { randomInt } from 'node:crypto';
import { z } from 'zod';

/** One fulfilled requirement as printed. */
const PrintedRequirement = z.object({
  kind: z.enum(['course', 'exam']),
  titleZh: z.string(),
  titleEn: z.string(),
  on: z.string(),
  percent: z.number().nullable(),
  cutScore: z.number().nullable(),
  minutes: z.number().nullable(),
});

/**
 * Everything that is printed on a credential, as it was when it was issued. Names, templates and programmes
 * may change later; this never does, and the PDF and the check page are made from nothing else.
 */
export const Snapshot = z.object({
  number: z.string(),
  checkCode: z.string(),
  checkAddress: z.string(),
  issuer: z.string(),
  name: z.string(),
  recruitmentNumber: z.string().nullable(),
  organisation: z.string(),
  post: z.string(),
  programmeZh: z.string(),
  programmeEn: z.string(),
  programmeVersion: z.number(),
  requirements: z.array(PrintedRequirement),
  startOfDuty: z.string(),
  mayStartOn: z.string(),
  issuedOn: z.string(),
  validUntil: z.string().nullable(),
  /** The number of the revoked credential that this one replaces; what was issued before 2026-11-24 replaces none. */
  replaces: z.string().nullable().default(null),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** `SG-2026-000123` */
export const credentialNumber = (year: number, serial: number): string => `SG-${year}-${String(serial).padStart(6, '0')}`;

const NUMBER = /^SG-\d{4}-\d{6,}$/;

/** A number as people type it (case, width, spaces), or null when it cannot be one. */
export function readNumber(typed: string): string | null {
  const text = typed.normalize('NFKC').replace(/\s/g, '').replace(/[‐-―−]/g, '-').toUpperCase();
  return NUMBER.test(text) ? text : null;
}

/** Letters and digits that nobody confuses in print: no 0 O, 1 I L, 2 Z, 5 S, 8 B. */
const ALPHABET = 'ACDEFGHJKMNPQRTUVWXY34679';
const CODE_LENGTH = 6;

/** Six characters that only who holds the credential knows: 244 million possibilities, and guesses are limited. */
export const newCheckCode = (): string => Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** A check code as typed, in the form in which it is stored. */
export const readCheckCode = (typed: string): string => typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();

/** The address that the QR code leads to. */
export const checkAddress = (publicUrl: string, number: string, code: string): string =>
  `${publicUrl.replace(/\/$/, '')}/check/${number}?code=${code}`;

/** Where the PDF is kept. */
export const pdfKey = (number: string): string => `credentials/${number.split('-')[1] ?? 'other'}/${number}.pdf`;
