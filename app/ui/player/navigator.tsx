import { useText } from '~/text/react';
import type { TextKey } from '~/text';
import type { Answer } from './answer';
import { isComplete } from './form-responses';
import type { PlayerItem, PlayerSection } from './types';

export interface NavigatorProps {
  items: PlayerItem[];
  answers: Readonly<Record<string, Answer>>;
  /** Numbers of the items on the page that is shown. */
  shown: number[];
  /** Empty: the paper is not divided. */
  sections: readonly PlayerSection[];
}

/** All items at a glance. Each is a button of the form: without JavaScript too, the page is saved before it changes. */
export function Navigator({ items, answers, shown, sections }: NavigatorProps) {
  const { t } = useText();
  const answered = items.filter((item) => isComplete(item, answers[item.item]?.response)).length;
  return (
    <nav className="player-side" aria-labelledby="player-navigator">
      <h2 className="player-side-title" id="player-navigator">{t('player.navigator')}</h2>
      <p className="player-answered">{t('player.answered-of', { answered, total: items.length })}</p>
      {groupsOf(items, sections).map(({ title, members }) => (
        <section key={title} aria-label={title || undefined}>
          {title && <h3 className="player-nav-section">{title}</h3>}
          <ol className="player-nav">{members.map((item) => <Cell key={item.item} item={item} answer={answers[item.item]} shown={shown.includes(item.number)} />)}</ol>
        </section>
      ))}
      <p className="player-hint">{t('player.navigator-hint')}</p>
    </nav>
  );
}

/** Items by section; all in one group where the paper is not divided. */
function groupsOf(items: PlayerItem[], sections: readonly PlayerSection[]): { title: string; members: PlayerItem[] }[] {
  if (sections.length === 0) return [{ title: '', members: items }];
  return sections.map(({ index, title }) => ({ title, members: items.filter((item) => item.section === index) })).filter(({ members }) => members.length > 0);
}

function Cell({ item, answer, shown }: { item: PlayerItem; answer: Answer | undefined; shown: boolean }) {
  const { t } = useText();
  const { kind, key } = cellOf(item, answer);
  const flagged = answer?.flagged ?? false;
  return (
    <li>
      <button type="submit" name="to" value={`item-${item.number}`} className={classOf(kind, flagged, shown)}>
        <span><span className="visually-hidden">{t('player.number', { number: item.number })}</span><span aria-hidden="true">{item.number}</span></span>
        <span className="player-nav-state">{t(key)}{flagged && <span className="visually-hidden"> {t('player.cell.flagged')}</span>}</span>
      </button>
    </li>
  );
}

const classOf = (kind: string, flagged: boolean, shown: boolean): string =>
  `player-nav-cell player-nav-cell--${kind}${flagged ? ' player-nav-cell--flagged' : ''}${shown ? ' player-nav-cell--shown' : ''}`;

function cellOf(item: PlayerItem, answer: Answer | undefined): { kind: string; key: TextKey } {
  if (answer?.save === 'kept') return { kind: 'failed', key: 'player.cell.kept' };
  if (answer?.save === 'unsaved') return { kind: 'failed', key: 'player.cell.unsaved' };
  if (answer?.save === 'evidence') return { kind: 'failed', key: 'player.cell.evidence' };
  if (answer?.save === 'refused') return { kind: 'failed', key: 'player.cell.refused' };
  if (answer?.save === 'saving') return { kind: 'saving', key: 'player.cell.saving' };
  if (isComplete(item, answer?.response)) return { kind: 'answered', key: 'player.cell.answered' };
  const begun = (answer?.response ?? null) !== null;
  return begun ? { kind: 'open', key: 'player.cell.unfinished' } : { kind: 'open', key: 'player.cell.none' };
}
