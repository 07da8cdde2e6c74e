import { makeListOfFile } from '~/exchange';
import { csvFile } from '~/kernel/csv';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { giveDuties } from './duties';
import { benchActor, nameOf, numberOf } from './import';
import { middle } from './list';

const LISTED = 1000;

/** A hiring list of a thousand, from its file to the answers stored. @returns microseconds for each person on it */
export async function hiringList(people: number): Promise<number> {
  await giveDuties();
  const root = await adoptRootOrganisation();
  const listed = Math.min(LISTED, people);
  const step = Math.floor(people / listed);
  const file = Buffer.from(csvFile(['工号', '姓名'], Array.from({ length: listed }, (_, i) => [numberOf(i * step), nameOf(i * step)])));
  const took = await middle(async () => must(await makeListOfFile(benchActor(root), { id: newId(), title: '核查', organisationId: root.id, fileName: 'bench.csv', file })));
  process.stderr.write(`  hiring list of ${listed}: ${Math.round(took)} ms\n`);
  return (took * 1000) / listed;
}
