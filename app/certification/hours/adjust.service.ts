import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { pathsOfPerson } from '~/people';
import { startOfDate, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { lockPerson } from '../assignments.repository';
import { convert } from './convert';
import { findEntry, insertEntry, judgeEntry } from './entries.repository';
import { proveLater } from './recount.service';
import type { ConvertedKind } from './rule';

export interface Adjustment {
  /** Names the form that was sent: sent twice, it counts once. */
  key: string;
  personId: string;
  /** The hours that are corrected. */
  countsAs: ConvertedKind;
  occurredOn: PlainDate;
  /** What is added or taken, in hundredths of an hour. */
  hundredths: number;
  reason: string;
}

/**
 * Adds or takes hours by a decision with its reason: the only thing that changes a closed year, and visible for ever
 * beside what it corrects. What the year has passed on stays as it was frozen. Nobody adjusts their own.
 */
export async function adjustHours(actor: Actor, one: Adjustment): Promise<Result<null>> {
  authorise(actor, 'adjust hours', { personId: one.personId, organisationPath: await pathsOfPerson(reader(), one.personId) });
  if (actor.personId === one.personId) return err('hours.own');
  if (one.hundredths === 0) return err('hours.nothing', undefined, 'hours');
  await inTransaction(async (tx) => {
    await lockPerson(tx, one.personId);
    const fresh = await insertEntry(tx, {
      id: one.key, personId: one.personId, kind: 'adjustment', ref: one.key, countsAs: one.countsAs, title: { zh: '调整', en: 'Adjustment' },
      occurredOn: one.occurredOn, at: startOfDate(one.occurredOn, config().TIME_ZONE), minutes: null, days: null, rest: { stated: one.hundredths },
      status: 'counted', reason: one.reason, by: actor.by,
    });
    const entry = fresh ? await findEntry(tx, 'adjustment', one.key) : null;
    if (!entry) return;
    const converted = convert(entry.input, null);
    await judgeEntry(tx, entry.id, { ...converted, converted: converted.hundredths, ruleId: null });
    await appendEvent(tx, {
      kind: 'hours.adjusted', subject: { kind: 'hours', id: entry.id }, personId: one.personId, at: entry.at, by: actor.by, cause: 'decision',
      body: { hundredths: one.hundredths, countsAs: one.countsAs, year: entry.year }, personal: { reason: one.reason },
    });
    await proveLater(tx, [one.personId]);
  });
  return ok(null);
}
