import type { FileCheck } from '~/certification';
import { useText } from '~/text/react';
import { Banner, type BannerTone } from '../banner/banner';
import { ButtonLink, ButtonRow } from '../button/button';
import { Facts } from '../facts/facts';
import { Section } from '../page/page';
import { InstantText } from '../time/time';
import { CredentialFacts } from './credential-facts';

/** What an uploaded file turned out to be, and what it says. */
export function CheckedFile({ check }: { check: FileCheck }) {
  const { t } = useText();
  const { number, verdict } = check;
  return (
    <Section title={t('badge.result')}>
      {(verdict === 'ours' || verdict === 'our-pdf') ? <Ours check={check} /> : <Other check={check} />}
      {check.fetchAnew && <Banner tone="warning" title={t('badge.fetch-anew')} />}
      <Said check={check} />
      {check.printed && <CredentialFacts snapshot={check.printed} />}
      {number !== null && <ButtonRow><ButtonLink to={`/check/${number}`}>{t('badge.open-check')}</ButtonLink></ButtonRow>}
    </Section>
  );
}

function Ours({ check: { verdict, standing, stateAt } }: { check: FileCheck }) {
  const { t, dateTime } = useText();
  const tone: BannerTone = standing === 'valid' ? 'success' : standing === 'not-yet' ? 'warning' : 'danger';
  const changed = stateAt !== null && (standing === 'revoked' || standing === 'suspended' || standing === 'superseded');
  return (
    <Banner tone={tone} title={t(`badge.standing.${standing ?? 'valid'}`)}>
      {verdict === 'our-pdf' && <p>{t('badge.verdict.our-pdf')}</p>}
      {changed && <p>{t('badge.since', { at: dateTime(stateAt) })}</p>}
    </Banner>
  );
}

function Other({ check: { verdict, standing, number, wrong } }: { check: FileCheck }) {
  const { t } = useText();
  if (verdict === 'ours' || verdict === 'our-pdf') return null;
  return (
    <Banner tone={TONES[verdict] ?? 'danger'} title={t(`badge.verdict.${verdict}`)}>
      <p>{t(`badge.verdict.${verdict}-text`, { number: number ?? '', wrong: wrong.join(', ') })}</p>
      {verdict === 'elsewhere' && (standing === 'expired' || standing === 'not-yet') && <p>{t(`badge.verdict.elsewhere-${standing}`)}</p>}
    </Banner>
  );
}

/** Red is for what must not be believed; what cannot be told is neither good nor bad. */
const TONES: Partial<Record<FileCheck['verdict'], BannerTone>> = {
  elsewhere: 'info', 'other-proof': 'warning', 'unknown-key': 'warning', 'unknown-context': 'warning', 'other-pdf': 'warning', nothing: 'warning', malformed: 'warning', 'no-proof': 'warning',
};

function Said({ check: { facts, number, reason } }: { check: FileCheck }) {
  const { t, has } = useText();
  const why = `credential.reason.${reason ?? ''}`;
  const items = [
    ...(number === null ? [] : [{ term: t('badge.fact.number'), value: <span className="code wrap-anywhere">{number}</span> }]),
    ...(has(why) ? [{ term: t('badge.fact.reason'), value: t(why) }] : []),
    ...(facts === null ? [] : [
      ...(facts.name === null ? [] : [{ term: t('badge.fact.name'), value: <strong>{facts.name}</strong> }]),
      { term: t('badge.fact.achievement'), value: facts.achievement },
      ...(facts.description === null ? [] : [{ term: t('badge.fact.description'), value: facts.description }]),
      { term: t('badge.fact.issuer'), value: <span className="wrap-anywhere">{facts.issuer}</span> },
      { term: t('badge.fact.valid-from'), value: <InstantText at={facts.validFrom} /> },
      ...(facts.validUntil === null ? [] : [{ term: t('badge.fact.valid-until'), value: <InstantText at={facts.validUntil} /> }]),
      { term: t('badge.fact.key'), value: <code className="wrap-anywhere small">{facts.publicKey}</code> },
    ]),
  ];
  return items.length > 0 ? <Facts items={items} /> : null;
}
