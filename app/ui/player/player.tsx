import { useCallback, useEffect, useRef, useState, type FormEvent, type RefObject } from 'react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import type { Snapshot } from './answer-store';
import { Clock } from './clock';
import { ConnectionBanner } from './connection-banner';
import { readResponse } from './form-responses';
import { ItemView } from './item-view';
import { Navigator } from './navigator';
import { ITEMS_A_PAGE, pageCount, pageOf, shownOn } from './pages';
import type { PlayerItem, PlayerStart } from './types';
import { usePlayer } from './use-player';

export interface PlayerProps {
  title: string;
  start: PlayerStart;
  /** All items of the paper, without keys. */
  items: PlayerItem[];
  /** Counted from 1. */
  page: number;
  /** What the last form post has to tell (without JavaScript). */
  notice: string | null;
}

/**
 * An exam being written. It is one form that works by itself, a page of items at a time; with JavaScript the
 * same form saves while one writes and turns its pages without the server.
 */
export function Player({ title, start, items, page: loadedPage, notice }: PlayerProps) {
  const { t, dateTime } = useText();
  const { store, clock, snapshot, running } = usePlayer(start);
  const form = useRef<HTMLFormElement>(null);
  const [page, setPage] = useState(loadedPage);
  const [leaving, setLeaving] = useState(false);
  const [timeUp, setTimeUp] = useState(false);
  const pages = pageCount(items.length);
  const shown = shownOn(items, page);
  const closed = timeUp || ['late', 'handed-in', 'other-device'].includes(snapshot.connection);

  useTypedEarly(form, shown, store);
  useEndOfTime(timeUp, store, snapshot);
  useHandIn(leaving, snapshot, start.attemptId);
  const onOver = useCallback(() => setTimeUp(true), []);

  useFormEvents(form, {
    input: (target) => {
      const item = itemAround(target, items);
      if (!item || !form.current) return;
      // Whoever writes on has changed their mind about handing in.
      setLeaving(false);
      if (target instanceof HTMLInputElement && target.name.startsWith('flag.')) store.flag(item.item, target.checked);
      else store.change(item.item, readResponse(new FormData(form.current), item));
    },
    focusout: (target) => {
      if (target.matches('input, select, textarea')) store.flush();
    },
  });
  const go = (number: number) => {
    setPage(pageOf(number));
    window.history.replaceState(window.history.state, '', `?page=${pageOf(number)}`);
    // After the page is drawn: the item that was asked for, where the keyboard goes on.
    window.setTimeout(() => document.getElementById(`item-${number}`)?.focus(), 0);
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const pressed = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null;
    if (!(pressed instanceof HTMLButtonElement)) return store.flush();
    if (pressed.name === 'clear') return store.clear(pressed.value);
    store.flush();
    const item = /^item-(\d+)$/.exec(pressed.value);
    if (item) go(Number(item[1]));
    else if (pressed.value === 'hand-in') setLeaving(true);
  };

  return (
    <form className="player" method="post" action={`/attempts/${start.attemptId}?page=${page}`} autoComplete="off" ref={form} onSubmit={onSubmit}>
      {/* Enter in a text field presses the form's first button: it must only save. */}
      <button type="submit" name="to" value="here" className="visually-hidden" tabIndex={-1} aria-hidden="true">{t('player.save-here')}</button>
      <header className="player-head">
        <h1 className="player-title">{title}</h1>
        <a className="player-jump" href="#player-navigator">{t('player.navigator')}</a>
        <Clock attemptId={start.attemptId} clock={clock} deadline={snapshot.deadline} onOver={onOver} />
        {running ? <SaveSummary snapshot={snapshot} leaving={leaving} /> : <p className="player-save">{t('player.save-by-button')}</p>}
      </header>
      <div className="player-notices">
        {notice && <Banner tone="warning" title={notice} />}
        <ConnectionBanner attemptId={start.attemptId} snapshot={snapshot} timeUp={timeUp} />
      </div>
      <div className="player-body">
        <div className="player-items">
          <p className="player-page">{t('player.pages', { page, pages })} · {t('player.deadline', { time: dateTime(snapshot.deadline) })}</p>
          {shown.map((item) => {
            const answer = snapshot.answers[item.item];
            return answer && <ItemView key={item.item} item={item} answer={answer} closed={closed} />;
          })}
          <Steps page={page} pages={pages} />
        </div>
        <Navigator items={items} answers={snapshot.answers} shown={shown.map((item) => item.number)} />
      </div>
    </form>
  );
}

