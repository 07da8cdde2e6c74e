import type { Text, TextKey } from './index';
import { wordParam, wordReason, type WordedReason } from './reason';

/** What is known about one person of a hiring list; dates as `YYYY-MM-DD`. */
export interface WordedAnswer {
  status: string;
  from: string | null;
  until: string | null;
  conditions: readonly WordedCondition[];
  resit: { kind: 'booked' | 'sitting' | 'from'; on: string } | { kind: 'none' } | null;
  reason: WordedReason | null;
}

type WordedCondition =
  | { kind: 'result' | 'completion'; of: string; on: string }
  | { kind: 'sitting'; of: string; on: string; title: string }
  | { kind: 'waiver'; until: string };

/** The name in the register, where it is another one; the day on which somebody started. */
export interface BesideAnswer {
  otherName?: string | null;
  startedOn?: string | null;
}

/** Everything there is to say about a person beside the status, in sentences. */
export function wordAnswer(text: Text, answer: WordedAnswer, { otherName = null, startedOn = null }: BesideAnswer = {}): string {
  const says = (key: Says, dates: Record<string, string | null> = {}): string =>
    text.t(`hiring.says.${key}`, Object.fromEntries(Object.entries(dates).map(([name, date]) => [name, date === null ? '' : text.date(date)])));
  const started = startedOn === null ? [] : [says('started', { on: startedOn })];
  return [...started, ...sentences(text, says, answer, otherName)].join(text.lang === 'zh' ? '' : ' ');
}

type Says = TextKey extends infer K ? (K extends `hiring.says.${infer Rest}` ? Rest : never) : never;
type Say = (key: Says, dates?: Record<string, string | null>) => string;

function sentences(text: Text, says: Say, { status, from, until, conditions, resit, reason }: WordedAnswer, otherName: string | null): string[] {
  const because = reason === null ? [] : [wordReason(text, reason)];
  switch (status) {
    case 'cleared': return until === null ? [] : [says('until', { until })];
    case 'waived': return [says('waived', { until })];
    case 'will-be-cleared': return [...conditions.map((one) => condition(text, says, one)), says('then', { from })];
    case 'late': return [...(conditions.length > 0 ? conditions.map((one) => condition(text, says, one)) : because), says('late', { from })];
    case 'will-lapse': return [says('will-lapse', { until })];
    case 'failed': return again(text, says, reason, resit);
    case 'unassigned': return [says('unassigned')];
    case 'name-mismatch': return [text.t('hiring.says.name-mismatch', { name: otherName ?? '' })];
    case 'unknown': return [says('unknown')];
    default: return because;
  }
}

function condition(text: Text, says: Say, one: WordedCondition): string {
  switch (one.kind) {
    case 'result': return says('result', { of: one.of, on: one.on });
    case 'sitting': return text.t('hiring.says.sitting', { of: text.date(one.of), on: text.date(one.on), title: one.title });
    case 'completion': return says('completion');
    case 'waiver': return says('waiver', { until: one.until });
  }
}

const FAILED: ReadonlySet<string> = new Set(['exam-failed', 'exam-failed-next']);

/** How it went, and when again. The reason's own words of another attempt give way to what is known of resits. */
function again(text: Text, says: Say, reason: WordedReason | null, resit: WordedAnswer['resit']): string[] {
  const because = reason === null ? [] : [wordReason(text, reason)];
  if (resit === null || (resit.kind === 'from' && reason?.code === 'exam-failed-next')) return because;
  const told = resit.kind === 'none' ? says('resit-none') : says(`resit-${resit.kind}`, { on: resit.on });
  if (reason === null || !FAILED.has(reason.code)) return [...because.map((sentence) => `${sentence}${text.lang === 'zh' ? '。' : '.'}`), told];
  return [text.t('hiring.says.failed', Object.fromEntries(Object.entries(reason.params).map(([name, value]) => [name, wordParam(text, name, value)]))), told];
}
