import { isPlainDate, type PlainDate } from '~/kernel/calendar';
import { APPOINTMENT_KINDS, type AppointmentKind } from '~/people';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** What the register knows of an appointment and the standard has no place for. */
export const APPOINTMENT = 'urn:ietf:params:scim:schemas:extension:shanggang:2.0:User';

/** What a directory gave that the register has no place for: given back as it came. */
export interface Given {
  familyName?: string;
  givenName?: string;
  /** Under which of the two the directory names the organisation. */
  placedBy?: 'department' | 'organization';
  /** The superior as it was given, where nobody was found by it. */
  manager?: string;
  /** Further e-mail addresses and telephone numbers. */
  emails?: Labelled[];
  phoneNumbers?: Labelled[];
}

export interface Labelled {
  value: string;
  type?: string;
  display?: string;
}

/** A user as a directory says it is; absent: it says nothing about that. */
export interface SaidUser {
  userName: string;
  externalId: string | null;
  displayName: string | null;
  name: string | null;
  active: boolean | undefined;
  title: string | undefined;
  email: string | null | undefined;
  phone: string | null | undefined;
  employeeNumber: string | undefined;
  department: string | undefined;
  organization: string | undefined;
  manager: string | null | undefined;
  kind: AppointmentKind | undefined;
  rank: string | undefined;
  startOfDuty: PlainDate | undefined;
  given: Given;
}

/** Why what a directory said cannot be read; the text is for whoever set the directory up. */
export class UnreadableUser extends Error {}

type Json = Record<string, unknown>;
const record = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 300) : undefined);

function labelled(value: unknown): { first: string | undefined; others: Labelled[] } {
  const all = (Array.isArray(value) ? value : []).map(record).flatMap((one) => {
    const address = text(one['value']);
    return address === undefined ? [] : [{ value: address, type: text(one['type']), display: text(one['display']), primary: one['primary'] === true }];
  });
  const first = all.find((one) => one.primary) ?? all.find((one) => one.type === 'work') ?? all[0];
  return {
    first: first?.value,
    others: all.filter((one) => one !== first).slice(0, 10).map(({ value: other, type, display }) => ({ value: other, ...(type && { type }), ...(display && { display }) })),
  };
}

/** Chinese names are written without a space between family name and given name, others with one and the other way round. */
export function wholeName({ formatted, familyName, givenName, middleName }: { formatted?: string | undefined; familyName?: string | undefined; givenName?: string | undefined; middleName?: string | undefined }): string | undefined {
  if (formatted !== undefined) return formatted;
  const parts = [givenName, middleName, familyName].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return /\p{Script=Han}/u.test(parts.join('')) ? `${familyName ?? ''}${givenName ?? ''}` : parts.join(' ');
}

/** Reads a user of the protocol. `cleared`: what it says nothing about was there and was removed on purpose. @throws UnreadableUser */
export function readUser(resource: unknown, cleared: ReadonlySet<'emails' | 'phoneNumbers' | 'manager'> = new Set()): SaidUser {
  const user = record(resource);
  const userName = text(user['userName']);
  if (userName === undefined) throw new UnreadableUser('userName is required');
  const name = record(user['name']);
  const names = { formatted: text(name['formatted']), familyName: text(name['familyName']), givenName: text(name['givenName']), middleName: text(name['middleName']) };
  const [enterprise, appointment] = [record(user[ENTERPRISE]), record(user[APPOINTMENT])];
  const [emails, phones] = [labelled(user['emails']), labelled(user['phoneNumbers'])];
  const manager = text(record(enterprise['manager'])['value']);
  const [department, organization] = [text(enterprise['department']), text(enterprise['organization'])];
  return {
    userName, externalId: text(user['externalId']) ?? null, displayName: text(user['displayName']) ?? null, name: wholeName(names)?.slice(0, 80) ?? null,
    active: typeof user['active'] === 'boolean' ? user['active'] : undefined, title: text(user['title'])?.slice(0, 80),
    email: emails.first ?? (cleared.has('emails') ? null : undefined), phone: phones.first ?? (cleared.has('phoneNumbers') ? null : undefined),
    employeeNumber: text(enterprise['employeeNumber']), department, organization, manager: manager ?? (cleared.has('manager') ? null : undefined),
    kind: readKind(text(appointment['kind'])), rank: text(appointment['rank'])?.slice(0, 40), startOfDuty: readDay(text(appointment['startOfDuty'])),
    given: {
      ...(names.familyName && { familyName: names.familyName }), ...(names.givenName && { givenName: names.givenName }),
      ...(department === undefined && organization !== undefined && { placedBy: 'organization' as const }),
      ...(emails.others.length > 0 && { emails: emails.others }), ...(phones.others.length > 0 && { phoneNumbers: phones.others }),
    },
  };
}

