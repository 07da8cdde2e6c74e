import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Code } from './code';

export interface FreshTokenProps {
  token: string;
  /** Where the service lies, with its scheme. */
  address: string;
}

/** The token of an application, shown this once. */
export function FreshToken({ token, address }: FreshTokenProps) {
  const { t } = useText();
  return (
    <Banner tone="success" title={t('applications.token-title')}>
      <p>{t('applications.token-text')}</p>
      <p><strong className="code">{token}</strong></p>
      <p>{t('applications.token-try')}</p>
      <Code>{`curl '${address}' \\\n  -H 'Authorization: Bearer ${token}'`}</Code>
    </Banner>
  );
}
