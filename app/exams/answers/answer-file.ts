import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { z } from 'zod';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { keyBytes } from './answer-key';

/** The largest answer file, in bytes: three hundred long answers are a tenth of it. */
export const MAX_ANSWER_FILE = 1024 * 1024;

const Wrapped = z.object({
  shanggang: z.literal('answers'),
  version: z.number(),
  attempt: z.string().min(1).max(64),
  nonce: z.string().max(64),
  sealed: z.string(),
});

const At = z.iso.datetime({ precision: 3 }).transform((text): Instant => Date.parse(text));

const Opened = z.object({
  attempt: z.string(),
  device: z.string().min(1).max(64),
  madeAt: At,
  handIn: z.boolean(),
  changes: z.array(z.object({
    item: z.string().min(1).max(64),
    seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    response: z.unknown(),
    changedAt: At.nullish().transform((at) => at ?? null),
  })).max(2000),
});

/** What a candidate's device wrote into the file when the network was down at hand-in. */
export interface AnswerFile {
  attemptId: string;
  device: string;
  /** By the server's time, as the page reckoned it. */
  madeAt: Instant;
  /** The candidate had pressed "hand in". */
  handIn: boolean;
  changes: { item: string; seq: number; response?: unknown; changedAt: Instant | null }[];
}

/** Version of the file that this program writes and reads. */
const VERSION = 1;

/**
 * Opens an answer file: JSON with the attempt, and the sealed answers (XChaCha20-Poly1305 with the attempt's key,
 * the attempt as additional data), so that a byte that was changed, or another attempt's answers, are noticed.
 * @returns `answer-file.foreign` what is no such file, `answer-file.version`, `answer-file.altered`
 */
export function openAnswerFile(text: string): Result<AnswerFile> {
  const wrapped = Wrapped.safeParse(parsed(text));
  if (!wrapped.success) return err('answer-file.foreign', {}, 'file');
  if (wrapped.data.version !== VERSION) return err('answer-file.version', {}, 'file');
  const { attempt, nonce, sealed } = wrapped.data;
  const plain = unsealed(attempt, Buffer.from(nonce, 'base64url'), Buffer.from(sealed, 'base64url'));
  const opened = Opened.safeParse(plain === null ? null : parsed(plain));
  if (!opened.success || opened.data.attempt !== attempt) return err('answer-file.altered', {}, 'file');
  const { device, madeAt, handIn, changes } = opened.data;
  return ok({ attemptId: attempt, device, madeAt, handIn, changes });
}

function unsealed(attemptId: string, nonce: Uint8Array, sealed: Uint8Array): string | null {
  try {
    const plain = xchacha20poly1305(keyBytes(attemptId), nonce, Buffer.from(attemptId)).decrypt(sealed);
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
