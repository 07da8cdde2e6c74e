import type { By, Reader } from '~/db';
import { covers, foldName, isRoot } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import { bornAlike, bornHash, nameKey, numberHash, plainName, servingAlike, type NumberKind } from '~/people';
import {
  administratorAccounts, appointmentsOfPeople, everyOrganisation, numbersOfPeople, ownersOf, ownersOfNames, peopleById, type AppointmentFact,
} from './facts.repository';
import type { Facts, KnownAppointment, KnownOrganisation, KnownPerson, Placed } from './known';
import { Organisations } from './places';
import type { RosterEntry } from './row';

/** Who asks what a roster would do, and where they may. */
export interface Asking {
  by: By;
  scope: readonly string[];
  organisationId: string;
  today: PlainDate;
}

export interface Asked {
  entry: RosterEntry;
  answer: Facts['answer'];
}

const KINDS = ['recruitment', 'staff', 'national'] as const;
const hashesOf = (entry: RosterEntry): Record<NumberKind, string | null> => {
  const hash = (kind: NumberKind, value: string | null) => (value === null ? null : numberHash(kind, value));
  return { recruitment: hash('recruitment', entry.recruitmentNumber), staff: hash('staff', entry.staffNumber), national: hash('national', entry.nationalNumber) };
};

/** Looks up what must be known to judge lines, some hundreds at once. */
export class FactFinder {
  private constructor(private readonly asking: Asking, private readonly organisations: Organisations, private readonly administrators: readonly string[]) {}

  /** @throws Error when the roster's own organisation is gone */
  static async open(from: Reader, asking: Asking): Promise<FactFinder> {
    const all = (await everyOrganisation(from)).map(({ closed_on: closedOn, ...one }): KnownOrganisation => ({ ...one, closedOn, inScope: asking.scope.some((path) => covers(path, one.path)) }));
    const home = all.find((one) => one.id === asking.organisationId);
    if (!home) throw new Error('the organisation of the roster is gone');
    return new FactFinder(asking, new Organisations(all, home), await administratorAccounts(from));
  }

  placed(entry: RosterEntry): Placed {
    return this.organisations.place(entry.organisationCode, entry.organisation);
  }

  /** The facts for each line, in order. */
  async find(from: Reader, asked: readonly Asked[]): Promise<Facts[]> {
    const lines = asked.map(({ entry, answer }) => ({ entry, answer, hashes: hashesOf(entry), placed: this.placed(entry) }));
    const owners = new Map((await ownersOf(from, lines.flatMap(({ hashes }) => KINDS.flatMap((kind) => hashes[kind] ?? [])))).map((row) => [`${row.kind} ${row.value_hash}`, row.person_id]));
    const strangers = lines.filter(({ hashes, entry }) => entry.name !== '' && KINDS.every((kind) => hashes[kind] === null || !owners.has(`${kind} ${hashes[kind]}`)));
    const alike = await this.alike(from, strangers);
    const people = await this.people(from, [...owners.values(), ...[...alike.values()].flatMap((some) => some.map(({ personId }) => personId))]);
    const names = new Map((await ownersOfNames(from, lines.flatMap(({ entry }) => [entry.recruitmentNumber, entry.staffNumber].flatMap((one) => (one === null ? [] : [foldName(one)]))))).map((row) => [row.name, row.person_id]));
    return lines.map((line): Facts => {
      const owner = (kind: NumberKind) => people.get(owners.get(`${kind} ${line.hashes[kind] ?? ''}`) ?? '') ?? null;
      const own = { recruitment: owner('recruitment'), staff: owner('staff'), national: owner('national') };
      const same = own.national ?? own.staff ?? own.recruitment;
      const mayBe = line.answer?.kind === 'same' ? line.answer.personId : same?.id;
      const isTaken = (value: string | null) => { const of = value === null ? undefined : names.get(foldName(value)); return of !== undefined && of !== mayBe; };
      return {
        today: this.asking.today, placed: line.placed, owners: own, hashes: line.hashes, answer: line.answer,
        alike: (alike.get(line) ?? []).flatMap(({ personId, why }) => { const person = people.get(personId); return person && this.isAlike(line.entry, person, why) ? [{ person, why }] : []; }),
        takenNames: (['recruitmentNumber', 'staffNumber'] as const).filter((field) => isTaken(line.entry[field])),
      };
    });
  }

