import { inTransaction, reader } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { lockPeople } from './assignments.repository';
import { peopleToTurn } from './clearances.repository';
import { refreshPeople } from './refresh.service';

/** Few enough that others who write never wait long. */
const STEP = 200;

/**
 * Judges anew whose clearance turns by the day alone: what expires, what begins, a waiver that ends. Lists say
 * by themselves that something has ended; this makes them say what follows.
 */
export async function turnClearances(now: Instant): Promise<void> {
  const today = dateAt(now, config().TIME_ZONE);
  for (let before = ''; ;) {
    const people = await peopleToTurn(reader(), today, before, STEP);
    const last = people.at(-1);
    if (last === undefined) return;
    before = last;
    await judge(people);
  }
}

const judge = (people: string[]): Promise<void> =>
  inTransaction(async (tx) => {
    await lockPeople(tx, people);
    await refreshPeople(tx, people);
  });
