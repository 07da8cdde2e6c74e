import { chunks, execute, places, type Tx } from '~/db';

/** Makes everything that changes something about these people wait in line; in the order of their ids, so that two never wait for each other. */
export async function lockPersons(tx: Tx, personIds: readonly string[]): Promise<void> {
  for (const some of chunks([...personIds].sort())) {
    const { list, params } = places(some);
    await execute(tx, `UPDATE persons SET version = version WHERE id IN (${list})`, params);
  }
}
