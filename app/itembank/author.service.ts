import { itemFaults, type ItemFault, type WrittenItem } from '~/courses';
import { appendEvent, commitIfOk, type Tx } from '~/db';
import type { Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { findBank, lockBank } from './bank.repository';
import { countItems, findHead, insertItems, insertVersion, itemHash, setRetired } from './item.repository';

type By = Pick<Actor, 'by'>;

/** What an author writes; the code is given by the bank. */
export type ItemDraft = Omit<WrittenItem, 'code'>;

/** The first rule that a draft breaks, as a problem beside the field that it concerns. */
export function draftProblem(draft: Pick<ItemDraft, 'body' | 'key'>): Result<null> {
  const [fault] = itemFaults(draft.body, draft.key);
  return fault ? err(`item.${fault.code}`, undefined, fieldOf(draft, fault)) : ok(null);
}

const fieldOf = ({ body }: Pick<ItemDraft, 'body'>, fault: ItemFault): string => {
  if (body.type === 'short') return 'accept';
  if (body.type === 'match') return 'lefts';
  if (body.type === 'order') return 'options';
  return fault.at === 'key' ? 'key' : 'options';
};

/** Adds an item to a bank of the deployment's own. @returns the item's id */
export function writeItem(actor: By, bankId: string, draft: ItemDraft): Promise<Result<string>> {
  return commitIfOk(async (tx): Promise<Result<string>> => {
    const checked = draftProblem(draft);
    if (!checked.ok) return checked;
    const bank = await lockBank(tx, bankId);
    if (!bank) return err('not-found');
    if (bank.origin === 'shipped') return err('itembank.shipped');
    const [id = ''] = await insertItems(tx, [{ ...draft, bankId, code: await nextCode(tx, bankId) }]);
    await tell(tx, actor, 'item.written', id, { bankId, version: 1, contentHash: itemHash(draft) });
    return ok(id);
  });
}

/** Codes count up within the bank: `own-0042`. Retired items keep theirs. */
async function nextCode(tx: Tx, bankId: string): Promise<string> {
  return `own-${String((await countItems(tx, bankId)) + 1).padStart(4, '0')}`;
}

/**
 * Changes an item: a new version, so that papers drawn before keep what they asked.
 * @param version the version that the author saw; another one meanwhile refuses the change
 */
export function changeItem(actor: By, { itemId, version, draft }: { itemId: string; version: number; draft: ItemDraft }): Promise<Result<null>> {
  return commitIfOk(async (tx): Promise<Result<null>> => {
    const checked = draftProblem(draft);
    if (!checked.ok) return checked;
    const head = await ownHead(tx, itemId);
    if (!head.ok) return head;
    if (head.value.retiredAt !== null) return err('item.retired');
    if (head.value.version !== version) return err('conflict.changed');
    if (head.value.hash === itemHash(draft) && head.value.lesson === draft.lesson) return ok(null);
    if ((await insertVersion(tx, head.value, draft.lesson, draft)) === null) return err('conflict.changed');
    await tell(tx, actor, 'item.changed', itemId, { version: version + 1, contentHash: itemHash(draft) });
    return ok(null);
  });
}

/** Takes an item out of drawing, or puts it back; papers drawn before keep it. */
export function retireItem(actor: By, itemId: string, retired: boolean): Promise<Result<null>> {
  return commitIfOk(async (tx): Promise<Result<null>> => {
    const head = await ownHead(tx, itemId);
    if (!head.ok) return head;
    if (await setRetired(tx, [itemId], retired)) await tell(tx, actor, retired ? 'item.retired' : 'item.restored', itemId, {});
    return ok(null);
  });
}

async function ownHead(tx: Tx, itemId: string) {
  const head = await findHead(tx, itemId);
  if (!head) return err('not-found');
  const bank = await findBank(tx, head.bankId);
  return bank?.origin === 'own' ? ok(head) : err('itembank.shipped');
}

const tell = (tx: Tx, actor: By, kind: string, id: string, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'item', id }, by: actor.by, cause: 'author', body });