  private async alike<L extends { entry: RosterEntry; placed: Placed }>(from: Reader, strangers: readonly L[]): Promise<Map<L, { personId: string; why: 'born' | 'name' }[]>> {
    const born = new Map(strangers.flatMap((line) => (line.entry.birthDate === null ? [] : [[line, bornHash(line.entry.name, line.entry.birthDate)] as const])));
    const byHash = grouped(await bornAlike(from, [...new Set(born.values())]), (row) => row.key);
    const placed = strangers.flatMap((line) => ('found' in line.placed ? [{ line, key: nameKey(line.entry.name), organisationId: line.placed.found.id }] : []));
    const byPlace = grouped(await servingAlike(from, [...new Set(placed.map(({ key }) => key))], [...new Set(placed.map((one) => one.organisationId))]), (row) => `${row.key} ${row.organisation_id}`);
    const found = new Map<L, { personId: string; why: 'born' | 'name' }[]>();
    for (const [line, hash] of born) for (const row of byHash.get(hash) ?? []) add(found, line, { personId: row.person_id, why: 'born' });
    for (const { line, key, organisationId } of placed) for (const row of byPlace.get(`${key} ${organisationId}`) ?? []) add(found, line, { personId: row.person_id, why: 'name' });
    return found;
  }

  /** A name alone says little: the two must be one name in another spelling, and no two different days of birth may be known. */
  private isAlike({ name, birthDate }: RosterEntry, person: KnownPerson & { bornHash?: string | null }, why: 'born' | 'name'): boolean {
    if (why === 'born') return true;
    if (birthDate !== null && person.bornHash) return person.bornHash === bornHash(name, birthDate);
    const isHan = (text: string) => /\p{Script=Han}/u.test(text);
    return plainName(name) === plainName(person.name) || isHan(name) !== isHan(person.name);
  }

  private async people(from: Reader, ids: readonly string[]): Promise<Map<string, KnownPerson & { bornHash: string | null }>> {
    const [people, numbers, appointments] = [await peopleById(from, ids), await numbersOfPeople(from, ids), await appointmentsOfPeople(from, ids)];
    const numbersBy = grouped(numbers, (row) => row.person_id);
    const appointmentsBy = grouped(appointments, (row) => row.person_id);
    return new Map(people.map((row) => {
      const own = numbersBy.get(row.id) ?? [];
      const all = appointmentsBy.get(row.id) ?? [];
      const open = all.filter((one) => one.ended_on === null);
      const ended = all.filter((one) => one.ended_on !== null).map((one) => one.ended_on ?? '').sort();
      return [row.id, {
        id: row.id, name: row.name, email: row.email, phone: row.phone, version: row.version, bornHash: row.born_hash, inScope: this.isInScope(open.length > 0 ? open : all),
        numbers: new Set(own.map((one) => `${one.kind} ${one.value_hash}`)), kindsHeld: new Set(own.map((one) => one.kind)),
        appointments: open.flatMap((one) => this.appointment(one)), lastEnded: ended.at(-1) ?? null,
        account: row.account_id && row.account_state ? {
          id: row.account_id, state: row.account_state, own: this.asking.by === `account:${row.account_id}`, lastAdministrator: this.administrators.length === 1 && this.administrators[0] === row.account_id,
        } : null,
      }];
    }));
  }

  /** Where somebody serves or, when nowhere any more, last served; who never did belongs to the whole deployment. */
  private isInScope(appointments: readonly AppointmentFact[]): boolean {
    if (appointments.length === 0) return this.asking.scope.some(isRoot);
    return appointments.some(({ path }) => this.asking.scope.some((scope) => covers(scope, path)));
  }

  private appointment(row: AppointmentFact): KnownAppointment[] {
    const organisation = this.organisations.get(row.organisation_id);
    return organisation ? [{
      id: row.id, organisation, kind: row.kind, nature: row.nature, post: row.post, rank: row.rank, startOfDuty: row.start_of_duty, endsOn: row.ends_on, version: row.version,
      started: row.started !== 0, transferOpen: row.transfer_open !== 0,
    }] : [];
  }
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

function add<K>(found: Map<K, { personId: string; why: 'born' | 'name' }[]>, key: K, one: { personId: string; why: 'born' | 'name' }): void {
  const some = found.get(key) ?? [];
  if (!some.some(({ personId }) => personId === one.personId)) found.set(key, [...some, one]);
}
