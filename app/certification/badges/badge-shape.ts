import { z } from 'zod';
import { NAME } from './badge';

/** What must stand in an Open Badge 3.0 for anything to be said about it; more may stand there. */
const Words = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());
const including = (...any: string[]) => Words.refine((types) => types.some((type) => any.includes(type)));
const Moment = z.iso.datetime({ offset: true });

export const OpenBadge = z.looseObject({
  '@context': z.array(z.unknown()).refine((all) => all[0] === 'https://www.w3.org/ns/credentials/v2' && all.some((one) => typeof one === 'string' && one.startsWith('https://purl.imsglobal.org/spec/ob/v3p0/context'))),
  id: z.string(),
  type: including('VerifiableCredential').and(including('OpenBadgeCredential', 'AchievementCredential')),
  description: z.string().optional(),
  issuer: z.looseObject({ id: z.string(), type: including('Profile'), name: z.string().optional() }),
  validFrom: Moment,
  validUntil: Moment.optional(),
  credentialSubject: z.looseObject({
    type: including('AchievementSubject'),
    identifier: z.unknown().optional(),
    name: z.unknown().optional(),
    achievement: z.looseObject({ id: z.string(), type: including('Achievement'), name: z.string(), description: z.string(), criteria: z.looseObject({}) }),
  }),
  credentialStatus: z.unknown().optional(),
});
export type OpenBadge = z.infer<typeof OpenBadge>;

/** A holder's name that is not hidden. */
export const NamedHolder = z.looseObject({ hashed: z.literal(false), identityType: z.enum(['name', NAME]), identityHash: z.string() });

/** The entry of our own lists; what other issuers use is not asked. */
export const StatusEntry = z.looseObject({
  type: z.literal('BitstringStatusListEntry'), statusPurpose: z.literal('revocation'), statusListIndex: z.string().regex(/^\d{1,9}$/).transform(Number), statusListCredential: z.string(),
});

const DEEP = 24;
const MANY = 4000;

/** Whether a document is small and flat enough to be worked on: hostile graphs cost the processor hours. */
export function isModest(value: unknown): boolean {
  let left = MANY;
  const walk = (one: unknown, depth: number): boolean => {
    left -= 1;
    if (left < 0 || depth > DEEP) return false;
    return typeof one !== 'object' || one === null || Object.values(one).every((inner) => walk(inner, depth + 1));
  };
  return walk(value, 0);
}
