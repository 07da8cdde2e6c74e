import { Link } from '@remix-run/react';
import { useText } from '~/text/react';
import { Banner, Disclosure, Facts, InstantText, Section, type BannerTone } from '~/ui';
import type { ShownRecordCheck } from './record.server';
import { RecordSections } from './record-sections';

const TONES: Record<ShownRecordCheck['verdict'], BannerTone> = { 'genuine': 'success', 'altered': 'danger', 'key-leaked': 'danger', 'impostor': 'danger', 'elsewhere': 'info' };

/** What an uploaded record for life turned out to be: who signed it and when, and what it says. */
export function CheckedLifeRecord({ check: { verdict, issuer, key, said } }: { check: ShownRecordCheck }) {
  const { t } = useText();
  return (
    <>
      <Section title={t('badge.result')}>
        <Banner tone={TONES[verdict]} title={t(`records.check.${verdict}`)}><p>{t(`records.check.${verdict}-text`, { issuer: issuer?.name ?? '', url: issuer?.url ?? '' })}</p></Banner>
        {said && (
          <Facts items={[
            { term: t('records.person'), value: <strong>{said.name}</strong> },
            ...said.numbers.map(({ kind, value }) => ({ term: t(`identity.number.${kind}`), value: <span className="code">{value}</span> })),
            { term: t('records.check-signer'), value: <>{issuer?.name}<br /><small className="wrap-anywhere">{issuer?.url}</small></> },
            { term: t('records.check-signed-at'), value: <InstantText at={said.madeAt} /> },
            ...(key ? [{ term: t('records.check-key'), value: <><code className="wrap-anywhere small">{key.kid}</code>{key.retiredAt !== null && <><br /><small>{t('records.check-key-old')} <InstantText at={key.retiredAt} /></small></>}</> }] : []),
          ]} />
        )}
        {said && said.credentials.length > 0 && (
          <>
            <p>{t('records.check-since')}</p>
            <ul className="bullets">{said.credentials.map((number) => <li key={number}><Link to={`/check/${number}`}>{t('records.check-credential', { number })}</Link></li>)}</ul>
          </>
        )}
      </Section>
      {said && said.sections.length > 0 && <Disclosure summary={t('records.check-all')}><RecordSections sections={said.sections} /></Disclosure>}
    </>
  );
}
