import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CityDatabase } from '../support/city-database';
import { textOfPdf } from '../support/pdf';
import { signInAll } from '../support/roles';
import { startInProcess, type DemoServer } from '../support/running';

let city: DemoServer;
let db: CityDatabase;
beforeAll(async () => {
  city = await startInProcess({ demo: true });
  db = new CityDatabase(city.dataDir);
});
afterAll(async () => {
  await db.close();
  await city.stop();
});

it('the PDFs of a run come from the built program as one ZIP: one for each credential of the run, whole, under its number', async () => {
  const run = async () => db.one<{ id: string; state: string; waiting: number }>(`SELECT r.id, r.state,
    (SELECT COUNT(*) FROM credential_run_items i WHERE i.run_id = r.id AND i.state = 'waiting') AS waiting FROM credential_runs r ORDER BY r.started_at LIMIT 1`);
  await expect.poll(async () => (await run()).state, { timeout: 120_000, interval: 500 }).toBe('done');
  const { id } = await run();
  const printed = await db.select<{ number: string; name: string }>(`SELECT k.number, p.name FROM credential_run_items i JOIN credentials k ON k.id = i.credential_id JOIN persons p ON p.id = k.person_id
    WHERE i.run_id = $id AND i.state = 'done'`, { id });
  expect(printed.length).toBeGreaterThan(0);

  const cookie = (await signInAll(city)).get('hr') ?? '';
  const answer = await fetch(`${city.url}/hr/credential-runs/${id}/all.zip`, { headers: { cookie } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  expect(Object.keys(files).sort()).toEqual(printed.map(({ number }) => `${number}.pdf`).sort());
  for (const { number, name } of printed) expect((await textOfPdf(Buffer.from(files[`${number}.pdf`] ?? []))).replace(/\s/g, '')).toContain(name);

  const list = await (await fetch(`${city.url}/hr/credential-runs/${id}/list.csv`, { headers: { cookie } })).text();
  for (const { number } of printed) expect(list).toContain(number);
  expect((await fetch(`${city.url}/hr/credential-runs/${id}/all.zip`, { redirect: 'manual' })).status).toBe(302);
}, 180_000);
