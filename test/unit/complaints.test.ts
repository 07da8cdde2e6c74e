import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const document = readFileSync('docs/complaints.md', 'utf8');
const rows = document.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| complaint'));

/** The tests that a row names: `` `file`: "name", "name" ``. */
const testsIn = (row: string): { file: string; name: string }[] =>
  [...row.matchAll(/`((?:unit|integration|browser)\/[\w-]+\.test\.ts)`([^`]*)/g)].flatMap(([, file = '', after = '']) =>
    [...after.matchAll(/"((?:[^"\\]|\\")+)"/g)].map(([, name = '']) => ({ file: `test/${file}`, name: name.replaceAll('\\"', '"') })));

it.each(rows.map((row) => [row.split(' | ')[0]?.slice(2) ?? '', row]))('the complaint "%s" names tests that there are', (_, row) => {
  const named = testsIn(row);
  expect(named).not.toEqual([]);
  expect(named.filter(({ file, name }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(`('${name}'`))).toEqual([]);
});
