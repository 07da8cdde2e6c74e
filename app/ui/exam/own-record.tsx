import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { ButtonLink, ButtonRow } from '../button/button';
import { Disclosure, Section } from '../page/page';
import { ObservationList, ObservationSums, type ShownObservation } from './observation-list';

export interface OwnRecordProps {
  /** Whether the exam observes anything; if not, nothing is said of it. */
  observing: boolean;
  observations: ShownObservation[];
  /** Findings that are not settled. */
  findings: { id: string }[];
}

/** What was recorded about the reader during an attempt. For the receipt. */
export function OwnRecord({ observing, observations, findings }: OwnRecordProps) {
  const { t } = useText();
  if (!observing && observations.length === 0 && findings.length === 0) return null;
  return (
    <Section title={t('integrity.recorded-title')} id="recorded">
      {findings.map(({ id }) => (
        <Banner key={id} tone="warning" title={t('integrity.recorded-finding')}>
          <ButtonRow><ButtonLink to={`/my/findings/${id}`} kind="primary">{t('integrity.recorded-to-finding')}</ButtonLink></ButtonRow>
        </Banner>
      ))}
      <p>{t(observations.length === 0 ? 'integrity.recorded-none' : 'integrity.recorded-lead')}</p>
      {observations.length > 0 && (
        <>
          <ObservationSums observations={observations} />
          <Disclosure summary={t('integrity.recorded-all')}>
            <ObservationList observations={observations} caption={t('integrity.recorded-title')} empty="" />
          </Disclosure>
        </>
      )}
      <p className="soft small">{t('integrity.recorded-notes')}</p>
    </Section>
  );
}
