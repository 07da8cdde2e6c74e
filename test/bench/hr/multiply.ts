import path from 'node:path';
import { QueryTypes, Sequelize } from 'sequelize';

/** Tables with what a person has, parents first, and their columns that name something which is copied as well. */
const COPIED: Record<string, { ids: string[]; given?: Record<string, string> }> = {
  persons: { ids: ['id'] },
  person_likeness: { ids: ['person_id'] },
  identifiers: { ids: ['id', 'person_id'], given: { value: `value || '-' || n.i`, value_hash: `value_hash || n.i` } },
  accounts: { ids: ['id', 'person_id'], given: { sign_in_name: `sign_in_name || '-' || n.i` } },
  appointments: { ids: ['id', 'person_id'] },
  assignments: { ids: ['id', 'person_id', 'appointment_id', 'follows'] },
  clearances: { ids: ['assignment_id', 'person_id', 'appointment_id', 'followed_by'] },
  assignment_exceptions: { ids: ['id', 'person_id', 'appointment_id'] },
  enrolments: { ids: ['id', 'person_id'] },
  lesson_progress: { ids: ['enrolment_id'] },
  completions: { ids: ['id', 'enrolment_id', 'person_id'] },
  attempts: { ids: ['id', 'person_id'], given: { next_check_at: 'NULL', booking_id: 'NULL' } },
  results: { ids: ['attempt_id', 'person_id'] },
  evidence: { ids: ['id', 'person_id', 'ref'] },
  credentials: { ids: ['id', 'person_id', 'assignment_id'], given: { number: `number || '-' || n.i`, replaces: 'NULL' } },
  starts: { ids: ['id', 'person_id', 'appointment_id'] },
  waivers: { ids: ['id', 'person_id', 'assignment_id'] },
  hour_entries: { ids: ['id', 'person_id', 'ref'] },
  external_evidence: { ids: ['id', 'person_id'] },
  transfers: { ids: ['id', 'person_id', 'appointment_id', 'new_appointment_id'] },
};

/** The same id with six of its random digits in the copy's number; what is no UUID gets the number behind it. */
const copyOf = (column: string): string =>
  `CASE WHEN ${column} IS NULL THEN NULL WHEN length(${column}) = 36 THEN substr(${column}, 1, 24) || printf('%06x', n.i) || substr(${column}, 31) ELSE ${column} || '-' || n.i END`;

/** Everybody without a role, whoever they are about. */
const BASE = `SELECT p.id FROM persons p WHERE NOT EXISTS (SELECT 1 FROM accounts c JOIN roles r ON r.account_id = c.id WHERE c.person_id = p.id)`;

/** Copies the people of a demonstration city with all that they have until there are so many. @returns how many there are */
export async function multiply(dataDir: string, people: number): Promise<number> {
  const db = new Sequelize({ dialect: 'sqlite', storage: path.join(dataDir, 'shanggang.sqlite'), logging: false, pool: { max: 1 } });
  const count = async (sql: string): Promise<number> => (await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM (${sql})`, { type: QueryTypes.SELECT }))[0]?.n ?? 0;
  try {
    const base = await count(BASE);
    const copies = Math.max(0, Math.ceil((people - await count('SELECT id FROM persons')) / base));
    await db.query(`CREATE TABLE bench_base AS ${BASE}`);
    if (copies > 0) for (const table of Object.keys(COPIED)) await copyTable(db, table, copies);
    await db.query('DROP TABLE bench_base');
    await db.query('ANALYZE');
    return await count('SELECT id FROM persons');
  } finally {
    await db.close();
  }
}

async function copyTable(db: Sequelize, table: string, copies: number): Promise<void> {
  const { ids, given = {} } = COPIED[table] ?? { ids: [] };
  const columns = (await db.query<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`, { type: QueryTypes.SELECT })).map(({ name }) => name);
  const whose = table === 'persons' ? 't.id IN (SELECT id FROM bench_base)' : table === 'lesson_progress'
    ? 't.enrolment_id IN (SELECT id FROM enrolments WHERE person_id IN (SELECT id FROM bench_base))' : 't.person_id IN (SELECT id FROM bench_base)';
  await db.query(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${copies})
    INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((column) => given[column] ?? (ids.includes(column) ? copyOf(`t.${column}`) : `t.${column}`)).join(', ')} FROM ${table} t CROSS JOIN n WHERE ${whose}`);
}
