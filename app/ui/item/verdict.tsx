import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

export type VerdictState = 'right' | 'wrong' | 'unanswered';

const TONES = { right: 'ok', wrong: 'bad', unanswered: 'neutral' } as const;

/** What came of an answer in practice: right or not, what is right, and why. `key`: nobody answered, only the key is shown. */
export function Verdict({ state, right, explanation }: { state: VerdictState | 'key'; right: string[]; explanation: string }) {
  const { t } = useText();
  return (
    <div className={`verdict verdict--${state}`}>
      {state !== 'key' && <p><StatusTag tone={TONES[state]}>{t(`courses.${state}`)}</StatusTag></p>}
      {state !== 'right' && <KeyWords words={right} />}
      <p lang="zh-CN">{explanation}</p>
    </div>
  );
}

/** A key in words: one line, or a list where it has several parts. */
export function KeyWords({ words }: { words: string[] }) {
  const { t } = useText();
  if (words.length === 1) return <p><strong>{t('courses.right-answer')}</strong><span lang="zh-CN">{words[0]}</span></p>;
  return (
    <div>
      <p><strong>{t('courses.right-answer')}</strong></p>
      <ul className="verdict-key" lang="zh-CN">{words.map((word) => <li key={word}>{word}</li>)}</ul>
    </div>
  );
}
