import { appendEvent, inTransaction, reader } from '~/db';
import type { Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { keyedHash } from '~/kernel/secrets';
import { collected, rendererAside } from '~/pdf';
import { textFor } from '~/text';
import type { Snapshot } from '../credential';
import type { Credential } from '../credentials.repository';
import { badgeOf, type StatusPlace } from './badge';
import { bakePng, bakeSvg } from './baking';
import { drawBadge } from './draw';
import { signingKey } from './keys.service';
import type { Picture } from './picture';
import { withProof } from './proof';
import { givePlace, placeOf, programmeVersionOf } from './status.repository';

const BADGE_TYPES = { json: 'application/vc+ld+json', png: 'image/png', svg: 'image/svg+xml' } as const;
export type BadgeForm = keyof typeof BADGE_TYPES;

export const isBadgeForm = (text: string): text is BadgeForm => Object.hasOwn(BADGE_TYPES, text);

export interface BadgeFile {
  type: string;
  body: Buffer;
}

/**
 * The credential as a badge, signed now with the key in force; null when it is not valid: nobody is handed a badge that
 * counts for nothing. Handing it to anybody but the holder is an event in the ledger.
 */
export async function readBadge(actor: Actor, credential: Credential, form: BadgeForm): Promise<BadgeFile | null> {
  if (credential.state !== 'valid') return null;
  const signed = JSON.stringify(await signedBadge(credential), null, form === 'json' ? 2 : 0);
  if (actor.personId !== credential.person_id) {
    await inTransaction((tx) => appendEvent(tx, {
      kind: 'credential.downloaded', subject: { kind: 'credential', id: credential.id }, personId: credential.person_id, by: actor.by, body: { form },
    }));
  }
  return { type: BADGE_TYPES[form], body: form === 'json' ? Buffer.from(signed) : await baked(credential.snapshot, signed, form) };
}

/** The signed Open Badge of a credential. */
export async function signedBadge(credential: Credential): Promise<Record<string, unknown>> {
  const key = await signingKey();
  const { id: programmeVersionId } = await programmeVersionOf(reader(), credential.assignment_id);
  const badge = badgeOf({
    snapshot: credential.snapshot, programmeVersionId, issuedAt: credential.issued_at, validFrom: credential.valid_from, validUntil: credential.valid_until,
    salt: keyedHash(`badge ${credential.id}`).slice(0, 32), status: await placeFor(credential.id, key.id),
    publicKey: key.publicKey, publicUrl: publicUrl(), zone: config().TIME_ZONE,
  });
  return withProof(badge, key, clock.now());
}

/** Read first: of ten downloads nine find their place. */
const placeFor = async (credentialId: string, keyId: string): Promise<StatusPlace> =>
  await placeOf(reader(), credentialId, keyId) ??
  inTransaction(async (tx) => await placeOf(tx, credentialId, keyId) ?? givePlace(tx, credentialId, keyId));

const draw = rendererAside('badge-thread.js', drawBadge);

/** Pictures of programmes, which many holders share. */
const pictures = new Map<string, Buffer>();
const PICTURES_KEPT = 40;

async function baked(snapshot: Snapshot, signed: string, as: 'png' | 'svg'): Promise<Buffer> {
  const drawn = await pictureOf(snapshot, as);
  return as === 'png' ? bakePng(drawn, signed) : Buffer.from(bakeSvg(drawn.toString('utf8'), signed), 'utf8');
}

async function pictureOf({ programmeZh, programmeEn, issuer, gate }: Snapshot, as: 'png' | 'svg'): Promise<Buffer> {
  const picture: Picture = { title: textFor('zh').t(`badge.title.${gate}`), programmeZh, programmeEn, issuer };
  const name = JSON.stringify([as, picture]);
  const kept = pictures.get(name);
  if (kept) return kept;
  const drawn = await collected(draw({ picture, as }));
  const [oldest] = pictures.keys();
  if (pictures.size >= PICTURES_KEPT && oldest !== undefined) pictures.delete(oldest);
  pictures.set(name, drawn);
  return drawn;
}
