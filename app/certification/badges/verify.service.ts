import { createHash } from 'node:crypto';
import { reader } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { readNumber, type Snapshot } from '../credential';
import { credentialByNumber, findCredential, type Credential } from '../credentials.repository';
import { numberOfPdf } from '../credentials/pdfs.repository';
import { standingOn, type Standing } from '../credentials/state';
import { isModest, NamedHolder, OpenBadge, StatusEntry } from './badge-shape';
import { isPng, MAX_CREDENTIAL_BYTES, unbakePng, unbakeSvg } from './baking';
import { didOf } from './did-key';
import { keyByPublic } from './keys.repository';
import { proofFits, type NoFit } from './proof';
import { holderOfPlace } from './status.repository';

export type UploadKind = 'json' | 'png' | 'svg' | 'pdf';

/**
 * What a file turned out to be.
 * - `ours`: genuine and issued here; `standing` says whether it counts
 * - `elsewhere`: the signature fits a key that is not ours; whose it is, nobody here knows
 * - `impostor`: it says that it comes from here, and was signed by somebody else
 * - `key-leaked`: signed with a key of ours that others may have
 * - `our-pdf`: byte for byte a PDF that we made; `other-pdf`: another file, which bears this number of ours
 * - `malformed`: no Open Badge 3.0, with the places where it is not; `nothing`: no credential in it
 */
export type Verdict =
  | 'ours' | 'elsewhere' | 'impostor' | 'key-leaked' | 'our-pdf' | 'other-pdf' | 'malformed' | 'nothing' | NoFit;

/** What the file itself says; shown only once its signature fits. */
export interface BadgeFacts {
  achievement: string;
  issuer: string;
  /** The holder's name, when the badge says it. */
  name: string | null;
  description: string | null;
  validFrom: Instant;
  validUntil: Instant | null;
  publicKey: string;
}

export interface FileCheck {
  kind: UploadKind | null;
  verdict: Verdict;
  /** The credential of ours that it is, or claims to be. */
  number: string | null;
  standing: Standing | null;
  stateAt: Instant | null;
  reason: string | null;
  /** Other verifiers take this file for withdrawn, although the credential is valid again. */
  fetchAnew: boolean;
  facts: BadgeFacts | null;
  /** Everything that is printed, to whoever has the PDF on which it is printed. */
  printed: Snapshot | null;
  /** Where the document is not as the standard has it. */
  wrong: string[];
}

/** The largest file that is looked at. */
export const MAX_UPLOAD = 1024 * 1024;

const NOTHING: FileCheck = { kind: null, verdict: 'nothing', number: null, standing: null, stateAt: null, reason: null, fetchAnew: false, facts: null, printed: null, wrong: [] };

/** Judges a file that somebody was given: a badge as JSON or in a picture, or a credential's PDF. Nothing is fetched, nothing is kept. */
export async function verifyBadge(file: Buffer): Promise<FileCheck> {
  if (file.subarray(0, 5).toString('latin1') === '%PDF-') return verifyPdf(file);
  const { kind, text } = credentialIn(file);
  const document = text === null || text.length > MAX_CREDENTIAL_BYTES ? null : parsed(text);
  if (!document) return { ...NOTHING, kind };
  return { ...await judge(document), kind };
}

