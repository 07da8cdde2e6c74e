import type { Reason } from '~/certification';
import type { Instant } from '~/kernel/clock';
import type { Text } from '~/text';
import { wordReason } from '~/text/reason';

/** A reason as other systems get it: to compute with, and to show. */
export const told = (text: Text, reason: Reason): { code: string; params: Reason['params']; text: string } => ({ code: reason.code, params: reason.params, text: wordReason(text, reason) });
export const toldIf = (text: Text, reason: Reason | null): ReturnType<typeof told> | null => reason && told(text, reason);

export const instant = (at: Instant): string => new Date(at).toISOString();
