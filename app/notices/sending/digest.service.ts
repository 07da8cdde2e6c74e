import { addJobs, inTransaction, reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import type { House } from '../rules/house';
import { houseRules } from '../rules/house.service';
import { localMoment, loudHours, mayRemindAt } from '../rules/quiet';
import type { Channel } from './channel';
import { openChannels } from './channels.service';
import { bindToDigests, insertDispatches, madeAmong, peopleToTell, type NewDispatch } from './dispatches.repository';
import { needsPaper, waysTo } from './reach';
import { reachablePeople } from './reach.repository';
import { CHECK_AFTER } from './sweep';

/** One transaction makes digests for at most so many people. */
const CHUNK = 500;

/**
 * Makes the digests whose hour has come: one a person and day, of everything that waits for them. May be stopped anywhere
 * and run again: digest, what it holds and the job that sends it share a transaction.
 * @returns how many were made
 */
export async function planDigests(now: Instant): Promise<number> {
  const house = await houseRules(reader());
  const zone = config().TIME_ZONE;
  if (!mayRemindAt(now, house, zone)) return 0;
  const { day, hour } = localMoment(now, zone);
  const channels = await openChannels(reader());
  let made = 0;
  for (let after = ''; ;) {
    const people = await peopleToTell(reader(), { day, hour, hours: loudHours(house), usual: house.digestHour, after, limit: CHUNK });
    const last = people.at(-1);
    if (last === undefined) return made;
    made += await inTransaction((tx) => digestsFor(tx, people, { day, house, channels }));
    after = last;
  }
}

interface Given {
  day: PlainDate;
  house: House;
  channels: readonly Channel[];
}

async function digestsFor(tx: Tx, personIds: readonly string[], { day, house, channels }: Given): Promise<number> {
  const people = await reachablePeople(tx, personIds);
  const digests = personIds.map((personId): NewDispatch & { sends: boolean } => {
    const person = people.get(personId);
    // Whom nothing reaches but the product, which they use, needs no job: the notices stand there already.
    const sends = person !== undefined && (waysTo(person, channels).length > 0 || needsPaper(person, house, tx.now));
    return { id: newId(), personId, kind: 'digest', day, nextCheckAt: tx.now + CHECK_AFTER, settled: sends ? null : 'product-only', sends };
  });
  const made = await insertDispatches(tx, digests);
  await bindToDigests(tx, personIds, day);
  // Somebody else made some of them at the same moment: those bring their own jobs.
  const own = made === digests.length ? null : await madeAmong(tx, digests.map(({ id }) => id));
  const toSend = digests.filter(({ id, sends }) => sends && (own?.has(id) ?? true));
  await addJobs(tx, toSend.map(({ id }) => ({ name: 'notices.send', payload: { dispatchId: id } })));
  return made;
}
