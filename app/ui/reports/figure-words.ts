import type { Appraisal, KeptFigure } from '~/reports';
import type { Text } from '~/text';
import { figure as hundredths } from '~/text/hours-words';
import { cutOff } from '~/text/reason';

type Rules = Appraisal['hourRules'];
interface Amount {
  part: number;
  whole: number | null;
}

const TARGET = 'target:';

/** What a figure is called: those of targets by the titles of their rules. */
export function wordFigure(text: Text, rules: Rules, code: string): string {
  const key = `appraisal.code.${code}`;
  if (text.has(key)) return text.t(key);
  return rules.flatMap(({ targets }) => targets).find((target) => `${TARGET}${target.code}` === code)?.title[text.lang] ?? code;
}

/** A figure as people read it. */
export function wordAmount(text: Text, rules: Rules, code: string, { part, whole }: Amount): string {
  if (code === 'hours') return hundredths(part);
  if (code === 'hours-mean') return whole === null || whole === 0 ? '—' : hundredths(part / whole);
  if (code.startsWith(TARGET)) return `${hundredths(part)} / ${hundredths(whole ?? 0)} ${text.t(`reports.measure.${measureOf(rules, code)}`)}`;
  if (whole === null) return String(part);
  return whole === 0 ? '—' : code === 'targets' ? `${part} / ${whole}` : `${cutOff((100 * part) / whole)}%（${part}/${whole}）`;
}

function measureOf(rules: Rules, code: string): 'hours' | 'days' | 'months' {
  const measure = rules.flatMap(({ targets }) => targets).find((target) => `${TARGET}${target.code}` === code)?.measure;
  return measure === 'days' || measure === 'months' ? measure : 'hours';
}

/** The share, for drawing; null where it is none. */
export const shareOf = ({ part, whole }: Amount): number | null => (whole === null || whole === 0 ? null : part / whole);

/** As it counts. */
export const countingAmount = ({ part, whole, corrected }: Pick<KeptFigure, 'part' | 'whole' | 'corrected'>): Amount => corrected ?? { part, whole };
