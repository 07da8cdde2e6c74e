import { useText } from '~/text/react';
import { letterOf } from '../player/item-view';
import type { Option, PlayerItem } from '../player/types';
import { Verdict } from './verdict';

/** An item as it stands on a printed paper, with its key beneath if asked for. */
export function PaperItem({ item, itemKey }: { item: PlayerItem; itemKey: { words: string[]; explanation: string } | null }) {
  const { t } = useText();
  return (
    <li className="paper-item">
      <p className="paper-head">{t('player.number', { number: item.number })} · {t(`player.type.${item.type}`)} · {t('player.points', { points: item.points })}</p>
      <p className="item-stem" lang="zh-CN">{item.stem}</p>
      {(item.type === 'single' || item.type === 'multiple' || item.type === 'order') && <Options options={item.options} />}
      {item.type === 'match' && <div className="paper-pairs"><Numbered options={item.lefts} /><Options options={item.options} /></div>}
      {item.type === 'true-false' && <p>{t('player.true')} □　{t('player.false')} □</p>}
      {(item.type === 'short' || item.type === 'order' || item.type === 'match') && <p>{t('itembank.answer-line')} <span className="paper-blank" /></p>}
      {itemKey && <Verdict state="key" right={itemKey.words} explanation={itemKey.explanation} />}
    </li>
  );
}

function Options({ options }: { options: Option[] }) {
  return <ul className="paper-options" lang="zh-CN">{options.map((option, i) => <li key={option.value}>{letterOf(i)}. {option.text}</li>)}</ul>;
}

function Numbered({ options }: { options: Option[] }) {
  return <ul className="paper-options" lang="zh-CN">{options.map((option, i) => <li key={option.value}>{i + 1}. {option.text}</li>)}</ul>;
}
