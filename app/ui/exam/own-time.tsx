import { useText } from '~/text/react';
import { Section } from '../page/page';

export interface OwnTimeView {
  /** Minutes that one would have when starting now. */
  minutes: number;
  /** The window cuts them: when. */
  cutAt: number | null;
  accommodations: { id: string; extraMinutes: number; factorPercent: number }[];
  cutsExtra: boolean;
}

/** The time that this person would have, with what was granted to them: known before the start, not after it. */
export function OwnTime({ time }: { time: OwnTimeView }) {
  const { t, duration, dateTime } = useText();
  return (
    <Section title={t('start.own-time')}>
      <p><strong>{time.cutAt === null
        ? t('start.own-minutes', { time: duration(time.minutes) })
        : t('start.own-cut', { time: duration(time.minutes), at: dateTime(time.cutAt) })}</strong></p>
      {time.accommodations.length > 0 && (
        <>
          <h3>{t('start.accommodations')}</h3>
          <ul>
            {time.accommodations.map((one) => (
              <li key={one.id}>
                {one.factorPercent > 100 && <span>{t('start.accommodation-factor', { percent: one.factorPercent })} </span>}
                {one.extraMinutes > 0 && <span>{t('start.accommodation-extra', { minutes: one.extraMinutes })}</span>}
              </li>
            ))}
          </ul>
          <p>{t(time.cutsExtra ? 'start.accommodation-cut' : 'start.accommodation-kept')}</p>
        </>
      )}
    </Section>
  );
}

export interface SectionView {
  title: string;
  minutes: number | null;
  oneWay: boolean;
}

/** The parts of an exam and their rules. */
export function ExamSections({ sections }: { sections: SectionView[] }) {
  const { t, duration } = useText();
  if (sections.length === 0) return null;
  return (
    <Section title={t('start.sections')}>
      <ol>
        {sections.map((one) => (
          <li key={one.title}>
            {one.title} · {one.minutes === null ? t('start.section-free') : t('start.section-minutes', { time: duration(one.minutes) })}
            {one.oneWay && ` · ${t('start.section-one-way')}`}
          </li>
        ))}
      </ol>
    </Section>
  );
}
