import { useCallback, useRef, useState, type FormEvent } from 'react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { StatusTag } from '../status/status';
import { hasEnded, type Snapshot } from './answer';
import { Clock } from './clock';
import { ConnectionBanner } from './connection-banner';
import { readResponse } from './form-responses';
import { IdleWarning } from './idle-warning';
import { ItemView } from './item-view';
import { Messages } from './messages';
import { Navigator } from './navigator';
import { OfflineHandIn } from './offline-hand-in';
import { pagesOf, pageWith } from './pages';
import { PauseBanner, frozen } from './pause';
import { SectionHead } from './section-head';
import { Steps } from './steps';
import { TimeGiven } from './time-given';
import type { PlayerItem, PlayerStart } from './types';
import { useEndOfTime, useFormEvents, useSectionMoves, useTypedEarly } from './use-exam';
import { useHeadRoom } from './use-head-room';
import { useObservation } from './use-observation';
import { usePlayer } from './use-player';

export interface PlayerProps {
  title: string;
  start: PlayerStart;
  /** The items that may be read now, without keys. */
  items: PlayerItem[];
  /** Counted from 1. */
  page: number;
  /** What the last form post has to tell (without JavaScript). */
  notice: string | null;
  /** Nothing counts here. */
  practice: boolean;
  observed: readonly string[];
  idleMinutes: number | null;
}

/**
 * An exam being written. It is one form that works by itself, a page of items at a time; with JavaScript the
 * same form saves while one writes and turns its pages without the server.
 */
