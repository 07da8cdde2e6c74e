import type { Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { ABOVE } from '../notice';
import { tell, type ToTell } from '../tell.service';
import type { Directory } from './directory';
import { insertEscalationNotices, markTold, waitingEscalations, type WaitingEscalation } from './escalation.repository';

/** A notice to somebody above names so many people at most in its words; its page lists all of them. */
const NAMED = 5;
const CHUNK = 2000;

/**
 * Tells managers and HR who is overdue, who is not cleared any more and who soon will not be, each once with everybody whom
 * it concerns. Who has finished meanwhile is left out.
 * @returns how many people were told, and whether more waits
 */
export async function tellEscalations(tx: Tx, day: PlainDate, directory: Directory): Promise<{ told: number; more: boolean }> {
  const waiting = await waitingEscalations(tx, CHUNK);
  if (waiting.length === 0) return { told: 0, more: false };
  let told = 0;
  for (const kind of ABOVE) told += await tellOf(tx, kind, waiting.filter(({ step, still }) => still === 1 && kindOf(step) === kind), day, directory);
  await markTold(tx, waiting);
  return { told, more: waiting.length === CHUNK };
}

async function tellOf(tx: Tx, kind: Above, about: readonly WaitingEscalation[], day: PlainDate, directory: Directory): Promise<number> {
  const told = recipientsOf(about, directory);
  const made = await tell(tx, [...told].map(([personId, people]) => noticeFor(kind, personId, people, day, directory)));
  for (const { id: noticeId, personId } of made) {
    await insertEscalationNotices(tx, (told.get(personId) ?? []).map(({ assignment_id: assignmentId, step }) => ({ noticeId, assignmentId, step })));
  }
  return made.length;
}

type Above = (typeof ABOVE)[number];

const kindOf = (step: string): Above => (step.startsWith('lost:') ? 'team-lost' : step.startsWith('ends:') ? 'team-ends' : 'escalation');

function recipientsOf(overdue: readonly WaitingEscalation[], directory: Directory): Map<string, WaitingEscalation[]> {
  const told = new Map<string, WaitingEscalation[]>();
  for (const one of overdue) {
    for (const personId of directory.recipients(one.audience, one.organisation_id, one.person_id)) told.set(personId, [...(told.get(personId) ?? []), one]);
  }
  return told;
}

function noticeFor(kind: Above, personId: string, about: WaitingEscalation[], day: PlainDate, directory: Directory): ToTell {
  const people = [...new Map(about.map((one) => [one.person_id, one.name])).values()];
  const units = [...new Set(about.map((one) => one.organisation_id))].map((id) => directory.unit(id)?.name ?? '');
  const [first] = about;
  return {
    personId,
    content: {
      kind,
      params: { onDay: day, count: people.length, names: listed(people), organisation: listed(units) },
    },
    step: `${kind}:${day}:${first?.assignment_id ?? ''}:${first?.step ?? ''}`,
  };
}

/** The first few; how many there are is said beside it. */
const listed = (names: readonly string[]): string => names.slice(0, NAMED).join('、') + (names.length > NAMED ? '…' : '');
