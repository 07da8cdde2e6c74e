import { reader } from '~/db';
import { authorise, scopePaths, type Actor } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import { peopleBeginning, peopleContaining, readSought, type FoundPerson } from '~/people';
import { standingsOf, type RecruitState } from './recruits.repository';
import { statusOf } from './recruits.service';

/** More are not listed: who finds so many looks for more letters. */
const MOST_FOUND = 50;

export interface SearchedPerson extends FoundPerson {
  /** How they stand before the start of duty; null: nothing is asked of them. */
  standing: { state: RecruitState; assignmentId: string; startedOn: PlainDate | null } | null;
}

export interface Searched {
  people: SearchedPerson[];
  /** There are more than are listed. */
  more: boolean;
}

/**
 * People in the actor's scope by name, by its pinyin or first letters, by recruitment or staff number. Only where nobody
 * begins so, everybody is gone through. @returns null when too little was typed
 */
export async function searchPeople(actor: Actor, typed: string, today: PlainDate): Promise<Searched | null> {
  authorise(actor, 'see people');
  const sought = readSought(typed);
  if (!sought) return null;
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const beginning = await peopleBeginning(reader(), sought, paths, MOST_FOUND + 1);
  const found = beginning.length > 0 ? beginning : await peopleContaining(reader(), sought, paths, MOST_FOUND + 1);
  const people = found.slice(0, MOST_FOUND);
  const standings = await standingsOf(reader(), people.map(({ id }) => id));
  return {
    more: found.length > MOST_FOUND,
    people: people.map((person) => {
      const row = standings.get(person.appointmentId);
      return { ...person, standing: row ? { state: statusOf(row, today), assignmentId: row.assignment_id, startedOn: row.started_on } : null };
    }),
  };
}
