import { inTransaction, reader } from '~/db';
import { anyWaiting, numberSome } from './changes.repository';

const AT_ONCE = 1000;

/**
 * Gives every committed change its number, so that it can be read. Numbers are given after the commit, by one transaction at
 * a time: whoever has read up to a number has missed nothing below it, however late a transaction commits. Decision 029.
 */
export async function numberChanges(): Promise<void> {
  while (await anyWaiting(reader())) {
    if (await inTransaction((tx) => numberSome(tx, AT_ONCE)) === 0) return;
  }
}
