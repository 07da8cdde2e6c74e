import { parseArgs } from 'node:util';
import { simulate } from './simulate';

/**
 * `npm run simulate -- --candidates N --kills K [--seconds S] [--json]`: candidates answer while the server
 * is killed K times; ends with a line of figures that compares what was acknowledged with what is stored.
 */
const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '50' },
    kills: { type: 'string', default: '5' },
    seed: { type: 'string', default: 'simulate' },
    json: { type: 'boolean', default: false },
  },
});
const report = await simulate({
  candidates: Number(values.candidates), kills: Number(values.kills), seed: values.seed,
  tell: (line) => { if (!values.json) process.stdout.write(`${line}\n`); },
});
process.stdout.write(`${JSON.stringify(report)}\n`);
const wrong = report.lost + report.gradedTwice + report.ungraded;
process.exit(wrong === 0 ? 0 : 1);
