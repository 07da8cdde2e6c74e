import type { TextKey, TextParams } from '~/text';
import { useText } from '~/text/react';
import { CHARACTERS_A_MINUTE, FAST_IN_A_ROW } from '../player/reading-speed';

const KINDS = ['left-page', 'paste', 'second-device', 'address-changed', 'idle', 'fast-answers'] as const;

export interface ObservedExam {
  /** Kinds that the author switched on. */
  observed: readonly string[];
  idleMinutes: number | null;
}

/** What a candidate is told before the start, one sentence for each thing that is recorded; none: nothing is. */
export function observationNotice({ observed, idleMinutes }: ObservedExam): { key: TextKey; params: TextParams }[] {
  const told = KINDS.filter((kind) => observed.includes(kind) && (kind !== 'idle' || idleMinutes !== null)).map((kind) => ({
    key: kind === 'idle' ? 'integrity.told.idle-minutes' as const : `integrity.told.${kind}` as const,
    params: { minutes: idleMinutes ?? 0, rate: CHARACTERS_A_MINUTE, row: FAST_IN_A_ROW },
  }));
  return idleMinutes === null || observed.includes('idle') ? told : [...told, { key: 'integrity.told.warning-only', params: { minutes: idleMinutes } }];
}

/** Tells before the start what is recorded, what that means, and what is not. Stands in a `Section` of its own. */
export function ObservationNotice(exam: ObservedExam) {
  const { t } = useText();
  const told = observationNotice(exam);
  const records = told.some(({ key }) => key !== 'integrity.told.warning-only');
  return (
    <>
      <p>{t(records ? 'integrity.told-lead' : 'integrity.told-none')}</p>
      {told.length > 0 && <ul>{told.map(({ key, params }) => <li key={key}>{t(key, params)}</li>)}</ul>}
      {records && <p>{t('integrity.told-after')}</p>}
    </>
  );
}
