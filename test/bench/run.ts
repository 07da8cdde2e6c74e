import { parseArgs } from 'node:util';
import { clearances } from './clearance';
import { consoleRefresh } from './console';
import { credentials } from './credentials';
import { handIns } from './hand-in';
import { hrPages, type HrFigures } from './hr';
import { overdue } from './overdue';
import { asTable, type Figures } from './report';
import { pages } from './pages';
import { roster, type RosterFigures } from './roster';
import { saves } from './saves';
import { starts } from './starts';
import { streams } from './streams';

/**
 * `npm run bench -- [NAME …] [--seconds S] [--full] [--json]`. The last line of each benchmark is one JSON object
 * with its settings, of `roster` what a person costs by size; without --json a table stands before it.
 */
const BENCHMARKS: Record<string, (seconds: number, full: boolean) => Promise<Figures | RosterFigures | HrFigures>> = { saves, pages, hr: hrPages, start: starts, 'hand-in': handIns, overdue, console: consoleRefresh, streams, clearance: clearances, credentials, roster };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '8' }, full: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
for (const name of names) {
  const run = BENCHMARKS[name];
  if (!run) {
    process.stderr.write(`There is no benchmark ${name}. There are: ${Object.keys(BENCHMARKS).join(', ')}\n`);
    process.exit(1);
  }
  const figures = await run(Number(values.seconds), values.full);
  if (!values.json && 'perSecond' in figures) process.stdout.write(asTable(figures));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
process.exit(0);
