import type { Text, TextKey } from './index';

type Code = TextKey extends infer Key ? (Key extends `credential.reason.${infer Reason}` ? Reason : never) : never;

const REASONS: readonly string[] = [
  'issued-in-error', 'result-annulled', 'attempt-voided', 'misconduct', 'left-service', 'inquiry', 'result-in-doubt', 'identity-in-doubt', 'inquiry-closed',
  'suspended-in-error', 'renewed', 'corrected', 'ground-ended',
] satisfies Code[];

const isReason = (code: string): code is Code => REASONS.includes(code);

/** The kind of reason for which something was done to a credential, for everybody to read. */
export const wordCredentialReason = ({ t }: Pick<Text, 't'>, code: string | null): string =>
  code !== null && isReason(code) ? t(`credential.reason.${code}`) : '—';
