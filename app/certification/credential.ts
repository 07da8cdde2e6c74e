import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { STANDARD, TemplateContent, type OptionalFact } from './credentials/template';
import { GATES, REQUIREMENT_KINDS } from './requirement';

/** One fulfilled requirement as printed. */
const PrintedRequirement = z.object({
  kind: z.enum(REQUIREMENT_KINDS),
  titleZh: z.string(),
  titleEn: z.string(),
  on: z.string(),
  percent: z.number().nullable(),
  cutScore: z.number().nullable(),
  minutes: z.number().nullable(),
  /** Learning hours, in hundredths. */
  hundredths: z.number().nullable().default(null),
});

/** Why a credential takes the place of another. */
export const REPLACING = ['revoked', 'renewed', 'corrected'] as const;
export type Replacing = (typeof REPLACING)[number];

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
  /** The number of the credential that this one replaces; what was issued before 2026-11-24 replaces none. */
  replaces: z.string().nullable().default(null),
  // What credentials say since 2026-11-30; those issued before were printed as the defaults say.
  replacing: z.enum(REPLACING).default('revoked'),
  validFrom: z.string().nullable().default(null),
  gate: z.enum(GATES).default('before-start-of-duty'),
  /** The version of the template that was published then; null: the program's own. */
  template: z.object({ versionId: z.string(), name: z.string(), number: z.number(), content: TemplateContent }).nullable().default(null),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** How a credential is drawn. */
export const lookOf = ({ template }: Pick<Snapshot, 'template'>): TemplateContent => template?.content ?? STANDARD;

/** Whether a fact is on the paper, so that nobody looks for what was never printed. */
export const prints = (snapshot: Pick<Snapshot, 'template'>, fact: OptionalFact): boolean => lookOf(snapshot).facts.includes(fact);

export { credentialNumber, readNumber } from './credentials/issuer';

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
