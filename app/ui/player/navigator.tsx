import { useText } from '~/text/react';
import type { TextKey } from '~/text';
import type { Answer } from './answer-store';
import { isComplete } from './form-responses';
import type { PlayerItem } from './types';

export interface NavigatorProps {
  items: PlayerItem[];
  answers: Readonly<Record<string, Answer>>;
  /** Numbers of the items on the page that is shown. */
  shown: number[];
}

/** All items at a glance. Each is a button of the form: without JavaScript too, the page is saved before it changes. */
export function Navigator({ items, answers, shown }: NavigatorProps) {
  const { t } = useText();
  const answered = items.filter((item) => isComplete(item, answers[item.item]?.response)).length;
  return (
    <nav className="player-side" aria-labelledby="player-navigator">
      <h2 className="player-side-title" id="player-navigator">{t('player.navigator')}</h2>
      <p className="player-answered">{t('player.answered-of', { answered, total: items.length })}</p>
      <ol className="player-nav">
        {items.map((item) => {
          const { kind, key } = cellOf(item, answers[item.item]);
          const flagged = answers[item.item]?.flagged ?? false;
          return (
            <li key={item.item}>
              <button type="submit" name="to" value={`item-${item.number}`} className={classOf(kind, flagged, shown.includes(item.number))}>
                <span><span className="visually-hidden">{t('player.number', { number: item.number })}</span><span aria-hidden="true">{item.number}</span></span>
                <span className="player-nav-state">{t(key)}{flagged && <span className="visually-hidden"> {t('player.cell.flagged')}</span>}</span>
              </button>
            </li>
          );
        })}
      </ol>
      <p className="player-hint">{t('player.navigator-hint')}</p>
    </nav>
  );
}

const classOf = (kind: string, flagged: boolean, shown: boolean): string =>
  `player-nav-cell player-nav-cell--${kind}${flagged ? ' player-nav-cell--flagged' : ''}${shown ? ' player-nav-cell--shown' : ''}`;

function cellOf(item: PlayerItem, answer: Answer | undefined): { kind: string; key: TextKey } {
  if (answer?.save === 'kept') return { kind: 'failed', key: 'player.cell.kept' };
  if (answer?.save === 'refused') return { kind: 'failed', key: 'player.cell.refused' };
  if (answer?.save === 'saving') return { kind: 'saving', key: 'player.cell.saving' };
  if (isComplete(item, answer?.response)) return { kind: 'answered', key: 'player.cell.answered' };
  const begun = (answer?.response ?? null) !== null;
  return begun ? { kind: 'open', key: 'player.cell.unfinished' } : { kind: 'open', key: 'player.cell.none' };
}
