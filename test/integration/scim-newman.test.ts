import newman from 'newman';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useConfig } from '~/kernel/config';
import { anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { examplePath, hasExample } from '../support/examples';
import { aScimService, aToken } from '../support/scim';

/** A directory's own collection of requests, which lies beside the project where it is. */
const COLLECTION = 'scim/DERIVED-microsoft-scim-tests.slice.postman_collection.json';

const run = (port: number, token: string): Promise<newman.NewmanRunSummary> => new Promise((resolve, reject) => {
  const values = { Protocol: 'http', Server: '127.0.0.1', Port: `:${port}`, Api: 'scim/v2', token };
  newman.run({
    collection: examplePath(COLLECTION), environment: { name: 'here', values: Object.entries(values).map(([key, value]) => ({ key, value, enabled: true })) }, reporters: [],
  }, (error, summary) => (error ? reject(error) : resolve(summary)));
});

describe.skipIf(!hasExample(COLLECTION))('a collection of a directory client', () => {
  onEveryDatabase('run by newman', () => {
    let service: Awaited<ReturnType<typeof aScimService>>;
    let token: string;
    beforeAll(async () => {
      useConfig(testConfig());
      service = await aScimService();
      token = (await aToken(await anOrganisation())).token;
    });
    afterAll(() => service.close());

    // The second run meets all that the first one left: whoever was removed must not stand in the way.
    it.each(['the first time', 'and once more'])('finds what it expects, %s', async () => {
      const { run: done } = await run(service.port, token);
      const failed = done.failures.map((failure) => `${failure.source?.name ?? ''}: ${failure.error.test} ${failure.error.message}`);
      const answers = done.executions.map((one) => ({ name: one.item.name, code: one.response.code }));
      expect(failed).toEqual([]);
      expect(answers.filter(({ code }) => code < 200 || code >= 300)).toEqual([]);
      expect(done.stats.assertions.total).toBeGreaterThan(40);
      expect(done.stats.requests.total).toBeGreaterThan(30);
    }, 60_000);
  });
});
