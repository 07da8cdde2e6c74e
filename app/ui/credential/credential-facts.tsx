import type { Snapshot } from '~/certification';
import { useText } from '~/text/react';
import { cutOff } from '~/text/reason';
import { Facts } from '../facts/facts';

type Fact = 'recruitment-number' | 'post' | 'requirements' | 'start-of-duty';

/** What was issued before there were templates shows everything. */
const prints = ({ template }: Snapshot, fact: Fact): boolean => template === null || template.content.facts.includes(fact);

const FIRST_DAYS = { 'before-start-of-duty': 'credential.may-start', 'before-confirmation': 'credential.may-confirm', 'none': 'credential.valid-from' } as const;
const REPLACING = { revoked: 'credential.replaces', renewed: 'credential.follows', corrected: 'credential.corrects' } as const;

/** Everything that is printed on a credential, to be compared line by line. */
export function CredentialFacts({ snapshot }: { snapshot: Snapshot }) {
  const { t, date, lang } = useText();
  const { number, name, recruitmentNumber, organisation, post, programmeVersion: version, validUntil } = snapshot;
  return (
    <Facts items={[
      { term: t('credential.number'), value: <span className="code">{number}</span> },
      { term: t('credential.name'), value: name },
      ...(recruitmentNumber === null || !prints(snapshot, 'recruitment-number') ? [] : [{ term: t('credential.recruitment-number'), value: recruitmentNumber }]),
      { term: t('credential.organisation'), value: organisation },
      ...(prints(snapshot, 'post') ? [{ term: t('credential.post'), value: post }] : []),
      { term: t('credential.programme'), value: t('credential.programme-value', { programme: lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn, version }) },
      ...(prints(snapshot, 'requirements') ? snapshot.requirements.map((one) => ({ term: t(`credential.${one.kind}`), value: <RequirementWords one={one} /> })) : []),
      ...(prints(snapshot, 'start-of-duty') ? [{ term: t('credential.start-of-duty'), value: date(snapshot.startOfDuty) }] : []),
      { term: t(FIRST_DAYS[snapshot.gate]), value: date(snapshot.mayStartOn) },
      { term: t('credential.issuer'), value: snapshot.issuer },
      { term: t('credential.issued'), value: date(snapshot.issuedOn) },
      { term: t('credential.valid-until'), value: validUntil === null ? t('credential.no-end') : date(validUntil) },
      ...(snapshot.replaces === null ? [] : [{ term: t(REPLACING[snapshot.replacing]), value: <span className="code">{snapshot.replaces}</span> }]),
      { term: t('credential.check-code'), value: <span className="code">{snapshot.checkCode}</span> },
      { term: t('credential.check-page'), value: <span className="wrap-anywhere">{snapshot.checkAddress.split('?')[0]}</span> },
    ]} />
  );
}

function RequirementWords({ one }: { one: Snapshot['requirements'][number] }) {
  const { t, date, lang } = useText();
  const title = lang === 'zh' ? one.titleZh : one.titleEn;
  const on = date(one.on);
  switch (one.kind) {
    case 'course': return <>{one.minutes === null ? t('credential.course-only-value', { title, on }) : t('credential.course-value', { title, on, minutes: one.minutes })}</>;
    case 'exam': return <>{t('credential.exam-value', { title, on, percent: cutOff(one.percent ?? 0), cutScore: one.cutScore ?? 0 })}</>;
    case 'hours': return <>{t('credential.hours-value', { on, hours: cutOff((one.hundredths ?? 0) / 100) })}</>;
    default: return <>{t('credential.other-value', { title, on })}</>;
  }
}