export function Player({ title, start, items, page: loadedPage, notice, practice, observed, idleMinutes }: PlayerProps) {
  const { t, dateTime } = useText();
  const { store, clock, snapshot, running } = usePlayer(start);
  const form = useRef<HTMLFormElement>(null);
  const [page, setPage] = useState(loadedPage);
  const [leaving, setLeaving] = useState<'hand-in' | 'section' | null>(null);
  const [timeUp, setTimeUp] = useState(false);
  const pages = pagesOf(items);
  const shown = pages[page - 1] ?? [];
  const closed = timeUp || snapshot.pausedAt !== null || hasEnded(snapshot.connection);
  const time = snapshot.pausedAt === null ? clock : frozen(snapshot.pausedAt);

  useHeadRoom(form);
  useTypedEarly(form, shown, store);
  const offline = useEndOfTime({ timeUp, leaving, store, snapshot, attemptId: start.attemptId });
  useSectionMoves({ start, clock, store, snapshot });
  const { idleFor } = useObservation({
    attemptId: start.attemptId, device: start.device, clock, observed, idleMinutes, form, shown, closed,
    answeredBefore: start.answers.filter((answer) => answer.seq > 0).map((answer) => answer.item),
  });
  const onOver = useCallback(() => setTimeUp(true), []);
  // Time that was given after all: one may write again.
  if (timeUp && snapshot.connection === 'good' && snapshot.deadline > clock.now() + 1000) setTimeUp(false);

  useFormEvents(form, {
    input: (target) => {
      const item = itemAround(target, items);
      if (!item || !form.current) return;
      // Whoever writes on has changed their mind about handing in.
      setLeaving(null);
      if (target instanceof HTMLInputElement && target.name.startsWith('flag.')) store.flag(item.item, target.checked);
      else store.change(item.item, readResponse(new FormData(form.current), item));
    },
    focusin: (target) => {
      const item = itemAround(target, items);
      if (item) store.look(item.item);
    },
    focusout: (target) => {
      if (target.matches('input, select, textarea')) store.flush();
    },
  });
  const go = (number: number) => {
    const next = pageWith(pages, number);
    setPage(next);
    window.history.replaceState(window.history.state, '', `?page=${next}`);
    focusSoon(number, true);
  };
  const clear = (name: string) => {
    store.clear(name);
    // The button goes with the answer, and the keyboard must not go with it.
    const item = items.find((one) => one.item === name);
    if (item) focusSoon(item.number, false);
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const pressed = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null;
    if (!(pressed instanceof HTMLButtonElement)) return store.flush();
    if (pressed.name === 'clear') return clear(pressed.value);
    store.flush();
    const item = /^item-(\d+)$/.exec(pressed.value);
    if (item) go(Number(item[1]));
    else if (pressed.value === 'hand-in') setLeaving('hand-in');
    else if (pressed.value === 'section') setLeaving('section');
  };

  return (
    <form className="player" method="post" action={`/attempts/${start.attemptId}?page=${page}`} autoComplete="off" ref={form} onSubmit={onSubmit}>
      {/* Enter in a text field presses the form's first button: it must only save. */}
      <button type="submit" name="to" value="here" className="visually-hidden" tabIndex={-1} aria-hidden="true">{t('player.save-here')}</button>
      <header className="player-head">
        <h1 className="player-title">{title} {practice && <StatusTag tone="due">{t('player.practice')}</StatusTag>}</h1>
        <a className="player-jump" href="#player-navigator">{t('player.navigator')}</a>
        <Clock attemptId={start.attemptId} clock={time} deadline={snapshot.deadline} paused={snapshot.pausedAt !== null} onOver={onOver} />
        {running ? <SaveSummary snapshot={snapshot} leaving={leaving !== null} /> : <p className="player-save">{t('player.save-by-button')}</p>}
      </header>
      <div className="player-notices">
        {notice && <Banner tone="warning" title={notice} />}
        <Messages attemptId={start.attemptId} messages={snapshot.messages} onSeen={(id) => store.seen(id)} />
        <TimeGiven deadline={snapshot.deadline} />
        <PauseBanner pausedAt={snapshot.pausedAt} />
        <IdleWarning minutes={idleFor} />
        <ConnectionBanner attemptId={start.attemptId} snapshot={snapshot} timeUp={timeUp} offline={offline} />
        <OfflineHandIn start={start} store={store} clock={clock} shown={offline} />
      </div>
      <div className="player-body">
        <div className="player-items">
          <SectionHead sections={start.sections} current={shown[0]?.section ?? 0} open={snapshot.section} endsAt={snapshot.sectionEndsAt} clock={time} running={running} />
          <p className="player-page">{t('player.pages', { page, pages: pages.length })} · {t('player.deadline', { time: dateTime(snapshot.deadline) })}</p>
          {shown.map((item) => {
            const answer = snapshot.answers[item.item];
            return answer && <ItemView key={item.item} item={item} answer={answer} closed={closed} />;
          })}
          <Steps pages={pages} page={page} sections={start.sections} open={snapshot.section} />
        </div>
        <Navigator items={items} answers={snapshot.answers} shown={shown.map((item) => item.number)} sections={start.sections} />
      </div>
    </form>
  );
}

/**
 * After the page is drawn: the item that was asked for, where the keyboard goes on. An item is often taller than the
 * window, and a browser that scrolls to what has the keyboard would show its middle.
 */
function focusSoon(number: number, scroll: boolean): void {
  window.setTimeout(() => {
    const item = document.getElementById(`item-${number}`);
    item?.focus({ preventScroll: true });
    if (scroll) item?.scrollIntoView({ block: 'start' });
  }, 0);
}

/** All answers' state in one line, beside the clock. */
function SaveSummary({ snapshot, leaving }: { snapshot: Snapshot; leaving: boolean }) {
  const { t } = useText();
  const { connection, looked, unsent: count } = snapshot;
  const failed = connection !== 'good' && count > 0;
  const text = leaving && count > 0 ? t('player.hand-in-waiting', { count })
    : count === 0 ? t(looked ? 'player.all-saved' : 'player.looking')
    : connection === 'good' ? t('player.some-saving')
    : t(snapshot.durable ? 'player.some-kept' : 'player.some-unsent', { count });
  return <p className={failed ? 'player-save player-save--failed' : 'player-save'} role="status" data-unsent={looked ? count : ''}>{text}</p>;
}

function itemAround(target: HTMLElement, items: PlayerItem[]): PlayerItem | null {
  const name = target.closest<HTMLElement>('[data-item]')?.dataset['item'];
  return items.find((item) => item.item === name) ?? null;
}
