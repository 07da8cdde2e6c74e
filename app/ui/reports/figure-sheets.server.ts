import { counting, TARGET_PREFIX, UNIT_CODES, type Appraisal, type Figure, type KeptFigure, type PersonFigures, type SeenAppraisal, type UnitFigures } from '~/reports';
import type { Text } from '~/text';
import { wordFigure } from './figure-words';

export interface FigureSheet {
  name: string;
  columns: { title: string; width: number }[];
  rows: AsyncIterable<(string | number | null)[][]>;
}

const AMOUNT = 14;

/** Two columns for what is a share: how many, and of how many. */
const columnsFor = (text: Text, rules: Appraisal['hourRules'], codes: readonly string[], prefix = '') =>
  codes.flatMap((code) => {
    const title = wordFigure(text, rules, `${prefix}${code}`);
    return isSingle(code) ? [{ title, width: AMOUNT }] : [{ title, width: AMOUNT }, { title: text.t('appraisal.of-whole', { figure: title }), width: AMOUNT }];
  });

const isSingle = (code: string): boolean => code === 'hours' || code === 'people';
const inHundredths = (code: string): boolean => code === 'hours' || code === 'hours-mean' || code.startsWith(TARGET_PREFIX);

/** A figure as numbers; empty where it may not be told. */
function cellsOf(code: string, figure: Pick<Figure, 'part' | 'whole'> | undefined): (number | null)[] {
  const part = figure ? (inHundredths(code) ? figure.part / 100 : figure.part) : null;
  if (isSingle(code)) return [part];
  const whole = figure?.whole ?? null;
  return [part, whole === null ? null : code.startsWith(TARGET_PREFIX) ? whole / 100 : whole];
}

const figureCells = (codes: readonly string[], figures: readonly KeptFigure[]): (number | null)[] =>
  codes.flatMap((code) => {
    const found = figures.find((one) => one.code === code);
    return cellsOf(code, found && counting(found));
  });

const targetCodes = ({ hourRules }: Appraisal): string[] => [...new Set(hourRules.flatMap(({ targets }) => targets.map(({ code }) => `${TARGET_PREFIX}${code}`)))].sort();

/** Units with their figures. */
export function unitsSheet(text: Text, { appraisal, units }: SeenAppraisal): FigureSheet {
  const rows = units.map(({ unit, figures }) => [unit.code, unit.name, ...figureCells(UNIT_CODES, figures), correctedCodes(text, appraisal, figures, 'unit.')]);
  return {
    name: text.t('appraisal.units'), rows: once(rows),
    columns: [
      { title: text.t('reports.column.organisation-code'), width: 14 }, { title: text.t('appraisal.unit'), width: 30 }, ...columnsFor(text, appraisal.hourRules, UNIT_CODES, 'unit.'),
      { title: text.t('appraisal.corrected-column'), width: 30 },
    ],
  };
}

const OWN = ['hours', 'targets', 'certified', 'overdue'];
const LED = ['hours-reached', 'certified', 'overdue'];

/** People with their figures; leaders with those of what they lead. */
export function peopleSheet(text: Text, { appraisal, units }: SeenAppraisal, people: AsyncIterable<PersonFigures[]>): FigureSheet {
  const codes = [...OWN.slice(0, 2), ...targetCodes(appraisal), ...OWN.slice(2)];
  const led = columnsFor(text, appraisal.hourRules, LED, 'unit.').map(({ title, width }) => ({ title: text.t('appraisal.led-column', { figure: title }), width }));
  const { t } = text;
  return {
    name: t('appraisal.people-sheet'), rows: personRows(text, appraisal, units, people, codes),
    columns: [
      { title: t('reports.column.staff-number'), width: 14 }, { title: t('reports.column.recruitment-number'), width: 16 }, { title: t('reports.column.name'), width: 12 },
      { title: t('appraisal.unit'), width: 28 }, { title: t('reports.column.post'), width: 18 }, { title: t('reports.column.rank'), width: 14 },
      ...columnsFor(text, appraisal.hourRules, codes), ...led, { title: t('appraisal.corrected-column'), width: 30 },
    ],
  };
}

async function* personRows(text: Text, appraisal: Appraisal, units: readonly UnitFigures[], people: AsyncIterable<PersonFigures[]>, codes: readonly string[]): AsyncGenerator<(string | number | null)[][]> {
  for await (const some of people) {
    yield some.map((person) => {
      const led = units.find(({ unit }) => person.leads.includes(unit.id));
      return [
        person.numbers.staff ?? null, person.numbers.recruitment ?? null, person.name, person.organisation, person.post, person.rank, ...figureCells(codes, person.figures),
        ...figureCells(LED, led?.figures ?? []), correctedCodes(text, appraisal, person.figures, ''),
      ];
    });
  }
}

/** Which of the figures are not the frozen ones any more. */
const correctedCodes = (text: Text, { hourRules }: Appraisal, figures: readonly KeptFigure[], prefix: string): string =>
  figures.filter(({ corrected }) => corrected !== null).map(({ code }) => wordFigure(text, hourRules, `${prefix}${code}`)).join(text.t('reports.and'));

async function* once<Row>(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows;
}
