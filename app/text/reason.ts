import type { Text, TextKey } from './index';

type CodeOf<K> = K extends `certification.reason.${infer Code}` ? Code : never;
export type ReasonCode = CodeOf<TextKey>;

export interface WordedReason {
  code: ReasonCode;
  params: Record<string, string | number>;
}

/** The sentence for a reason. Parameters named `on` or `…On` are dates, `…At` instants; figures have at most two decimals. */
export function wordReason(text: Text, { code, params }: WordedReason): string {
  const worded = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, wordParam(text, name, value)]));
  return text.t(`certification.reason.${code}`, worded);
}

export function wordParam(text: Text, name: string, value: string | number): string | number {
  if (typeof value === 'string') return name === 'on' || name.endsWith('On') ? text.date(value) : value;
  return name.endsWith('At') ? text.dateTime(value) : cutOff(value);
}

/** At most two decimals and never rounded up, so that 59.996 does not read as 60 beside "failed". */
export const cutOff = (value: number): number => Math.floor(value * 100 + 1e-7) / 100;
