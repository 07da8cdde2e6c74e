import type { DeadlineExplained, ExplainedPart } from '~/exams';
import { useText } from '~/text/react';
import { Facts } from '../facts/facts';
import { InstantText } from '../time/time';

/** Why the time ends when it ends: from the start, part by part, to the deadline. The parts add up exactly. */
export function DeadlineParts({ explained }: { explained: DeadlineExplained }) {
  const { t, dateTime } = useText();
  const words = usePartWords();
  return (
    <Facts items={[
      { term: t('time.started'), value: <InstantText at={explained.startedAt} /> },
      ...explained.parts.map((part, i) => ({
        term: words.part(part),
        value: <span className="figures">{i === 0 ? words.span(part.ms) : t(part.ms < 0 ? 'time.minus' : 'time.plus', { span: words.span(Math.abs(part.ms)) })}</span>,
      })),
      { term: t('time.deadline'), value: <strong><InstantText at={explained.deadlineAt} /></strong> },
      ...(explained.pausedAt === null ? [] : [{ term: '', value: t('time.paused', { at: dateTime(explained.pausedAt) }) }]),
    ]} />
  );
}

export interface PartWords {
  part: (part: ExplainedPart) => string;
  /** 5 分钟 20 秒 */
  span: (ms: number) => string;
}

export function usePartWords(): PartWords {
  const { t, duration } = useText();
  const span = (ms: number): string => {
    const [minutes, seconds] = [Math.floor(ms / 60_000), Math.round((ms % 60_000) / 1000)];
    if (seconds === 0) return duration(minutes);
    return minutes === 0 ? t('time.seconds', { seconds }) : t('time.minutes-seconds', { minutes: duration(minutes), seconds: t('time.seconds', { seconds }) });
  };
  const part = ({ code, percent, time, from, to, title }: ExplainedPart): string => {
    const key = code === 'incident' && to === null ? 'time.part.incident-open' as const : `time.part.${code}` as const;
    return t(key, { percent: percent ?? 100, time: time ?? '', from: from ?? '', to: to ?? '', title: title ?? '' });
  };
  return { part, span };
}
