import { addJobs, appendEvents, type By, type LedgerEvent, type Tx } from '~/db';
import type { RuleBook } from './book';
import { entriesOf, judgeEntry, postsOf, type StoredEntry } from './entries.repository';
import { judge, type Judgement } from './judge';
import { closedYears } from './years.repository';

/** What an entry counted and what it counts now. */
export interface Recounted {
  entry: StoredEntry;
  judgement: Judgement;
}

/** What the entries of these persons would count under a book of rules, in years that are not closed. */
export async function judgeAnew(tx: Tx, personIds: string[], book: RuleBook): Promise<Map<string, Recounted[]>> {
  const closed = new Set(await closedYears(tx));
  const posts = await postsOf(tx, personIds);
  const entries = (await entriesOf(tx, personIds)).filter((entry) => entry.status === 'counted' && !closed.has(entry.year));
  return new Map(personIds.map((id) => {
    const own = entries.filter((entry) => entry.personId === id);
    const judged = judge(own, posts.get(id) ?? [], book);
    return [id, own.flatMap((entry) => {
      const judgement = judged.get(entry.id);
      return judgement ? [{ entry, judgement }] : [];
    })];
  }));
}

const isSame = ({ entry, judgement }: Recounted): boolean =>
  entry.ruleId === judgement.ruleId && entry.hundredths === judgement.hundredths && entry.converted === judgement.converted
  && entry.days === judgement.days && entry.offTheJob === judgement.offTheJob && JSON.stringify(entry.steps) === JSON.stringify(judgement.steps);

/**
 * Counts the open years of these persons anew and stores what changed; closed years keep every figure. Twice is the
 * same as once. Whoever calls holds the persons' locks.
 * @param freshId an entry whose arrival is told by an event of its own
 */
export async function recount(tx: Tx, personIds: string[], book: RuleBook, { by, cause, freshId }: { by: By; cause: string; freshId?: string }): Promise<number> {
  const events: LedgerEvent[] = [];
  const touched = new Set<string>();
  for (const [personId, all] of await judgeAnew(tx, personIds, book)) {
    for (const one of all.filter((each) => !isSame(each))) {
      const { entry, judgement } = one;
      await judgeEntry(tx, entry.id, judgement);
      touched.add(personId);
      if (entry.id === freshId) continue;
      events.push({
        kind: 'hours.recomputed', subject: { kind: 'hours', id: entry.id }, personId, by, cause,
        body: {
          before: entry.hundredths, after: judgement.hundredths, ruleId: judgement.ruleId, year: entry.year,
          daysBefore: entry.days, offTheJobBefore: entry.offTheJob,
        },
      });
    }
  }
  if (events.length > 0) await appendEvents(tx, events);
  await proveLater(tx, [...touched]);
  return touched.size;
}

/** Hours become evidence by a job of their own, once for all the entries of a person that changed together. */
export const proveLater = (tx: Tx, personIds: string[]): Promise<void> =>
  addJobs(tx, personIds.map((personId) => ({ name: 'certification.hours-proved', payload: { personId } })));
