import type { Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { tell, type ToTell } from '../tell.service';
import type { Directory } from './directory';
import { insertEscalationNotices, markTold, waitingEscalations, type WaitingEscalation } from './escalation.repository';

/** A notice to somebody above names so many people at most in its words; its page lists all of them. */
const NAMED = 5;
const CHUNK = 2000;

/**
 * Tells managers and HR who is overdue, each once with everybody whom it concerns. Who has finished meanwhile is left out.
 * @returns how many people were told, and whether more waits
 */
export async function tellEscalations(tx: Tx, day: PlainDate, directory: Directory): Promise<{ told: number; more: boolean }> {
  const waiting = await waitingEscalations(tx, CHUNK);
  if (waiting.length === 0) return { told: 0, more: false };
  const told = recipientsOf(waiting.filter(({ still }) => still === 1), directory);
  const made = await tell(tx, [...told].map(([personId, about]) => noticeFor(personId, about, day, directory)));
  for (const { id: noticeId, personId } of made) {
    await insertEscalationNotices(tx, (told.get(personId) ?? []).map(({ assignment_id: assignmentId, step }) => ({ noticeId, assignmentId, step })));
  }
  await markTold(tx, waiting);
  return { told: made.length, more: waiting.length === CHUNK };
}

function recipientsOf(overdue: readonly WaitingEscalation[], directory: Directory): Map<string, WaitingEscalation[]> {
  const told = new Map<string, WaitingEscalation[]>();
  for (const one of overdue) {
    for (const personId of directory.recipients(one.audience, one.organisation_id, one.person_id)) told.set(personId, [...(told.get(personId) ?? []), one]);
  }
  return told;
}

function noticeFor(personId: string, about: WaitingEscalation[], day: PlainDate, directory: Directory): ToTell {
  const people = [...new Map(about.map((one) => [one.person_id, one.name])).values()];
  const units = [...new Set(about.map((one) => one.organisation_id))].map((id) => directory.unit(id)?.name ?? '');
  const [first] = about;
  return {
    personId,
    content: {
      kind: 'escalation',
      params: { onDay: day, count: people.length, names: listed(people), organisation: listed(units) },
    },
    step: `escalation:${day}:${first?.assignment_id ?? ''}:${first?.step ?? ''}`,
  };
}

/** The first few; how many there are is said beside it. */
const listed = (names: readonly string[]): string => names.slice(0, NAMED).join('、') + (names.length > NAMED ? '…' : '');
