import { execute, places, type Tx } from '~/db';

/** Makes everything that changes the hours of these persons wait in line. */
export async function lockPersons(tx: Tx, personIds: string[]): Promise<void> {
  if (personIds.length === 0) return;
  const { list, params } = places(personIds);
  await execute(tx, `UPDATE persons SET version = version WHERE id IN (${list})`, params);
}
