import type { CredentialStatus } from '~/certification';
import type { TextKey } from '~/text';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';

const REASONS: readonly string[] = [
  'issued-in-error', 'result-annulled', 'attempt-voided', 'misconduct', 'left-service',
] satisfies (TextKey extends infer Key ? Key extends `credential.reason.${infer Reason}` ? Reason : never : never)[];

const isReason = (key: string): key is TextKey & `credential.reason.${string}` => REASONS.includes(key.slice('credential.reason.'.length));

/** That a credential is revoked, since when and for what kind of reason. */
export function RevokedBanner({ status: { stateAt, reason } }: { status: CredentialStatus }) {
  const { t, dateTime } = useText();
  const key = `credential.reason.${reason ?? ''}`;
  return <Banner tone="danger" title={t('credential.revoked-since', { at: dateTime(stateAt), reason: isReason(key) ? t(key) : '—' })} />;
}
