import { expect, it } from 'vitest';
import { onEveryDatabase } from '../support/databases';
import { describeSchema } from '../support/schema';

onEveryDatabase('the schema', (dialect, db) => {
  // A difference means that a migration changed the schema: look at it, then update with `vitest -u`.
  it('is the one that is committed', async () => {
    await expect(await describeSchema(db())).toMatchFileSnapshot(`../../app/db/schema/${dialect}.txt`);
  });
});
