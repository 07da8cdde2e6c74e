import { Form } from '@remix-run/react';
import type { RegradePreview } from '~/marking';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Button, ButtonLink, ButtonRow } from '../button/button';
import { Facts } from '../facts/facts';
import { pointsText } from '../figures';
import { Section } from '../page/page';

export interface ConsequenceProps {
  /** Where to go back to. */
  back: string;
  accept: string[];
  refuse: string[];
  reason: string;
  replaced: number;
  grade: RegradePreview;
  /** Numbers of the credentials that would be revoked. */
  revokes: string[];
}

/** What a decision brings about, before it is made; the button makes it. */
export function Consequence({ back, accept, refuse, reason, replaced, grade, revokes }: ConsequenceProps) {
  const { t } = useText();
  const { before, after } = grade;
  const word = (passed: boolean) => t(passed ? 'exams.passed' : 'exams.failed');
  const outcome = before.passed === after.passed
    ? t('late.outcome-same', { outcome: word(after.passed) })
    : t('late.outcome-change', { before: word(before.passed), after: word(after.passed) });
  return (
    <Section title={t('late.consequence')} id="consequence">
      <p>{t('late.consequence-lead', { accepted: accept.length, refused: refuse.length, replaced })}</p>
      <Facts items={[
        { term: t('late.points'), value: t('late.points-change', { before: pointsText(before.points), after: pointsText(after.points), max: pointsText(after.maxPoints), cut: grade.cutScore }) },
        { term: t('late.outcome'), value: <strong>{outcome}</strong> },
        { term: t('late.reason'), value: reason },
      ]} />
      <ul>
        {replaced > 0 && <li>{t('late.receipt-new')}</li>}
        <li>{t(grade.released ? 'late.released' : 'late.not-released')}</li>
        {!before.passed && after.passed && <li>{t('late.now-passed')}</li>}
      </ul>
      {before.passed && !after.passed && revokes.length > 0 && <Banner tone="danger" title={t('late.revokes', { numbers: revokes.join('、') })} />}
      <Form method="post">
        <input type="hidden" name="intent" value="confirm" />
        <input type="hidden" name="reason" value={reason} />
        {accept.map((id) => <input key={id} type="hidden" name={`decide-${id}`} value="accept" />)}
        {refuse.map((id) => <input key={id} type="hidden" name={`decide-${id}`} value="refuse" />)}
        <ButtonRow>
          <Button kind={before.passed && !after.passed ? 'danger' : 'primary'}>{t('late.confirm')}</Button>
          <ButtonLink to={back}>{t('late.back')}</ButtonLink>
        </ButtonRow>
      </Form>
    </Section>
  );
}
