import { createHash } from 'node:crypto';
import { appendEvent, commitIfOk, saveSetting, settingsLike, type Reader } from '~/db';
import type { Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { House, SHIPPED_HOUSE } from './house';

const NAME = 'notices.house';
/** What the ledger knows the rules as. */
export const HOUSE_SUBJECT = { kind: 'settings', id: NAME } as const;

/** The rules in force. */
export const houseRules = async (from: Reader): Promise<House> => (await versionedHouse(from)).house;

/** The rules with a mark of what they are, to notice that somebody else changed them meanwhile. */
export async function versionedHouse(from: Reader): Promise<{ house: House; version: string }> {
  const [kept] = await settingsLike(from, NAME);
  return kept ? { house: House.parse(JSON.parse(kept.value)), version: createHash('sha256').update(kept.value).digest('hex') } : { house: SHIPPED_HOUSE, version: 'shipped' };
}

/** Changes the rules; what is planned from then on goes by them. */
export const changeHouse = (actor: Pick<Actor, 'by'>, house: House, version: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const before = await versionedHouse(tx);
    if (before.version !== version) return err('conflict.changed');
    await saveSetting(tx, NAME, JSON.stringify(house));
    await appendEvent(tx, { kind: 'notices.house-changed', subject: HOUSE_SUBJECT, by: actor.by, body: { before: before.house, after: house } });
    return ok(null);
  });
