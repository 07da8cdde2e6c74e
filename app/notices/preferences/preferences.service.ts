import { appendEvent, commitIfOk, inTransaction, type Reader } from '~/db';
import type { Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import type { Category } from '../category';
import { houseRules } from '../rules/house.service';
import { loudHours } from '../rules/quiet';
import { maskAddress } from '../sending/channel';
import { openChannels } from '../sending/channels.service';
import { badAddressesOf, clearBad, reachablePeople, type BadAddress } from '../sending/reach.repository';
import { preferencesOf, putPreferences, type Preferences } from './preferences.repository';

/** A way out of the house, as it reaches one person. */
export interface OwnChannel {
  id: string;
  name: string;
  /** Masked; null: it does not reach them. */
  address: string | null;
  /** What it refused for good, or that came back, does not count as reaching. */
  isBad: boolean;
}

export interface OwnPreferences {
  preferences: Preferences & { version: number };
  channels: OwnChannel[];
  /** What the house lets people switch off. */
  optional: readonly Category[];
  /** The hours at which a digest may come, and the one of the house. */
  hours: number[];
  usualHour: number;
  bad: BadAddress[];
}

/** What somebody has chosen and may choose. */
export async function ownPreferences(from: Reader, personId: string): Promise<OwnPreferences> {
  const house = await houseRules(from);
  const person = (await reachablePeople(from, [personId])).get(personId);
  const channels = (await openChannels(from)).map(({ id, name, addressOf }): OwnChannel => {
    const address = person ? addressOf(person) : null;
    return { id, name, address: address === null ? null : maskAddress(address), isBad: address !== null && person !== undefined && person.isBad(id, address) };
  });
  return {
    preferences: await preferencesOf(from, personId), channels, optional: house.optional, hours: loudHours(house), usualHour: house.digestHour, bad: await badAddressesOf(from, personId),
  };
}

type Person = Pick<Actor, 'by'> & { personId: string };

/** Changes how somebody is told, as far as the house lets them; what waits for the next digest goes by it already. */
export const changePreferences = ({ by, personId }: Person, version: number, wanted: Preferences): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const { optional, hours, channels } = await ownPreferences(tx, personId);
    if (wanted.off.some((one) => !optional.some((may) => may === one))) return err('notice.not-optional', undefined, 'off');
    if (wanted.digestHour !== null && !hours.includes(wanted.digestHour)) return err('notice.hour-quiet', undefined, 'digestHour');
    if (wanted.channels?.some((id) => !channels.some((one) => one.id === id))) return err('field.choose', undefined, 'channels');
    if (await putPreferences(tx, personId, version, wanted) === 0) return err('conflict.changed');
    await appendEvent(tx, { kind: 'notices.preferences-changed', subject: { kind: 'person', id: personId }, personId, by, cause: 'personnel', body: { ...wanted } });
    return ok(null);
  });

/** An address that came back counts as good again: its owner, or HR, says that it was put right. */
export const trustAddress = (by: Actor['by'], personId: string, channel: string): Promise<void> =>
  inTransaction(async (tx) => {
    if (await clearBad(tx, personId, channel) === 0) return;
    await appendEvent(tx, { kind: 'notices.address-trusted', subject: { kind: 'person', id: personId }, personId, by, cause: 'personnel', body: { channel } });
  });
