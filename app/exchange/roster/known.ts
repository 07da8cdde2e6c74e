import type { PlainDate } from '~/kernel/calendar';
import type { AppointmentKind, NumberKind } from '~/people';

/** What is known of an organisation that a line may name. */
export interface KnownOrganisation {
  id: string;
  code: string;
  name: string;
  path: string;
  closedOn: PlainDate | null;
  /** Whether whoever imports may put people there. */
  inScope: boolean;
}

export interface KnownAppointment {
  id: string;
  organisation: KnownOrganisation;
  kind: AppointmentKind;
  nature: 'main' | 'concurrent' | 'secondment';
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
  endsOn: PlainDate | null;
  version: number;
  /** Whether the start of duty was recorded: from then on it is a fact. */
  started: boolean;
  /** Whether a transfer of it waits for an answer. */
  transferOpen: boolean;
}

export interface KnownPerson {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  version: number;
  /** Whether whoever imports may see and change them. */
  inScope: boolean;
  /** `<kind> <hash>` of each number. */
  numbers: ReadonlySet<string>;
  kindsHeld: ReadonlySet<NumberKind>;
  /** Those that are not over. */
  appointments: readonly KnownAppointment[];
  /** The last day of the last one that is over. */
  lastEnded: PlainDate | null;
  account: { id: string; state: 'invited' | 'active' | 'closed'; own: boolean; lastAdministrator: boolean } | null;
}

/** Where a line's organisation leads. `unsaid`: the line names none, so that it is the roster's own. */
export type Placed =
  | { found: KnownOrganisation; unsaid?: true }
  | { fault: 'organisation.unknown' | 'roster.organisation-ambiguous' | 'roster.organisation-differs'; at: 'organisationCode' | 'organisation'; params: Record<string, string> };

/** Everything that must be known to judge one line. */
export interface Facts {
  today: PlainDate;
  placed: Placed;
  /** Whose the numbers are: by kind, the person who has it. */
  owners: Readonly<Record<NumberKind, KnownPerson | null>>;
  /** Keyed hashes of the line's numbers, by kind. */
  hashes: Readonly<Record<NumberKind, string | null>>;
  /** People who look like the one of this line without sharing a number. */
  alike: readonly { person: KnownPerson; why: 'born' | 'name' }[];
  /** Sign-in names among the line's numbers that belong to somebody else. */
  takenNames: readonly ('recruitmentNumber' | 'staffNumber')[];
  answer: { kind: 'same' | 'other' | 'skip'; personId: string | null } | null;
}
