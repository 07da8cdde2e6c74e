import { z } from 'zod';
import { handInExternal, MAX_FILE } from '~/certification';
import type { Actor } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { Id } from '~/kernel/id';
import { ProblemError, type Result } from '~/kernel/result';
import { parseOneOf } from '../form.server';
import { ChosenFile, contentOf, isTooLong } from './upload.server';

const Day = z.string().refine(isPlainDate, 'field.date');
const Text = z.string().trim().min(2, 'field.too-short').max(120, 'field.too-long');

export const HandIn = z.object({
  code: z.string().max(80), title: Text, issuer: Text, issuedOn: Day, validUntil: Day.optional(),
  note: z.string().trim().max(500, 'field.too-long').optional(), file: ChosenFile,
});
export const Withdraw = z.object({ id: Id });

/** The form by which evidence is handed in, for oneself or for somebody else. @throws ProblemError when it is far too long */
export async function readEvidenceForm(request: Request) {
  if (isTooLong(request, MAX_FILE)) throw new ProblemError({ code: 'records.file-too-large', params: { max: MAX_FILE / 1024 / 1024 } });
  return parseOneOf(request, { 'hand-in': HandIn, withdraw: Withdraw });
}

export async function handIn(actor: Actor, personId: string, { file, validUntil, note, ...rest }: z.infer<typeof HandIn>): Promise<Result<string>> {
  return handInExternal(actor, { ...rest, personId, validUntil: validUntil ?? null, note: note ?? '', file: await contentOf(file) });
}

