import type { Snapshot } from '~/certification';
import { useText } from '~/text/react';
import { cutOff } from '~/text/reason';
import { Facts } from '../facts/facts';

/** Everything that is printed on a credential, to be compared line by line. */
export function CredentialFacts({ snapshot }: { snapshot: Snapshot }) {
  const { t, date, lang } = useText();
  const { number, name, recruitmentNumber, organisation, post, programmeVersion: version, validUntil } = snapshot;
  return (
    <Facts items={[
      { term: t('credential.number'), value: <span className="code">{number}</span> },
      { term: t('credential.name'), value: name },
      ...(recruitmentNumber === null ? [] : [{ term: t('credential.recruitment-number'), value: recruitmentNumber }]),
      { term: t('credential.organisation'), value: organisation },
      { term: t('credential.post'), value: post },
      { term: t('credential.programme'), value: t('credential.programme-value', { programme: lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn, version }) },
      ...snapshot.requirements.map((one) => ({ term: t(`credential.${one.kind}`), value: <RequirementWords one={one} /> })),
      { term: t('credential.start-of-duty'), value: date(snapshot.startOfDuty) },
      { term: t('credential.may-start'), value: date(snapshot.mayStartOn) },
      { term: t('credential.issuer'), value: snapshot.issuer },
      { term: t('credential.issued'), value: date(snapshot.issuedOn) },
      { term: t('credential.valid-until'), value: validUntil === null ? t('credential.no-end') : date(validUntil) },
      ...(snapshot.replaces === null ? [] : [{ term: t('credential.replaces'), value: <span className="code">{snapshot.replaces}</span> }]),
      { term: t('credential.check-code'), value: <span className="code">{snapshot.checkCode}</span> },
      { term: t('credential.check-page'), value: <span className="wrap-anywhere">{snapshot.checkAddress.split('?')[0]}</span> },
    ]} />
  );
}

function RequirementWords({ one }: { one: Snapshot['requirements'][number] }) {
  const { t, date, lang } = useText();
  const title = lang === 'zh' ? one.titleZh : one.titleEn;
  const on = date(one.on);
  return one.kind === 'course'
    ? <>{t('credential.course-value', { title, on, minutes: one.minutes ?? 0 })}</>
    : <>{t('credential.exam-value', { title, on, percent: cutOff(one.percent ?? 0), cutScore: one.cutScore ?? 0 })}</>;
}
