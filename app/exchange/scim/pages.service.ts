import { z } from 'zod';
import { eventsOfChanges, type RecordedEvent } from '~/audit';
import { reader } from '~/db';
import { authorise, scopePaths, type Actor } from '~/identity';
import { addDays, startOfDate, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { allOrganisations } from '~/people';
import { scimChangesSeen, scimDays, type ScimFilter, type SeenScimChange } from './changes.repository';

/** What an attribute was and became, as the ledger holds it. */
export interface DirectoryDetail {
  key: string;
  from: string | null;
  to: string | null;
}

export interface DirectoryChange extends SeenScimChange {
  details: DirectoryDetail[];
}

export type DirectoryDay = Awaited<ReturnType<typeof scimDays>>[number];

const PAGE = 50;
const DAYS = 31;
/** What is told of an event: pairs of before and after, wherever they stand. */
const KEYS = ['name', 'email', 'phone', 'post', 'rank', 'kind', 'startOfDuty', 'endsOn'] as const;

/** What directories told the register, for whoever looks after the organisations that they feed: day by day, and person by person. @throws ProblemError */
export async function directoryChanges(actor: Actor, query: { filter?: ScimFilter | undefined; search: string; on: PlainDate | null; page: number }):
Promise<{ changes: DirectoryChange[]; count: number; pageCount: number; days: DirectoryDay[] }> {
  authorise(actor, 'see directory changes');
  const zone = config().TIME_ZONE;
  const paths = scopePaths(actor, ['hr', 'administrator']);
  const span = query.on === null ? {} : { from: startOfDate(query.on, zone), until: startOfDate(addDays(query.on, 1), zone) };
  const asked = { paths, filter: query.filter, search: query.search, ...span };
  const found = await scimChangesSeen(reader(), { ...asked, page: query.page, pageSize: PAGE });
  const events = await eventsOfChanges(reader(), found.changes.flatMap(({ personId, applicationId, at }) => (personId === null ? [] : [{ personId, by: `application:${applicationId}`, at }])));
  const units = new Map(events.some(({ kind }) => kind === 'person.appointed') ? (await allOrganisations(reader())).map(({ id, name }) => [id, name]) : []);
  return {
    ...found, changes: found.changes.map((change) => ({ ...change, details: events.filter((one) => belongs(one, change)).flatMap((one) => detailsOf(one, units)) })),
    // The zone has no summer time to speak of: days are cut where today's begins.
    days: await scimDays(reader(), { paths, filter: query.filter, search: query.search }, offsetOf(zone), DAYS),
  };
}

const offsetOf = (zone: string): number => Date.UTC(2026, 0, 1) - startOfDate('2026-01-01', zone);

const Numbers = z.array(z.object({ kind: z.string(), value: z.string() }));

/** A change and its events are of one transaction: the same instant. */
const belongs = (event: RecordedEvent, { personId, applicationId, at }: SeenScimChange): boolean => event.personId === personId && event.by === `application:${applicationId}` && event.at === at;

/** Somebody new is shown like a row of a roster: with the number, and where they begin, as what, and when. */
function detailsOf({ kind, body, personal }: RecordedEvent, units: ReadonlyMap<string, string>): DirectoryDetail[] {
  if (kind === 'person.registered') return Numbers.parse(personal?.['numbers'] ?? []).flatMap((one) => (one.kind === 'staff' ? [{ key: 'number', from: null, to: one.value }] : []));
  if (kind === 'person.appointed') {
    const told = { organisation: units.get(String(body['organisationId'])), post: personal?.['post'], kind: body['kind'], startOfDuty: body['startOfDuty'] };
    return Object.entries(told).map(([key, value]) => ({ key, from: null, to: text(value) }));
  }
  if (kind === 'person.number-corrected') return [{ key: 'number', from: text(personal?.['from']), to: text(personal?.['to']) }];
  if (kind === 'appointment.ended') return [{ key: 'ended', from: null, to: text(body['endedOn']) }];
  return KEYS.flatMap((key) => {
    const change = personal?.[key] ?? body[key];
    return typeof change === 'object' && change !== null && 'from' in change && 'to' in change ? [{ key, from: text(change.from), to: text(change.to) }] : [];
  });
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
