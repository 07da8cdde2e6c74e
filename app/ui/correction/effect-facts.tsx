import type { Effect } from '~/marking';
import { useText } from '~/text/react';
import { Facts } from '../facts/facts';

/** What a corrected key does to results, in figures. */
export function EffectFacts({ effect }: { effect: Effect }) {
  const { t } = useText();
  const changed = (people: Effect['passes']) => (people.length === 0 ? '0'
    : `${people.length} (${t('correction.known')}: ${people.filter(({ released }) => released).length})`);
  return (
    <>
      <Facts items={[
        { term: t('correction.attempts'), value: effect.attempts },
        { term: t('correction.better'), value: effect.better },
        { term: t('correction.worse'), value: effect.worse },
        { term: t('correction.passes'), value: changed(effect.passes) },
        { term: t('correction.fails'), value: changed(effect.fails) },
      ]} />
      {effect.better + effect.worse === 0 && <p>{t('correction.nobody')}</p>}
    </>
  );
}
