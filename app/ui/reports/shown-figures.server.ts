import { counting, UNIT_CODES, type Appraisal, type KeptFigure, type SeenAppraisal } from '~/reports';
import type { Text } from '~/text';
import { shareOf, wordAmount, wordFigure } from './figure-words';
import type { ShownFigure } from './figure-list';

const ORDER = ['hours', 'targets', 'certified', 'overdue'];

/** A subject's figures in words, in the order in which they are read: targets come after the hours. */
export function shownFigures(text: Text, rules: Appraisal['hourRules'], figures: readonly KeptFigure[]): ShownFigure[] {
  const place = (code: string): number => (ORDER.includes(code) ? ORDER.indexOf(code) * 10 : 5);
  return [...figures].sort((a, b) => place(a.code) - place(b.code) || (a.code < b.code ? -1 : 1)).map((figure) => ({
    code: figure.code, label: wordFigure(text, rules, figure.code), text: wordAmount(text, rules, figure.code, counting(figure)),
    frozen: figure.corrected ? wordAmount(text, rules, figure.code, figure) : null,
  }));
}

const DRAWN = ['hours-reached', 'certified', 'overdue'] as const;

/** The units of an appraisal in words, and what is drawn of them. */
export function shownUnits(text: Text, { appraisal, units }: SeenAppraisal) {
  const codeOf = (code: string) => `unit.${code}`;
  const label = (code: string): string => wordFigure(text, appraisal.hourRules, codeOf(code));
  return {
    codes: UNIT_CODES.map((code) => ({ code, label: label(code) })),
    units: units.map(({ unit, figures, hidden }) => ({ id: unit.id, code: unit.code, name: unit.name, hidden, figures: shownFigures(text, appraisal.hourRules, figures) })),
    charts: DRAWN.map((code) => ({
      code, title: label(code),
      shares: units.map(({ unit, figures }) => {
        const figure = figures.find((one) => one.code === code);
        return { label: unit.name, share: figure ? shareOf(counting(figure)) : null, text: figure ? wordAmount(text, appraisal.hourRules, code, counting(figure)) : text.t('reports.withheld') };
      }),
    })),
  };
}
