import type { Text, TextKey } from './index';

/** Hundredths as people write them: 50 → 0.5. */
export const figure = (hundredths: number): string => String(Math.round(hundredths) / 100);

/** Hundredths of an hour with the word for them, in the language's own way. */
export function hoursWith({ lang }: Text, hundredths: number): string {
  const n = figure(hundredths);
  return lang === 'zh' ? `${n} 学时` : `${n} ${n === '1' || n === '-1' ? 'hour' : 'hours'}`;
}

type StepCode = TextKey extends infer Key ? (Key extends `hours.step.${infer Code}` ? Code : never) : never;

interface Step {
  code: StepCode;
  params: Record<string, string | number>;
}

/** The name of a kind of learning. */
export function wordHourKind(text: Text, kind: string): string {
  const key = `hours.kind.${kind}`;
  return text.has(key) ? text.t(key) : kind;
}

const inSentence = (text: Text, kind: string): string => {
  const said = wordHourKind(text, kind);
  if (text.lang === 'zh') return said;
  return kind === 'online-course' ? 'online learning' : said.charAt(0).toLowerCase() + said.slice(1);
};

/**
 * One line of the calculation of an entry. Parameters that end in `Hundredths` are written as figures; `hundredths` are hours.
 * @param rule the title of the rule set, quoted instead of its code
 */
export function wordHourStep(text: Text, { code, params }: Step, rule?: string): string {
  const worded: Record<string, string | number> = { ...params, ...(rule !== undefined && 'rule' in params && { rule }) };
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'number' && name.endsWith('Hundredths')) worded[name] = figure(value);
    // The Chinese sentences carry the unit themselves, as it stands in the middle of them.
    if (typeof value === 'number' && name === 'hundredths') worded[name] = text.lang === 'zh' ? figure(value) : hoursWith(text, value);
    if (name === 'kind') Object.assign(worded, { kindText: inSentence(text, String(value)), kindTitle: wordHourKind(text, String(value)) });
  }
  return text.t(`hours.step.${code}`, worded);
}
