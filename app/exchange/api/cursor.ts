import { err, ok, type Result } from '~/kernel/result';
import { keyedHash } from '~/kernel/secrets';

/**
 * Where a list goes on, as other systems carry it: signed, so that nobody makes one up, and bound to the question (whose it is, which
 * list, which filters), so that it is not put to another one.
 */
export const sealCursor = (question: string, position: string): string => `${Buffer.from(position, 'utf8').toString('base64url')}.${signature(question, position)}`;

/** The position that a cursor holds, if it was given as an answer to this question. */
export function openCursor(question: string, cursor: string): Result<string> {
  const position = Buffer.from(cursor.split('.')[0] ?? '', 'base64url').toString('utf8');
  return sealCursor(question, position) === cursor ? ok(position) : err('api.cursor', undefined, 'cursor');
}

const signature = (question: string, position: string): string => keyedHash(`cursor ${question} ${position}`).slice(0, 32);
