import { useText } from '~/text/react';
import { Fields } from '../player/item-view';
import type { PlayerItem, Response } from '../player/types';
import { Verdict, type VerdictState } from './verdict';

export interface Feedback {
  response: Response;
  state: VerdictState;
  right: string[];
  explanation: string;
}

/** An item to practise on, with what came of the last try. */
export function PracticeItem({ item, feedback }: { item: PlayerItem; feedback: Feedback | null }) {
  const { t } = useText();
  const id = `practice-${item.number}`;
  return (
    <fieldset className="practice-item">
      <legend className="paper-head">{t('player.number', { number: item.number })} · {t(`player.type.${item.type}`)}</legend>
      <p className="item-stem" id={`${id}-stem`} lang="zh-CN">{item.stem}</p>
      {(item.type === 'multiple' || item.type === 'order' || item.type === 'match') && <p className="field-hint">{t(`player.hint.${item.type}`)}</p>}
      <Fields item={item} response={feedback?.response ?? null} labelledBy={`${id}-stem`} />
      {feedback && <Verdict state={feedback.state} right={feedback.right} explanation={feedback.explanation} />}
    </fieldset>
  );
}
