import type { Reader } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { dueOn } from '../due-date';
import type { WrittenVersion } from './authoring.repository';
import { freshCalendar } from './calendar.service';
import { causesOf, type Cause, type VersionFacts } from './exception';
import { credentialsHad, examsHad } from './exceptions.repository';
import { factsOf } from './facts.service';
import { countLacking, peopleTouched, reachByStart, type Lacking } from './reach.repository';

/** What publishing a version would do, in numbers. */
export interface Reach {
  /** Whom the rule touches. */
  total: number;
  /** Who would be assigned it. */
  fresh: number;
  /** Who holds the programme already and keeps what they have. */
  former: number;
  /** Of the newly assigned, those who could not fulfil it as it stands. */
  exceptions: number;
}

type Previewed = Pick<WrittenVersion, 'programmeId' | 'appliesTo' | 'due' | 'gate' | 'tree' | 'requirements'>;

/** What would happen if the version took effect on `on` (or today). A handful of queries, however many people. */
export async function previewReach(from: Reader, version: Previewed, on?: PlainDate): Promise<Reach> {
  await freshCalendar();
  const now = clock.now();
  const groups = await reachByStart(from, version);
  const facts = await factsFor(from, version, now);
  const sum = (field: 'total' | 'held' | 'fresh'): number => groups.reduce((all, group) => all + group[field], 0);
  const fresh = groups.filter((group) => group.fresh > 0);
  const judged = fresh.map((group) => ({ ...group, causes: causesAt(version, facts, group.start_of_duty, on ?? dateAt(now, config().TIME_ZONE)) }));
  const certain = judged.filter(({ causes }) => causes.some(isCertain));
  const uncertain = judged.filter(({ causes }) => causes.length > 0 && !causes.some(isCertain));
  let exceptions = certain.reduce((all, group) => all + group.fresh, 0);
  for (const [, part] of groupedBy(uncertain, ({ causes }) => JSON.stringify(lackingOf(causes, facts)))) {
    const [first] = part;
    if (first) exceptions += await countLacking(from, version, part.map((one) => one.start_of_duty), lackingOf(first.causes, facts), now);
  }
  return { total: sum('total'), fresh: sum('fresh'), former: sum('held'), exceptions };
}

const factsFor = (from: Reader, version: Previewed, now: Instant): Promise<VersionFacts> =>
  factsOf(from, { programme_id: version.programmeId, gate: version.gate, tree: version.tree }, version.requirements, now);

const causesAt = ({ due }: Previewed, facts: VersionFacts, startOfDuty: PlainDate, assignedOn: PlainDate): Cause[] =>
  causesOf(facts, { startOfDuty, dueOn: dueOn(due, startOfDuty), assignedOn });

const PERSONAL = new Set(['no-sitting', 'credential-withdrawn', 'credential-circular']);

/** Whether it stands whatever the person has already. */
const isCertain = ({ reasons }: Cause): boolean => reasons.some(({ code }) => !PERSONAL.has(code));

function lackingOf(causes: Cause[], { needed }: VersionFacts): Lacking {
  const codes = new Set(causes.flatMap(({ reasons }) => reasons.flatMap(({ requirement }) => (requirement === undefined ? [] : [requirement]))));
  const targets = (kind: 'exam' | 'credential'): string[] => needed.filter((one) => one.kind === kind && codes.has(one.code)).map(({ targetId }) => targetId);
  return { exams: targets('exam'), credentials: targets('credential') };
}

function groupedBy<T>(all: T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

export interface PreviewedPerson {
  personId: string;
  name: string;
  organisation: string;
  startOfDuty: PlainDate;
  dueOn: PlainDate;
  /** The number of the version that is held; null for who would be assigned or was released. */
  held: number | null;
  fresh: boolean;
  exception: boolean;
}

export const PREVIEW_PAGE = 50;

/** A page of the people behind the numbers. */
export async function previewPeople(from: Reader, version: Previewed, page: number): Promise<PreviewedPerson[]> {
  const now = clock.now();
  const facts = await factsFor(from, version, now);
  const today = dateAt(now, config().TIME_ZONE);
  const found = await peopleTouched(from, version, { limit: PREVIEW_PAGE, offset: (page - 1) * PREVIEW_PAGE });
  const people: PreviewedPerson[] = [];
  for (const row of found) {
    const due = dueOn(version.due, row.start_of_duty);
    const possible = row.fresh === 1 ? causesAt(version, facts, row.start_of_duty, today) : [];
    const real = possible.length === 0 || possible.some(isCertain) ? possible
      : causesOf(facts, { startOfDuty: row.start_of_duty, dueOn: due, assignedOn: today }, { exams: await examsHad(from, row.person_id, now), credentials: await credentialsHad(from, row.person_id) });
    people.push({
      personId: row.person_id, name: row.name, organisation: row.organisation, startOfDuty: row.start_of_duty, dueOn: due,
      held: row.held_number, fresh: row.fresh === 1, exception: real.length > 0,
    });
  }
  return people;
}
