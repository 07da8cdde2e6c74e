import { findCourse, shippedItems, type Blueprint, type WrittenItem } from '~/courses';
import { appendEvent, commitIfOk, type Reader, type Tx } from '~/db';
import type { Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { findBankBySlug, insertBank, lockBank } from './bank.repository';
import { headsOfBank, insertItems, insertVersion, itemHash, itemsOfVersions, poolOf, setRetired, type ItemHead } from './item.repository';
import { drawFrom, type PaperEntry, type PaperSections } from './paper';
import type { Random } from './random';

type By = Pick<Actor, 'by'>;

/**
 * Loads the items that came with a course into a bank of its own, which stays marked as public. Loading
 * again brings the bank up to the course's current version: changed items get a new version, items that
 * the course no longer has are retired.
 */
export function loadShippedItems(actor: By, courseSlug: string): Promise<Result<{ bankId: string; items: number }>> {
  return commitIfOk(async (tx): Promise<Result<{ bankId: string; items: number }>> => {
    const course = await findCourse(tx, courseSlug);
    if (!course) return err('not-found');
    const items = await shippedItems(tx, course.versionId, { limit: 100_000, offset: 0 });
    if (items.length === 0) return err('itembank.nothing-shipped');
    const bankId = await shippedBank(tx, { id: course.id, slug: course.slug, title: course.title.zh });
    const changes = await bringUp(tx, bankId, items);
    await appendEvent(tx, {
      kind: 'item-bank.loaded', subject: { kind: 'item-bank', id: bankId }, by: actor.by, cause: 'import',
      body: { course: course.slug, courseVersion: course.version, items: items.length, ...changes },
    });
    return ok({ bankId, items: items.length });
  });
}

async function shippedBank(tx: Tx, course: { id: string; slug: string; title: string }): Promise<string> {
  const slug = `shipped-${course.slug}`;
  const made = await insertBank(tx, { slug, title: course.title, origin: 'shipped', courseId: course.id });
  const id = made ?? (await findBankBySlug(tx, slug))?.id;
  if (id === undefined || !await lockBank(tx, id)) throw new Error(`the bank ${slug} cannot be made`);
  return id;
}

async function bringUp(tx: Tx, bankId: string, items: WrittenItem[]): Promise<{ added: number; changed: number; retired: number }> {
  const heads = new Map((await headsOfBank(tx, bankId)).map((head): [string, ItemHead] => [head.code, head]));
  await insertItems(tx, items.filter((item) => !heads.has(item.code)).map((item) => ({ ...item, bankId })));
  let changed = 0;
  for (const item of items) {
    const head = heads.get(item.code);
    if (!head || (head.hash === itemHash(item) && head.lesson === item.lesson && head.retiredAt === null)) continue;
    await insertVersion(tx, head, item.lesson, item);
    changed += 1;
  }
  const kept = new Set(items.map((item) => item.code));
  const retired = await setRetired(tx, [...heads.values()].filter((head) => !kept.has(head.code)).map((head) => head.id), true);
  return { added: items.filter((item) => !heads.has(item.code)).length, changed, retired };
}

/** Makes an empty bank of the deployment's own for a course. @returns its id */
export function makeBank(actor: By, { course, title }: { course: { id: string; slug: string }; title: string }): Promise<Result<string>> {
  return commitIfOk(async (tx): Promise<Result<string>> => {
    for (let number = 1; number < 1000; number += 1) {
      const slug = `own-${course.slug}${number === 1 ? '' : `-${number}`}`;
      const id = await insertBank(tx, { slug, title, origin: 'own', courseId: course.id });
      if (id === null) continue;
      await appendEvent(tx, { kind: 'item-bank.made', subject: { kind: 'item-bank', id }, by: actor.by, body: { slug, courseId: course.id } });
      return ok(id);
    }
    return err('field.taken', { value: title }, 'title');
  });
}

/** One of several papers that are drawn from a bank together. */
export interface PaperWanted {
  random: Random;
  /** Item versions of the person's earlier papers; their items are avoided in whatever version they are now. */
  avoid: Iterable<string>;
}

/** Draws papers from a bank, see `drawFrom`; the bank is read once for all of them. */
export async function drawPapers(from: Reader, { bankId, blueprint, sections = [], wanted }: {
  bankId: string; blueprint: Blueprint; sections?: PaperSections; wanted: readonly PaperWanted[];
}): Promise<Result<PaperEntry[][]>> {
  const pool = await poolOf(from, bankId);
  const papers: PaperEntry[][] = [];
  for (const { random, avoid } of wanted) {
    const seen = await itemsOfVersions(from, [...avoid]);
    const drawn = drawFrom(pool, blueprint, random, new Set(pool.filter((item) => seen.has(item.itemId)).map((item) => item.id)), sections);
    if (!drawn.ok) return drawn;
    papers.push(drawn.value);
  }
  return ok(papers);
}

/** Draws one paper from a bank. */
export async function drawPaper(from: Reader, { bankId, blueprint, sections = [], random, avoid = [] }: {
  bankId: string; blueprint: Blueprint; sections?: PaperSections; random: Random; avoid?: Iterable<string>;
}): Promise<Result<PaperEntry[]>> {
  const drawn = await drawPapers(from, { bankId, blueprint, sections, wanted: [{ random, avoid }] });
  return drawn.ok ? ok(drawn.value[0] ?? []) : drawn;
}
