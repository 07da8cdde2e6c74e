import type { RankClass } from './rule';

/**
 * Ranks at county level and above, by the words in which they are written: leading posts of provinces, departments
 * and counties (省部级、厅局级、县处级), and 四级调研员 and above among the grades of civil servants.
 */
const COUNTY_AND_ABOVE = /省部|省级|部级|厅局|厅级|局级|司局|司级|县处|县级|处级|巡视员|调研员/;
/** 副处以上 is meant where a rank only says 正处 or 副厅. */
const SHORT = /[正副][处厅局司部省]/;
/** Grades that hold a word of the above but lie below. */
const BELOW = /乡科|科级|科员|办事员/;

/**
 * To which group of the regulation an appointment belongs. Where the register says no rank, leaders are taken as
 * county level and above and everybody else as others.
 */
export function rankClass({ kind, rank }: { kind: string; rank: string | null }): RankClass {
  const written = rank?.trim() ?? '';
  if (written === '') return kind === 'leader' ? 'county-and-above' : 'others';
  if (BELOW.test(written)) return 'others';
  return COUNTY_AND_ABOVE.test(written) || SHORT.test(written) ? 'county-and-above' : 'others';
}
