import { reader, type Reader } from '~/db';
import type { Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { findAssignment } from '../assignments.repository';
import { judgedNow } from './judge.service';
import { outlookOf } from './outlook.service';
import { findPost, signersOf } from './posts.repository';
import { shownGround } from './shown-ground.service';
import type { Start } from './start';
import { openStart } from './start.service';
import { countStarts, listStarts, STARTS_PER_PAGE, startsOf, type ListedStart, type StartFilter } from './starts.repository';

/** A start with who acted. Sign-in names; null when the program did it. */
export interface ShownStart {
  start: Omit<Start, 'ground'>;
  asker: string | null;
  decider: string | null;
  canceller: string | null;
}

function shown({ ground: _, ...start }: Start, signers: ReadonlyMap<string, string>): ShownStart {
  const by = (one: string | null) => (one === null ? null : signers.get(one) ?? null);
  return { start, asker: by(start.askedBy), decider: by(start.decidedBy), canceller: by(start.cancelledBy) };
}

const actors = (starts: readonly Start[]) => starts.flatMap(({ askedBy, decidedBy, cancelledBy }) => [askedBy, decidedBy, cancelledBy]);

/** All records about an appointment, the latest first: cancelled and refused ones too. */
export async function startsOfAppointment(from: Reader, appointmentId: string): Promise<ShownStart[]> {
  const starts = await startsOf(from, appointmentId);
  const signers = await signersOf(from, actors(starts));
  return starts.map((one) => shown(one, signers));
}

/** One record with what it rested on, for whoever may see it; null when there is none. @throws ProblemError */
export async function startPage(actor: Actor, startId: string) {
  const opened = await openStart(reader(), actor, startId);
  if (!opened) return null;
  const { start, post } = opened;
  return { ...shown(start, await signersOf(reader(), actors([start]))), post, ground: await shownGround(reader(), start.ground) };
}

/** What the form to record a start needs, and the record that stands or waits already; null when there is no such assignment. */
export async function startForm(from: Reader, assignmentId: string) {
  const assignment = await findAssignment(from, assignmentId);
  const post = assignment && await findPost(from, assignment.appointment_id);
  if (!post) return null;
  const open = (await startsOf(from, assignment.appointment_id)).find(({ state }) => state === 'recorded' || state === 'proposed') ?? null;
  return { post, personId: assignment.person_id, appointmentId: assignment.appointment_id, open };
}

/** The soonest day on which the person could start under this assignment; null when nobody can tell. */
export async function earliestFor(from: Reader, assignmentId: string, now: Instant) {
  const judged = await judgedNow(from, assignmentId, now);
  const outlook = judged && await outlookOf(from, judged, now);
  return outlook?.earliest ?? null;
}

/** A page of starts, and how many emergencies wait for a second person. */
export async function listedStarts(from: Reader, filter: StartFilter, asked: number) {
  const total = await countStarts(from, filter);
  const pageCount = Math.max(1, Math.ceil(total / STARTS_PER_PAGE));
  const page = Math.min(Math.max(1, asked), pageCount);
  const starts = await listStarts(from, filter, { limit: STARTS_PER_PAGE, offset: (page - 1) * STARTS_PER_PAGE });
  return { starts, total, page, pageCount, waiting: await countStarts(from, { paths: filter.paths, state: 'proposed' }) };
}

const EXPORT_STEP = 500;

/** All of them, a step at a time. */
export async function* allStarts(from: Reader, filter: StartFilter): AsyncGenerator<ListedStart[]> {
  for (let offset = 0; ; offset += EXPORT_STEP) {
    const found = await listStarts(from, filter, { limit: EXPORT_STEP, offset });
    if (found.length > 0) yield found;
    if (found.length < EXPORT_STEP) return;
  }
}
