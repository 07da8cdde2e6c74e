import type { ItemBody, ItemKey } from '~/courses';
import { useText } from '~/text/react';
import { StatusTag } from '../status/status';
import { keyWords } from './key-words';
import { KeyWords } from './verdict';

/** An item with its key, as authors see it: options by the letters under which they are stored. */
export function ItemWords({ body, itemKey }: { body: ItemBody; itemKey: ItemKey }) {
  const { t } = useText();
  const right = typeof itemKey === 'string' ? [itemKey] : Array.isArray(itemKey) ? itemKey : [];
  return (
    <>
      <p className="item-stem" lang="zh-CN">{body.stem}</p>
      {(body.type === 'single' || body.type === 'multiple') && <Options texts={body.options} right={right} />}
      {body.type === 'order' && <Options texts={body.options} right={[]} />}
      {body.type === 'match' && <><Options texts={body.left} right={[]} /><Options texts={body.right} right={[]} /></>}
      {body.type === 'short'
        ? <Accepted answers={right} />
        : body.type !== 'single' && body.type !== 'multiple' && <KeyWords words={keyWords(body, itemKey, { yes: t('player.true'), no: t('player.false') })} />}
    </>
  );
}

function Options({ texts, right }: { texts: Record<string, string>; right: string[] }) {
  const { t } = useText();
  return (
    <ul className="item-options">
      {Object.entries(texts).map(([letter, text]) => (
        <li key={letter} className={right.includes(letter) ? 'item-option item-option--right' : 'item-option'}>
          <span className="option-letter">{letter.toUpperCase()}.</span>
          <span className="item-option-text" lang="zh-CN">{text}</span>
          {right.includes(letter) && <StatusTag tone="ok">{t('itembank.key-mark')}</StatusTag>}
        </li>
      ))}
    </ul>
  );
}

function Accepted({ answers }: { answers: string[] }) {
  const { t } = useText();
  return (
    <div>
      <p><strong>{t('itembank.accepts')}</strong></p>
      <ul className="verdict-key" lang="zh-CN">{answers.map((answer) => <li key={answer}>{answer}</li>)}</ul>
      <p className="field-hint">{t('itembank.accepts-text')}</p>
    </div>
  );
}
