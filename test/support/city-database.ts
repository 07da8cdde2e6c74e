import path from 'node:path';
import { QueryTypes, Sequelize } from 'sequelize';

/** Looks into the database of a running installation, as an inspector with a copy would; never writes. */
export class CityDatabase {
  private readonly db: Sequelize;

  constructor(dataDir: string) {
    this.db = new Sequelize({ dialect: 'sqlite', storage: path.join(dataDir, 'shanggang.sqlite'), logging: false });
  }

  select<T extends object>(sql: string, bind: Record<string, string | number> = {}): Promise<T[]> {
    return this.db.query<T>(sql, { type: QueryTypes.SELECT, raw: true, bind });
  }

  async one<T extends object>(sql: string, bind: Record<string, string | number> = {}): Promise<T> {
    const [row] = await this.select<T>(sql, bind);
    if (!row) throw new Error(`nothing for: ${sql}`);
    return row;
  }

  /** Type and key of each item of an attempt's paper, in the order of the paper. */
  async keysOf(attemptId: string): Promise<{ item: string; type: string; key: unknown }[]> {
    const { entries } = await this.one<{ entries: string }>('SELECT p.entries FROM attempts a JOIN papers p ON p.id = a.paper_id WHERE a.id = $attemptId', { attemptId });
    const found = await this.select<{ id: string; type: string; key: string }>('SELECT v.id, i.type, v.key FROM item_versions v JOIN items i ON i.id = v.item_id');
    const keys = new Map(found.map((row) => [row.id, row]));
    return (JSON.parse(entries) as { item: string }[]).map(({ item }) => {
      const row = keys.get(item);
      if (!row) throw new Error(`no key for ${item}`);
      return { item, type: row.type, key: JSON.parse(row.key) as unknown };
    });
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
