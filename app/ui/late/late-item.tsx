import type { LateEvidence } from '~/exams';
import { useText } from '~/text/react';
import { Card } from '../page/page';
import { Facts } from '../facts/facts';
import { StatusTag } from '../status/status';
import { useLength } from './length';
import { responseWords } from './response-words';

export type ShownItem = LateEvidence['items'][number];
type Change = ShownItem['changes'][number];

export const CHOICES = ['accept', 'refuse', 'leave'] as const;
export type Choice = (typeof CHOICES)[number];

/** An item with what counts and everything that came late for it. Undecided changes can be decided on if `decide`. */
export function LateItem({ one, deadline, decide, chosen }: { one: ShownItem; deadline: number; decide: boolean; chosen: Record<string, Choice> }) {
  const { t } = useText();
  return (
    <Card title={t('late.item', { number: one.item.number })}>
      <p className="item-stem" lang="zh-CN">{one.item.stem}</p>
      <Facts items={[{ term: t('late.counts'), value: <Words one={one} text={one.counts.text} none={t('late.counts-none')} /> }]} />
      {one.changes.map((change) => (
        <div key={change.id} className="late-change">
          <Particulars one={one} change={change} deadline={deadline} />
          {change.counted !== null && <Decided change={change} />}
          {change.counted === null && !change.newer && <p className="soft">{t('late.older')}</p>}
          {change.counted === null && decide && <Choices one={one} change={change} chosen={chosen[change.id] ?? 'leave'} />}
        </div>
      ))}
    </Card>
  );
}

function Words({ one, text, none }: { one: ShownItem; text: string; none: string }) {
  const { t } = useText();
  const words = responseWords(one.item, text, { yes: t('player.true'), no: t('player.false') });
  if (words.length === 0) return <>{none}</>;
  return <span lang="zh-CN">{words.map((word) => <span key={word} className="late-word">{word}</span>)}</span>;
}

function Particulars({ one, change, deadline }: { one: ShownItem; change: Change; deadline: number }) {
  const { t, dateTime } = useText();
  const length = useLength();
  const against = (at: number) =>
    t(at <= deadline ? 'late.before-deadline' : 'late.after-deadline', { at: dateTime(at), length: length(Math.abs(at - deadline)) });
  return (
    <Facts items={[
      { term: t('late.change'), value: <strong><Words one={one} text={change.text} none={t('late.cleared')} /></strong> },
      { term: t('late.arrived'), value: <>{against(change.receivedAt)}{change.answerFileId !== null && <> · {t('late.by-file')}</>}</> },
      { term: t('late.changed'), value: change.changedAt === null ? t('late.changed-unknown') : against(change.changedAt) },
      { term: t('late.why'), value: t(`late.why.${change.kind}`) },
    ]} />
  );
}

function Decided({ change }: { change: Change }) {
  const { t, dateTime } = useText();
  return (
    <p>
      <StatusTag tone={change.counted === 'refused' ? 'neutral' : 'ok'}>{t(`late.decided.${change.counted ?? 'by-rule'}`)}</StatusTag>
      {change.decidedBy !== null && change.countedAt !== null && <span className="soft small"> {t('late.decided-by', { name: change.decidedBy, at: dateTime(change.countedAt) })}</span>}
    </p>
  );
}

function Choices({ one, change, chosen }: { one: ShownItem; change: Change; chosen: Choice }) {
  const { t } = useText();
  return (
    <fieldset className="late-choices">
      <legend>{t('late.choice')}<span className="visually-hidden"> {t('late.item', { number: one.item.number })}</span></legend>
      {CHOICES.map((choice) => (
        <label key={choice} className="option" htmlFor={`${choice}-${change.id}`}>
          <input className="option-control" type="radio" id={`${choice}-${change.id}`} name={`decide-${change.id}`} value={choice} defaultChecked={chosen === choice} />
          <span className="option-text">{t(`late.${choice}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
