import { hoursWith } from '~/text/hours-words';
import { useText } from '~/text/react';
import { ButtonLink } from '../button/button';
import { Section } from '../page/page';
import { Counts } from '../status/status';

/** This year's learning hours at a glance. */
export function LearningHours({ year, hundredths }: { year: number; hundredths: number }) {
  const text = useText();
  const { t } = text;
  return (
    <Section title={t('hours.title')} actions={<ButtonLink to="/hours" kind="quiet">{t('home.hours-all')}</ButtonLink>}>
      <Counts items={[{ label: t('home.hours-year', { year }), value: hoursWith(text, hundredths), tone: 'ok' }]} />
    </Section>
  );
}
