import { QueryTypes } from 'sequelize';
import type { Database } from '~/db';

/** The schema as the database itself describes it, sorted, for comparison with the committed description. */
export async function describeSchema(db: Database): Promise<string> {
  const select = (sql: string) => db.reading.query<{ line: string }>(sql, { type: QueryTypes.SELECT, raw: true });
  const found = db.dialect === 'sqlite' ? await select(SQLITE) : await select(POSTGRES);
  return `${found.map(({ line }) => line.replace(/\s+/g, ' ').trim()).join('\n')}\n`;
}

const SQLITE = `SELECT sql AS line FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`;

const POSTGRES = `SELECT line FROM (
  SELECT table_name AS t, 1 AS kind, lpad(ordinal_position::text, 3, '0') AS n,
    table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
      || COALESCE(' DEFAULT ' || column_default, '') AS line
  FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL
  SELECT conrelid::regclass::text, 2, pg_get_constraintdef(oid), conrelid::regclass::text || ': ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c')
  UNION ALL
  SELECT tablename, 3, indexdef, indexdef FROM pg_indexes WHERE schemaname = 'public'
) AS described ORDER BY t COLLATE "C", kind, n COLLATE "C"`;
