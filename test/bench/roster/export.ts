import { reader } from '~/db';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { prepare, ReportQuery, writeReport } from '~/reports';
import { textFor } from '~/text';
import { giveDuties } from './duties';
import { TODAY } from '../population';
import { watchMemory } from './watching';

/** A report of everybody’s clearance as a file, csv and xlsx. @returns microseconds of the csv for each line */
export async function exportReport(people: number): Promise<number> {
  await giveDuties();
  const { path } = await adoptRootOrganisation();
  const times: Record<string, number> = {};
  for (const format of ['csv', 'xlsx'] as const) {
    const memory = watchMemory();
    const prepared = must(await prepare(reader(), ReportQuery.parse({ kind: 'clearance' }), { people: [path], figures: [path] }, TODAY));
    const began = performance.now();
    const { lines } = await writeReport(reader(), { prepared, format, text: textFor('zh'), title: 'bench', madeAt: TODAY, key: `reports/bench-${people}.${format}` });
    times[format] = performance.now() - began;
    if (lines !== people) throw new Error(`the report has ${lines} lines for ${people} people`);
    process.stderr.write(`  export as ${format}: ${Math.round((lines * 1000) / times[format])} rows a second, ${Math.round(memory())} MB above idle\n`);
  }
  return ((times['csv'] ?? Number.NaN) * 1000) / people;
}
