import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { KeptAnswers, KeptChange, KeptEntry } from './kept-answers';
import type { PlainAnswers } from './plain-answers';
import { seal, unseal, type Sealed } from './seal';
import type { TabSignal } from './tab-signal';

const DATABASE = 'shanggang-answers';
/** What was not sent within this time (server's clock) belongs to an exam that is long decided. */
const FORGET_AFTER = 90 * 24 * 3_600_000;

interface Row {
  attempt: string;
  item: string;
  seq: number;
  sealed: Sealed | null;
  sent: boolean;
  flag: boolean | null;
  /** Server's time of the last change, to know what is old. */
  at: number;
}

interface Schema extends DBSchema {
  answers: { key: [string, string]; value: Row };
}

export interface BrowserParts {
  attemptId: string;
  key: Uint8Array;
  signal: TabSignal;
  /** What an older program left in plain text. */
  plain: PlainAnswers;
  now(): number;
}

/**
 * Answers in the browser's IndexedDB, encrypted. Numbers are taken inside its transactions, which the browser
 * puts one after the other for all tabs. Where there is no IndexedDB (a private window of Firefox 78) every
 * promise is rejected, and the page goes on with its memory.
 */
export class BrowserAnswers implements KeptAnswers {
  private opening: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(private readonly parts: BrowserParts) {}

  async keep(item: string, change: KeptChange, atLeast: number): Promise<number> {
    const { attemptId, key } = this.parts;
    const sealed = seal(key, attemptId, { item, ...change });
    const seq = await this.update(item, (row) => ({ ...row, seq: Math.max(row.seq, atLeast - 1) + 1, sealed, sent: false }));
    this.parts.signal.tell();
    return seq;
  }

  async acknowledge(item: string, seq: number): Promise<void> {
    await this.update(item, (row) => (row.seq <= seq ? { ...row, seq, sent: true } : row));
    this.parts.signal.tell();
  }

  async keepFlag(item: string, flagged: boolean): Promise<void> {
    await this.update(item, (row) => ({ ...row, flag: flagged }));
  }

  async acknowledgeFlag(item: string, flagged: boolean): Promise<void> {
    await this.update(item, (row) => (row.flag === flagged ? { ...row, flag: null } : row));
  }

  async read(): Promise<KeptEntry[]> {
    const db = await this.open();
    const { attemptId, key } = this.parts;
    const rows = await db.getAll('answers', IDBKeyRange.bound([attemptId, ''], [attemptId, '\uffff']));
    return rows.map(({ item, seq, sealed, sent, flag }) => ({ item, seq, sent, flag, change: sealed && changeIn(unseal(key, attemptId, sealed), item) }));
  }

  async forget(): Promise<void> {
    const db = await this.open();
    const { attemptId } = this.parts;
    await db.delete('answers', IDBKeyRange.bound([attemptId, ''], [attemptId, '\uffff']));
  }

  watch(changed: () => void): () => void {
    return this.parts.signal.hear(changed);
  }

  /** Changes one row in a transaction of its own. @returns the number that the row has afterwards */
  private async update(item: string, change: (row: Row) => Row): Promise<number> {
    const { attemptId: attempt, now } = this.parts;
    const db = await this.open();
    // Strict: on the disk before it counts as kept, also when the power goes.
    const tx = db.transaction('answers', 'readwrite', { durability: 'strict' });
    const before = (await tx.store.get([attempt, item])) ?? { attempt, item, seq: 0, sealed: null, sent: true, flag: null, at: 0 };
    const after = { ...change(before), at: now() };
    await tx.store.put(after);
    await tx.done;
    return after.seq;
  }

  private open(): Promise<IDBPDatabase<Schema>> {
    this.opening ??= this.opened().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async opened(): Promise<IDBPDatabase<Schema>> {
    const lost = () => void (this.opening = null);
    const db = await openDB<Schema>(DATABASE, 1, {
      upgrade: (fresh) => void fresh.createObjectStore('answers', { keyPath: ['attempt', 'item'] }),
      blocking: (_from, _to, event) => {
        (event.target as IDBDatabase).close();
        lost();
      },
      terminated: lost,
    });
    await this.takeOverPlain(db);
    await forgetOld(db, this.parts.now() - FORGET_AFTER);
    return db;
  }

  private async takeOverPlain(db: IDBPDatabase<Schema>): Promise<void> {
    const { attemptId: attempt, key, plain, now } = this.parts;
    const found = plain.read();
    if (found.length === 0) return;
    const tx = db.transaction('answers', 'readwrite');
    for (const { item, seq, response } of found) {
      const before = await tx.store.get([attempt, item]);
      if (before && before.seq >= seq) continue;
      const sealed = response === undefined ? null : seal(key, attempt, { item, response, changedAt: null });
      await tx.store.put({ attempt, item, seq, sealed, sent: response === undefined, flag: before?.flag ?? null, at: now() });
    }
    await tx.done;
    plain.remove();
  }
}

async function forgetOld(db: IDBPDatabase<Schema>, before: number): Promise<void> {
  const tx = db.transaction('answers', 'readwrite');
  for (let cursor = await tx.store.openCursor(); cursor; cursor = await cursor.continue()) {
    if (cursor.value.at < before) await cursor.delete();
  }
  await tx.done;
}

/** Whether the response fits its item is for the server to judge. */
function changeIn(found: unknown, item: string): KeptChange | null {
  if (typeof found !== 'object' || found === null || !('response' in found) || !('item' in found) || found.item !== item) return null;
  const changedAt = 'changedAt' in found && typeof found.changedAt === 'number' ? found.changedAt : null;
  return { response: found.response as KeptChange['response'], changedAt };
}
