import { createHash } from 'node:crypto';
import { bankStamp } from '~/itembank';
import { reader } from '~/db';
import { clock, seconds, type Instant } from '~/kernel/clock';
import type { Exam } from '../exam.repository';

const KEPT_FOR = seconds(3);
const kept = new Map<string, { version: number; at: Instant; basis: Promise<string> }>();

/**
 * Names what a paper of the exam would be drawn of now: bank, state of its items, blueprint, sections. A
 * prepared paper with another basis is drawn anew, so that an item which was mended or retired meanwhile
 * reaches nobody. Looked up at most every three seconds for each exam.
 */
export function paperBasis(exam: Exam): Promise<string> {
  const now = clock.now();
  const known = kept.get(exam.id);
  if (known?.version === exam.version && Math.abs(now - known.at) < KEPT_FOR) return known.basis;
  const basis = compute(exam);
  kept.set(exam.id, { version: exam.version, at: now, basis });
  basis.catch(() => kept.delete(exam.id));
  return basis;
}

async function compute({ bankId, blueprint, sections }: Exam): Promise<string> {
  const stamp = bankId === null ? null : await bankStamp(reader(), bankId);
  return createHash('sha256').update(JSON.stringify([bankId, blueprint, sections, stamp])).digest('hex').slice(0, 32);
}