function credentialIn(file: Buffer): { kind: UploadKind | null; text: string | null } {
  if (isPng(file)) return { kind: 'png', text: unbakePng(file) };
  const text = file.toString('utf8').replace(/^\uFEFF/, '').trim();
  if (text.startsWith('<')) return { kind: 'svg', text: unbakeSvg(text) };
  return text.startsWith('{') ? { kind: 'json', text } : { kind: null, text: null };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

async function judge(document: Record<string, unknown>): Promise<FileCheck> {
  const shape = OpenBadge.safeParse(document);
  if (!shape.success || !isModest(document)) {
    const wrong = shape.success ? ['@graph'] : [...new Set(shape.error.issues.map((issue) => issue.path.join('.')))];
    return { ...NOTHING, verdict: 'malformed', wrong };
  }
  const badge = shape.data;
  const fit = await proofFits(document);
  const claimed = claimedNumber(badge);
  if (!fit.fits) return { ...NOTHING, verdict: fit.why, number: claimed && await knownNumber(claimed) };
  const facts = factsOf(badge, fit.key.publicKey);
  const key = await keyByPublic(reader(), fit.key.publicKey);
  if (key?.state === 'leaked') return { ...NOTHING, verdict: 'key-leaked', number: claimed && await knownNumber(claimed) };
  if (key && fit.key.selfContained && badge.issuer.id === didOf(key.public_key)) return ours(badge, facts);
  const number = claimed && await knownNumber(claimed);
  if (number !== null || key) return { ...NOTHING, verdict: 'impostor', number };
  return { ...NOTHING, verdict: 'elsewhere', standing: standingBySelf(facts), facts };
}

/** The place in the list tells the credential: it was drawn for it alone, and is signed. */
async function ours(badge: OpenBadge, facts: BadgeFacts): Promise<FileCheck> {
  const entry = StatusEntry.safeParse(badge.credentialStatus);
  const list = entry.success ? Number(/\/status\/(\d{1,9})$/.exec(entry.data.statusListCredential)?.[1] ?? 0) : 0;
  const place = entry.success ? await holderOfPlace(reader(), { list, position: entry.data.statusListIndex }) : null;
  const credential = place && await findCredential(reader(), place.credential_id);
  // Signed by us and yet unknown: the records were restored from an older backup.
  if (!credential) return { ...NOTHING, verdict: 'ours', facts, standing: standingBySelf(facts), number: claimedNumber(badge) };
  const stands = standingOf(credential);
  return { ...NOTHING, verdict: 'ours', facts, ...stands, fetchAnew: place.ended_at !== null && stands.standing === 'valid' };
}

function standingOf(credential: Credential): Pick<FileCheck, 'number' | 'standing' | 'stateAt' | 'reason'> {
  const standing = standingOn(dateAt(clock.now(), config().TIME_ZONE), { state: credential.state, validFrom: credential.valid_from, validUntil: credential.valid_until });
  return { number: credential.number, standing, stateAt: credential.state_at, reason: credential.state_reason };
}

/** By the dates in the file alone. */
function standingBySelf({ validFrom, validUntil }: BadgeFacts): Standing {
  const now = clock.now();
  if (validUntil !== null && now > validUntil) return 'expired';
  return now < validFrom ? 'not-yet' : 'valid';
}

function factsOf({ issuer, credentialSubject, description, validFrom, validUntil }: OpenBadge, publicKey: string): BadgeFacts {
  return {
    achievement: credentialSubject.achievement.name, issuer: issuer.name ?? issuer.id, name: nameIn(credentialSubject), description: description ?? null, publicKey,
    validFrom: Date.parse(validFrom), validUntil: validUntil === undefined ? null : Date.parse(validUntil),
  };
}

/** As we write it, and as others do. */
function nameIn({ identifier, name }: OpenBadge['credentialSubject']): string | null {
  const named = [identifier].flat().map((one) => NamedHolder.safeParse(one)).find((one) => one.success);
  return named?.data.identityHash ?? (typeof name === 'string' ? name : null);
}

/** The number in the address of a check page of this installation. */
function claimedNumber({ id }: OpenBadge): string | null {
  const [, number] = /\/check\/([^/?#]+)$/.exec(id) ?? [];
  return number !== undefined && id.startsWith(publicUrl()) ? readNumber(decoded(number)) : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const knownNumber = async (number: string): Promise<string | null> => (await credentialByNumber(reader(), number))?.number ?? null;

async function verifyPdf(file: Buffer): Promise<FileCheck> {
  const made = await numberOfPdf(reader(), createHash('sha256').update(file).digest('hex'));
  const credential = made && await credentialByNumber(reader(), made);
  if (credential) return { ...NOTHING, kind: 'pdf', verdict: 'our-pdf', ...standingOf(credential), printed: credential.snapshot };
  const number = await numberIn(file);
  return number === null ? { ...NOTHING, kind: 'pdf' } : { ...NOTHING, kind: 'pdf', verdict: 'other-pdf', number };
}

const NUMBERS = /[A-Z]{1,12}-\d{4}-\d{6,}/g;

/** The number in the title of a PDF of ours, which stands there readable, as text or in UTF-16. */
async function numberIn(file: Buffer): Promise<string | null> {
  const readable = file.toString('latin1');
  for (const [found] of `${readable} ${readable.replaceAll('\0', '')}`.matchAll(NUMBERS)) {
    const number = readNumber(found);
    const known = number && await knownNumber(number);
    if (known) return known;
  }
  return null;
}
