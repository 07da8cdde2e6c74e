import { z } from 'zod';
import { execute, insert, maybeOne, places, rows, type By, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { codeHash } from './code';

const PURPOSES = ['activate', 'reset'] as const;
/** `activate`: the first password. `reset`: a new one for somebody who lost theirs. */
export type Purpose = (typeof PURPOSES)[number];

const CodeRow = z.object({
  id: z.string(), account_id: z.string(), purpose: z.enum(PURPOSES), expires_at: z.number(),
  used_at: z.number().nullable(), replaced_at: z.number().nullable(),
});
export type CodeRow = z.infer<typeof CodeRow>;

export const findCode = (from: Reader, typed: string): Promise<CodeRow | null> =>
  maybeOne(from, CodeRow, `SELECT id, account_id, purpose, expires_at, used_at, replaced_at FROM activation_codes
    WHERE code_hash = $hash`, { hash: codeHash(typed) });

/** Codes that nobody used stop working. */
export async function replaceCodes(tx: Tx, accountIds: string[]): Promise<void> {
  if (accountIds.length === 0) return;
  const { list, params } = places(accountIds);
  await execute(tx, `UPDATE activation_codes SET replaced_at = $now
    WHERE used_at IS NULL AND replaced_at IS NULL AND account_id IN (${list})`, { ...params, now: tx.now });
}

/** @param codes by account */
export async function insertCodes(tx: Tx, codes: Map<string, string>, all: { purpose: Purpose; by: By; expiresAt: number }): Promise<void> {
  await insert(tx, 'activation_codes', [...codes].map(([accountId, code]) => ({
    id: newId(), account_id: accountId, code_hash: codeHash(code), purpose: all.purpose,
    created_at: tx.now, created_by: all.by, expires_at: all.expiresAt, used_at: null, replaced_at: null,
  })));
}

/** @returns false when somebody was faster */
export const spendCode = async (tx: Tx, id: string): Promise<boolean> =>
  (await execute(tx, `UPDATE activation_codes SET used_at = $now
    WHERE id = $id AND used_at IS NULL AND replaced_at IS NULL`, { id, now: tx.now })) > 0;

const OpenCode = z.object({ created_at: z.number(), expires_at: z.number(), purpose: z.enum(PURPOSES) });

/** The code that would work now, if there is one: when made and until when. Never the code itself. */
export const openCode = async (from: Reader, accountId: string): Promise<z.infer<typeof OpenCode> | null> =>
  (await rows(from, OpenCode, `SELECT created_at, expires_at, purpose FROM activation_codes
    WHERE account_id = $accountId AND used_at IS NULL AND replaced_at IS NULL ORDER BY created_at DESC LIMIT 1`, { accountId }))[0] ?? null;
