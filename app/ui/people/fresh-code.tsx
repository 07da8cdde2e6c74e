import type { Instant } from '~/kernel/clock';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Facts } from '../facts/facts';
import { InstantText } from '../time/time';

export interface FreshCodeProps {
  code: string;
  signInName: string;
  expiresAt: Instant;
  /** Where it is to be used. */
  address: string;
}

/** A one-time code, shown this once. */
export function FreshCodeBanner({ code, signInName, expiresAt, address }: FreshCodeProps) {
  const { t } = useText();
  return (
    <Banner tone="success" title={t('people.fresh-title')}>
      <p>{t('people.fresh-text')}</p>
      <Facts items={[
        { term: t('people.account-name'), value: signInName },
        { term: t('identity.code'), value: <strong className="one-time-code">{code}</strong> },
        { term: t('people.fresh-until'), value: <InstantText at={expiresAt} /> },
        { term: t('people.fresh-where'), value: address },
      ]} />
    </Banner>
  );
}
