import path from 'node:path';
import { QueryTypes, Sequelize } from 'sequelize';

/**
 * A value for each parameter in the program's addresses, from a demonstration city, so that every page can
 * be opened: keyed by `pattern name`, or by `name` alone where it means the same everywhere.
 */
export async function samplesOf(dataDir: string, recruitNumber: string): Promise<Record<string, string>> {
  const db = new Sequelize({ dialect: 'sqlite', storage: path.join(dataDir, 'shanggang.sqlite'), logging: false });
  const value = async (sql: string): Promise<string> => {
    const [row] = await db.query<{ v: string }>(sql, { type: QueryTypes.SELECT, raw: true });
    if (!row) throw new Error(`the demonstration has nothing for: ${sql}`);
    return row.v;
  };
  try {
    const person = await value(`SELECT person_id AS v FROM identifiers WHERE kind = 'recruitment' AND value = '${recruitNumber}'`);
    const account = await value(`SELECT id AS v FROM accounts WHERE person_id = '${person}'`);
    const intake = await value('SELECT id AS v FROM intakes ORDER BY id LIMIT 1');
    const item = await value('SELECT id AS v FROM items ORDER BY id LIMIT 1');
    const running = await value(`SELECT id AS v FROM attempts WHERE state = 'in-progress' LIMIT 1`);
    const released = await value(`SELECT id AS v FROM attempts WHERE state = 'released' LIMIT 1`);
    const assignment = await value(`SELECT id AS v FROM assignments WHERE person_id = '${person}'`);
    const credential = await value(`SELECT number AS v FROM credentials WHERE state = 'valid' ORDER BY number LIMIT 1`);
    return {
      slug: 'e-government-foundations', exam: 'e-government-foundations', lesson: '01-what-and-why', file: 'missing.svg', number: credential,
      '/hr/intakes/:id id': intake, '/hr/intakes/:id/slips id': intake, '/hr/people/:id id': person, '/admin/accounts/:id id': account,
      '/author/items/:id id': item, '/author/items/:id/edit id': item, '/hr/clearance/:id id': assignment,
      '/attempts/:id id': running, '/attempts/:id/clock id': running, '/attempts/:id/hand-in id': running,
      '/attempts/:id/receipt id': released, '/attempts/:id/result id': released, attempt: running,
    };
  } finally {
    await db.close();
  }
}

/** The address that a pattern means in the demonstration city. */
export const addressOf = (pattern: string, samples: Record<string, string>): string =>
  pattern
    .replace(/:(\w+)/g, (_, name: string) => samples[`${pattern} ${name}`] ?? samples[name] ?? `missing-${name}`)
    .replace(/\*$/, 'no-such-page');
