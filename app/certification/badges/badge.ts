import { createHash } from 'node:crypto';
import { addDays, startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { textFor, type Lang, type TextKey, type TextParams } from '~/text';
import type { Snapshot } from '../credential';
import { didOf } from './did-key';

/** Of the data model 2.0, of Open Badges 3.0, and of the kind of schema named below; the order is prescribed. */
const CONTEXTS = [
  'https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
];
/** The standard has no word for a name; this is its way to add one. */
export const NAME = 'ext:name';
const SCHEMA = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';

export interface ToBadge {
  snapshot: Snapshot;
  programmeVersionId: string;
  issuedAt: Instant;
  validFrom: PlainDate | null;
  validUntil: PlainDate | null;
  /** Makes the hashed number unlike that of any other badge. */
  salt: string;
  status: StatusPlace;
  publicKey: string;
  publicUrl: string;
  zone: string;
}

/** Where a badge stands in the published status lists. */
export interface StatusPlace {
  list: number;
  position: number;
}

/** The published address of a status list. */
export const listAddress = (publicUrl: string, list: number): string => `${publicUrl}/status/${list}`;

/**
 * A credential as an Open Badge 3.0, not signed yet: what is printed on the paper, without results, post and
 * organisation. The name is in it, because its holder hands it out; the recruitment number only as a salted hash.
 */
export function badgeOf(from: ToBadge): Record<string, unknown> {
  const { snapshot, publicUrl, zone } = from;
  const list = listAddress(publicUrl, from.status.list);
  return {
    '@context': CONTEXTS,
    id: checkPage(snapshot),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: both(snapshot.programmeZh, snapshot.programmeEn),
    description: inBoth(`badge.permission.${snapshot.gate}`, (lang) => ({ date: writtenDate(snapshot.mayStartOn, lang) })),
    issuer: { id: didOf(from.publicKey), type: ['Profile'], name: snapshot.issuer, url: `${publicUrl}/issuer` },
    validFrom: instant(from.validFrom === null ? from.issuedAt : startOfDate(from.validFrom, zone)),
    // The last day counts to its end.
    ...(from.validUntil !== null && { validUntil: instant(startOfDate(addDays(from.validUntil, 1), zone) - 1000) }),
    credentialSubject: subjectOf(from),
    credentialStatus: {
      id: `${list}#${from.status.position}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
      statusListIndex: String(from.status.position), statusListCredential: list,
    },
    credentialSchema: [{ id: SCHEMA, type: '1EdTechJsonSchemaValidator2019' }],
  };
}

function subjectOf({ snapshot, salt, programmeVersionId }: ToBadge): Record<string, unknown> {
  const { recruitmentNumber: number, programmeVersion: version } = snapshot;
  const words = (lang: Lang) => ({
    programme: lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn,
    requirements: snapshot.requirements.map((one) => (lang === 'zh' ? one.titleZh : one.titleEn)).join(lang === 'zh' ? '、' : '; '),
    version,
  });
  return {
    type: ['AchievementSubject'],
    identifier: [
      { type: 'IdentityObject', hashed: false, identityHash: snapshot.name, identityType: NAME },
      // Who has no recruitment number is told from others by the credential's.
      { type: 'IdentityObject', hashed: true, identityHash: identityHash(number ?? snapshot.number, salt), identityType: 'identifier', salt },
    ],
    licenseNumber: snapshot.number,
    achievement: {
      id: `urn:uuid:${programmeVersionId}`,
      type: ['Achievement'],
      achievementType: 'Certification',
      inLanguage: 'zh-CN',
      version: String(version),
      name: both(snapshot.programmeZh, snapshot.programmeEn),
      description: inBoth('badge.programme', words),
      criteria: { narrative: inBoth('badge.requirements', words) },
    },
  };
}

/** A badge is one file for readers of either language. */
function inBoth(key: TextKey, params: TextParams | ((lang: Lang) => TextParams)): string {
  const said = (lang: Lang) => textFor(lang).t(key, typeof params === 'function' ? params(lang) : params);
  return both(said('zh'), said('en'));
}

/** Without the weekday, as papers write it. */
function writtenDate(date: PlainDate, lang: Lang): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  if (lang === 'zh') return `${year}年${month}月${day}日`;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, day));
}

/** As the specification prescribes: SHA-256 of the identifier with the salt after it. */
export const identityHash = (identifier: string, salt: string): string =>
  `sha256$${createHash('sha256').update(identifier + salt).digest('hex')}`;

const both = (zh: string, en: string): string => (zh === en ? zh : `${zh} ${en}`);

/** The check page without its code: whoever holds the badge need not hold the paper. */
const checkPage = ({ checkAddress }: Snapshot): string => checkAddress.split('?')[0] ?? checkAddress;

const instant = (at: Instant): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
