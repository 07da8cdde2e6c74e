import { expect, it } from 'vitest';
import { z } from 'zod';
import { among, execute, inTransaction, insert, reader, rows, type Bindable } from '~/db';
import { onEveryDatabase } from '../support/databases';

const Row = z.object({ id: z.string(), n: z.number().nullable(), at: z.number(), text: z.string().nullable() });

onEveryDatabase('many rows at once', (dialect) => {
  const table = (name: string) => inTransaction((tx) => execute(tx, `CREATE TABLE ${name} (id TEXT PRIMARY KEY, n INTEGER, at BIGINT NOT NULL, text TEXT, bytes ${dialect === 'sqlite' ? 'BLOB' : 'BYTEA'})`));
  const all = (name: string) => rows(reader(), Row, `SELECT id, n, at, text FROM ${name} ORDER BY at`);
  const made = (texts: (string | null)[]): { id: string; n: number | null; at: number; text: string | null }[] => texts.map((text, i) => ({ id: `r${i}`, n: i % 2 === 0 ? i : null, at: 1_764_000_000_000 + i, text }));

  it('keeps every value as it was given, texts that look like figures, documents and quotes too', async () => {
    await table('bulk_values');
    const given = made(['0012', '1.50', '', null, 'null', '{"a":[1,"二"]}', `it's "so"\n\\u0000`, '𠮷野', '$1 ?', 'true']);
    expect(await inTransaction((tx) => insert(tx, 'bulk_values', given))).toBe(10);
    expect(await all('bulk_values')).toEqual(given);
  });

  it('inserts more than one statement takes, in order, and counts them', async () => {
    await table('bulk_many');
    const given = made(Array.from({ length: 1203 }, (_, i) => `第${i}行`));
    expect(await inTransaction((tx) => insert(tx, 'bulk_many', given))).toBe(1203);
    expect(await all('bulk_many')).toEqual(given);
  });

  it('counts only what was inserted where the same is there already', async () => {
    await table('bulk_again');
    const given = made(Array.from({ length: 8 }, () => 'once'));
    await inTransaction((tx) => insert(tx, 'bulk_again', given.slice(0, 6)));
    expect(await inTransaction((tx) => insert(tx, 'bulk_again', given, 'ON CONFLICT (id) DO NOTHING'))).toBe(2);
    await inTransaction((tx) => insert(tx, 'bulk_again', given.map((row) => ({ ...row, text: 'twice' })), 'ON CONFLICT (id) DO UPDATE SET text = excluded.text'));
    expect((await all('bulk_again')).map(({ text }) => text)).toEqual(Array.from({ length: 8 }, () => 'twice'));
  });

  it('inserts bytes, which no document can carry', async () => {
    await table('bulk_bytes');
    const given = made(Array.from({ length: 7 }, () => null)).map((row, i): Record<string, Bindable> => ({ ...row, bytes: Buffer.from([0, 255, i]) }));
    await inTransaction((tx) => insert(tx, 'bulk_bytes', given));
    const found = await rows(reader(), z.object({ bytes: z.instanceof(Buffer) }), 'SELECT bytes FROM bulk_bytes ORDER BY at');
    expect(found.map(({ bytes }) => [...bytes])).toEqual(given.map((_, i) => [0, 255, i]));
  });

  it('leaves nothing when one of many rows is refused, and says that a key was taken', async () => {
    await table('bulk_refused');
    const given = made(Array.from({ length: 9 }, () => 'x')).map((row, i) => ({ ...row, id: i === 8 ? 'r0' : row.id }));
    await expect(inTransaction((tx) => insert(tx, 'bulk_refused', given))).rejects.toMatchObject({ name: 'SequelizeUniqueConstraintError' });
    expect(await all('bulk_refused')).toEqual([]);
    const { text: _, ...short } = given[3] ?? {};
    await expect(inTransaction((tx) => insert(tx, 'bulk_refused', given.map((row, i) => (i === 3 ? short : row) as Record<string, Bindable>)))).rejects.toThrow('bulk_refused.text is missing');
  });

  it('finds rows by a list of texts, of figures, and by none', async () => {
    await table('bulk_lists');
    await inTransaction((tx) => insert(tx, 'bulk_lists', made(Array.from({ length: 20 }, (_, i) => `t${i}`))));
    const ask = async (column: string, values: readonly string[] | readonly number[]) => {
      const { list, params } = among(reader(), 'values', values);
      return (await rows(reader(), z.object({ id: z.string() }), `SELECT id FROM bulk_lists WHERE ${column} IN (${list}) ORDER BY at`, params)).map(({ id }) => id);
    };
    expect(await ask('text', ['t3', 't5', `'`, 'T7'])).toEqual(['r3', 'r5']);
    expect(await ask('n', [2, 3, 4])).toEqual(['r2', 'r4']);
    expect(await ask('n', [])).toEqual([]);
    expect(await ask('text', [])).toEqual([]);
  });
});