function Steps({ page, pages }: { page: number; pages: number }) {
  const { t } = useText();
  const first = (of: number): string => `item-${(of - 1) * ITEMS_A_PAGE + 1}`;
  return (
    <div className="player-steps">
      {page > 1 ? <button type="submit" name="to" value={first(page - 1)} className="button button--secondary">{t('player.save-before')}</button> : <span />}
      {page < pages && <button type="submit" name="to" value={first(page + 1)} className="button button--primary">{t('player.save-after')}</button>}
      <button type="submit" name="to" value="hand-in" className={`button button--${page === pages ? 'primary' : 'secondary'}`}>{t('player.hand-in')}</button>
    </div>
  );
}

/** All answers' state in one line, beside the clock. */
function SaveSummary({ snapshot, leaving }: { snapshot: Snapshot; leaving: boolean }) {
  const { t } = useText();
  const { connection, unsent: count } = snapshot;
  const failed = connection !== 'good' && count > 0;
  const text = leaving && count > 0 ? t('player.hand-in-waiting', { count })
    : count === 0 ? t('player.all-saved')
    : connection === 'good' ? t('player.some-saving')
    : t(snapshot.durable ? 'player.some-kept' : 'player.some-unsent', { count });
  return <p className={failed ? 'player-save player-save--failed' : 'player-save'} role="status" data-unsent={count}>{text}</p>;
}

type FormEvents = Record<'input' | 'focusout', (target: HTMLElement) => void>;

/** Events of all the form's fields, heard in one place. */
function useFormEvents(form: RefObject<HTMLFormElement>, events: FormEvents): void {
  const latest = useRef(events);
  useEffect(() => {
    latest.current = events;
  });
  useEffect(() => {
    const box = form.current;
    const hear = (event: Event) => {
      if (event.target instanceof HTMLElement) latest.current[event.type === 'input' ? 'input' : 'focusout'](event.target);
    };
    box?.addEventListener('input', hear);
    box?.addEventListener('focusout', hear);
    return () => {
      box?.removeEventListener('input', hear);
      box?.removeEventListener('focusout', hear);
    };
  }, [form]);
}

function itemAround(target: HTMLElement, items: PlayerItem[]): PlayerItem | null {
  const name = target.closest<HTMLElement>('[data-item]')?.dataset['item'];
  return items.find((item) => item.item === name) ?? null;
}

type Store = ReturnType<typeof usePlayer>['store'];

/** What was typed before the script ran is in the fields, and nowhere else yet. */
function useTypedEarly(form: RefObject<HTMLFormElement>, shown: PlayerItem[], store: Store): void {
  const done = useRef(false);
  useEffect(() => {
    if (done.current || !form.current) return;
    done.current = true;
    const fields = new FormData(form.current);
    const { answers } = store.read();
    for (const item of shown) {
      // Kept answers were taken up a moment ago and are newer than what the server drew.
      if (answers[item.item]?.revision === 0) store.change(item.item, readResponse(fields, item));
    }
  }, [form, shown, store]);
}

const ASK_AT_END = 2000;

/** When time is up: what is unsent goes out, then the server is asked until it says that it closed the attempt. */
function useEndOfTime(timeUp: boolean, store: Store, { connection }: Snapshot): void {
  const ended = connection === 'late' || connection === 'handed-in' || connection === 'other-device';
  useEffect(() => {
    if (!timeUp || ended) return;
    store.check();
    const timer = window.setInterval(() => store.check(), ASK_AT_END);
    return () => window.clearInterval(timer);
  }, [timeUp, ended, store]);
}

/** Goes to the hand-in page as soon as everything is with the server. */
function useHandIn(leaving: boolean, { unsent }: Snapshot, attemptId: string): void {
  useEffect(() => {
    if (leaving && unsent === 0) window.location.assign(`/attempts/${attemptId}/hand-in`);
  }, [leaving, unsent, attemptId]);
}
