import { useText } from '~/text/react';
import type { PlayerItem, PlayerSection } from './types';

export interface StepsProps {
  pages: readonly (readonly PlayerItem[])[];
  /** Counted from 1. */
  page: number;
  sections: readonly PlayerSection[];
  /** The section that is open, counted from 0. */
  open: number;
}

/** Back, on, to the next section, to the hand-in: buttons of the form, so that each saves first. */
export function Steps({ pages, page, sections, open }: StepsProps) {
  const { t } = useText();
  const [before, after] = [pages[page - 2]?.[0], pages[page]?.[0]];
  const last = after === undefined;
  const next = sections[open + 1];
  return (
    <div className="player-steps">
      {before ? <button type="submit" name="to" value={`item-${before.number}`} className="button button--secondary">{t('player.save-before')}</button> : <span />}
      {after && <button type="submit" name="to" value={`item-${after.number}`} className="button button--primary">{t('player.save-after')}</button>}
      {last && next && <button type="submit" name="to" value="section" className="button button--primary">{t('player.to-section', { number: next.index + 1, title: next.title })}</button>}
      <button type="submit" name="to" value="hand-in" className={`button button--${last && !next ? 'primary' : 'secondary'}`}>{t('player.hand-in')}</button>
    </div>
  );
}
