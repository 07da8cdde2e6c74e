import { reader, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { checkInCode } from '../sittings/check-in-code';
import { EXEMPTIONS } from '../sittings/booking';
import { roomsOf } from '../sittings/sitting.repository';
import type { Sitting } from '../sittings/sitting';
import { attention } from './attention';
import type { ConsoleRow, ConsoleState, ShownCode } from './state';
import { countsOfSitting, papersOf, placesOfSitting, type CountRow, type PlaceRow } from './state.repository';

/** How a sitting stands now: two indexed queries, and one more for papers that this process has not met. */
export async function consoleState(sitting: Sitting, now: Instant): Promise<ConsoleState> {
  const from = reader();
  const [found, counts, codes] = await Promise.all([placesOfSitting(from, sitting.id), countsOfSitting(from, sitting.id, now), codesOf(from, sitting, now)]);
  // The last attempt of a booking is the one that counts: they come in their order.
  const latest = [...new Map(found.map((row) => [row.id, row])).values()];
  const counted = new Map(counts.map((row) => [`${row.kind} ${row.id}`, row]));
  const papers = await itemsOf(from, latest.flatMap((row) => (row.attempt_id === null ? [] : [row.attempt_id])));
  return { now, codes, rows: latest.map((row) => rowOf(row, { sitting, counted, papers, now })) };
}

interface Around {
  sitting: Sitting;
  counted: ReadonlyMap<string, CountRow>;
  papers: ReadonlyMap<string, string[]>;
  now: Instant;
}

function rowOf(row: PlaceRow, { sitting, counted, papers, now }: Around): ConsoleRow {
  const count = (kind: CountRow['kind']): CountRow | undefined => (row.attempt_id === null ? undefined : counted.get(`${kind} ${row.attempt_id}`));
  const paper = row.attempt_id === null ? undefined : papers.get(row.attempt_id);
  const at = row.current_item === null ? -1 : (paper?.indexOf(row.current_item) ?? -1);
  const [saved, total] = [count('saved')?.n ?? 0, paper?.length ?? 0];
  const judged = attention({
    identity: row.identity, checkedInAt: row.checked_in_at, state: row.state, startedAt: row.started_at, deadlineAt: row.deadline_at,
    contactAt: row.last_contact_at, pausedAt: row.paused_at, saved, total, observedAt: count('observed')?.at ?? null,
    otherDeviceAt: count('other-device')?.at ?? null, unreadSince: count('unread')?.at ?? null,
  }, sitting, now);
  return {
    id: row.id, attempt: row.attempt_id, room: row.room_id, seat: row.seat, ticket: row.ticket, name: row.name, organisation: row.organisation,
    identity: row.identity, checkedInAt: row.checked_in_at, exempt: EXEMPTIONS.filter((kind) => counted.has(`${kind} ${row.id}`)),
    state: row.state, item: at < 0 ? null : at + 1, contactAt: row.last_contact_at, saved, total, observed: count('observed')?.n ?? 0,
    deadlineAt: row.deadline_at, pausedAt: row.paused_at, handedInAt: row.handed_in_at, unread: count('unread')?.n ?? 0, permit: count('permit') !== undefined,
    ...judged,
  };
}

/** The codes that are shown: of each room, or of the whole sitting when nobody sits in rooms. */
async function codesOf(from: Reader, sitting: Sitting, now: Instant): Promise<ShownCode[]> {
  if (!sitting.checkIn || sitting.state !== 'planned') return [];
  const rooms = sitting.place === 'rooms' ? await roomsOf(from, sitting.id) : [];
  const ids = rooms.length > 0 ? rooms.map(({ id }) => id) : [null];
  return ids.map((room) => ({ room, ...checkInCode(sitting, room, now) }));
}

/** Papers never change once drawn; the oldest make room for new ones. */
const KEPT = 5000;
const kept = new Map<string, string[]>();

async function itemsOf(from: Reader, attemptIds: string[]): Promise<ReadonlyMap<string, string[]>> {
  const unknown = attemptIds.filter((id) => !kept.has(id));
  if (unknown.length === 0) return kept;
  const read = await papersOf(from, unknown);
  for (const [id, items] of read) kept.set(id, items);
  const found = new Map([...attemptIds].map((id) => [id, kept.get(id) ?? []]));
  for (const [oldest] of kept) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return found;
}
