import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/**
 * What an archive says of itself. A table is a file of JSON lines in the order of its columns' names, so
 * that an archive made on one kind of database can be restored on the other.
 */
export const Manifest = z.object({
  format: z.literal(1),
  madeAt: z.number(),
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), rows: z.number(), sha256: z.string() })),
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

export type Row = Record<string, string | number | null>;

/** One line of a table file: keys sorted, so that equal rows are equal texts. */
export function lineOf(row: Record<string, unknown>): string {
  const sorted = Object.keys(row).sort().map((key) => [key, row[key]] as const);
  return JSON.stringify(Object.fromEntries(sorted));
}

/** SHA-256 of a file, in hex, without holding it in memory. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const RowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** The rows of a table file, in chunks of at most `size`. */
export async function* rowsOf(file: string, size: number): AsyncGenerator<Row[]> {
  let chunk: Row[] = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line === '') continue;
    chunk.push(RowSchema.parse(JSON.parse(line)));
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
