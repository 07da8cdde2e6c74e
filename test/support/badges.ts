import { Snapshot } from '~/certification/credential';
import { badgeOf, type ToBadge } from '~/certification/badges/badge';
import { newKeyPair, withProof, type KeyPair } from '~/certification/badges/proof';
import { newId } from '~/kernel/id';
import { example, hasExample } from './examples';

export const foreignBadges = hasExample('openbadges-3');

export const foreignBadge = (name: string): Buffer => example(`openbadges-3/${name}`);

export const aSnapshot = (given: Partial<Snapshot> = {}): Snapshot => Snapshot.parse({
  number: 'SG-2026-000123', checkCode: 'ACDEFG', checkAddress: 'https://sg.example.gov.cn/check/SG-2026-000123?code=ACDEFG', issuer: '云江市人力资源和社会保障局',
  name: '沈知遥', recruitmentNumber: '20260312', organisation: '云江市数据局', post: '科员', programmeZh: '电子政务岗前培训', programmeEn: 'E-government induction',
  programmeVersion: 2, startOfDuty: '2026-07-01', mayStartOn: '2026-06-24', issuedOn: '2026-06-24', validUntil: null,
  requirements: [
    { kind: 'course', titleZh: '电子政务基础', titleEn: 'E-government foundations', on: '2026-06-20', percent: null, cutScore: null, minutes: 240 },
    { kind: 'exam', titleZh: '结业考试', titleEn: 'Final exam', on: '2026-06-23', percent: 86, cutScore: 60, minutes: null },
  ],
  ...given,
});

/** What a badge is made of, where nothing is in a database. */
export const toBadge = (publicKey: string, given: Partial<ToBadge> = {}): ToBadge => ({
  snapshot: aSnapshot(), programmeVersionId: newId(), issuedAt: Date.UTC(2026, 5, 24, 2), validFrom: null, validUntil: '2029-06-23', salt: 'a1b2c3d4e5f60718',
  status: { list: 1, position: 4711 }, publicKey, publicUrl: 'https://sg.example.gov.cn', zone: 'Asia/Shanghai', ...given,
});

/** A badge signed with a fresh key. */
export async function aSignedBadge(given: Partial<ToBadge> = {}): Promise<{ badge: Record<string, unknown>; key: KeyPair }> {
  const key = await newKeyPair();
  return { key, badge: await withProof(badgeOf(toBadge(key.publicKey, given)), key, Date.UTC(2026, 5, 24, 3)) };
}
