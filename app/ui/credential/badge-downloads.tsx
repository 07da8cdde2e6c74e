import { useText } from '~/text/react';
import { ButtonLink, ButtonRow } from '../button/button';
import { Section } from '../page/page';

/** The credential as a badge, to take along. */
export function BadgeDownloads({ number }: { number: string }) {
  const { t } = useText();
  return (
    <Section title={t('badge.section')}>
      <p>{t('badge.lead')}</p>
      <ButtonRow>
        {(['png', 'svg', 'json'] as const).map((form) => (
          <ButtonLink key={form} to={`/credentials/${number}/badge.${form}`} document>{t(`badge.download-${form}`)}</ButtonLink>
        ))}
      </ButtonRow>
    </Section>
  );
}