function readKind(kind: string | undefined): AppointmentKind | undefined {
  const found = APPOINTMENT_KINDS.find((one) => one === kind);
  if (kind !== undefined && found === undefined) throw new UnreadableUser(`kind must be one of ${APPOINTMENT_KINDS.join(', ')}`);
  return found;
}

function readDay(day: string | undefined): PlainDate | undefined {
  if (day !== undefined && !isPlainDate(day)) throw new UnreadableUser('startOfDuty must be a date YYYY-MM-DD');
  return day;
}

/** A person as the register holds them, for one application. */
export interface RegisteredUser {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  createdAt: number;
  changedAt: number;
  signInName: string | null;
  accountState: 'invited' | 'active' | 'closed' | null;
  staffNumber: string | null;
  recruitmentNumber: string | null;
  externalId: string | null;
  displayName: string | null;
  given: Given;
  /** The main appointment, or else another one that runs; null: none runs. */
  post: RegisteredPost | null;
  groups: { id: string; name: string }[];
}

export interface RegisteredPost {
  id: string;
  organisationId: string;
  organisationCode: string;
  organisationName: string;
  kind: AppointmentKind;
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
  superiorId: string | null;
  superiorName: string | null;
}

/** By what the directory knows the person: the sign-in name, which is the staff or the recruitment number. */
export const userNameOf = (user: RegisteredUser): string => user.signInName ?? user.staffNumber ?? user.recruitmentNumber ?? user.id;

export const isActive = (user: RegisteredUser): boolean => user.post !== null && user.accountState !== 'closed';

/** The user as the protocol tells it, without `meta`. */
export function tellUser(user: RegisteredUser): Json {
  const { post, given } = user;
  const place = post ? { [given.placedBy ?? 'department']: post.organisationCode } : {};
  const manager = post?.superiorId ? { value: post.superiorId, displayName: post.superiorName ?? undefined } : given.manager ? { value: given.manager } : undefined;
  return {
    id: user.id, ...(user.externalId !== null && { externalId: user.externalId }), userName: userNameOf(user), displayName: user.displayName ?? user.name, active: isActive(user),
    name: { formatted: user.name, ...(given.familyName && { familyName: given.familyName }), ...(given.givenName && { givenName: given.givenName }) },
    ...(post && { title: post.post }), ...(user.email || given.emails ? { emails: listed(user.email, given.emails) } : {}),
    ...(user.phone || given.phoneNumbers ? { phoneNumbers: listed(user.phone, given.phoneNumbers) } : {}),
    ...(user.groups.length > 0 && { groups: user.groups.map(({ id, name }) => ({ value: id, display: name, type: 'direct' })) }),
    [ENTERPRISE]: { ...(user.staffNumber && { employeeNumber: user.staffNumber }), ...place, ...(manager && { manager }) },
    ...(post && { [APPOINTMENT]: { kind: post.kind, startOfDuty: post.startOfDuty, ...(post.rank && { rank: post.rank }) } }),
  };
}

const listed = (first: string | null, others: Labelled[] = []) => [...(first ? [{ value: first, type: 'work', primary: true }] : []), ...others];
