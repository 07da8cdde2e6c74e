import type { SubmissionResult } from '@conform-to/react';
import type { Problem } from '~/kernel/result';

/** What an action answers when a form was not accepted: which form, what was typed, what is wrong. */
export interface FormReply {
  form: string;
  reply: SubmissionResult<Problem[]>;
}

/** The name of a page's only form, and the hidden field that names the form among several. */
export const ONLY_FORM = 'form';
export const FORM_FIELD = '__form';

/** Whether what is being sent right now comes from the form `id`. */
export const sentBy = (sent: FormData | undefined, id: string): boolean => (sent?.get(FORM_FIELD) ?? ONLY_FORM) === id;

export const isFormReply = (value: unknown): value is FormReply =>
  typeof value === 'object' && value !== null && 'form' in value && 'reply' in value;
