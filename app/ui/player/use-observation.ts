import { useEffect, useRef, useState, type RefObject } from 'react';
import { Observer, type Noticed } from './observe';
import { ReadingPace, toRead } from './reading-speed';
import { sebHeaders } from './seb';
import type { PlayerItem } from './types';

export interface ObservationInput {
  attemptId: string;
  device: string;
  /** The server's time on this page. */
  clock: { now(): number };
  /** Kinds that the author switched on. */
  observed: readonly string[];
  idleMinutes: number | null;
  /** The form in which one writes. */
  form: RefObject<HTMLElement>;
  /** Items before the candidate's eyes. */
  shown: readonly PlayerItem[];
  /** Items that were answered when the page was opened. */
  answeredBefore: readonly string[];
  /** Nothing more is noticed: the attempt is over, paused, or on another device. */
  closed: boolean;
}

export interface Observation {
  /** Minutes without input that the candidate is to be warned of, or null. */
  idleFor: number | null;
}

const TICK = 5000;
/** Movements come by the hundred; one a second says enough. */
const MOVED_EVERY = 1000;

/** Notices what the author switched on, and sends it. Does nothing when nothing is on. */
export function useObservation(input: ObservationInput): Observation {
  const { attemptId, device, clock, observed, idleMinutes, form, closed } = input;
  const [idleFor, setIdleFor] = useState<number | null>(null);
  const [pace] = useState(() => new ReadingPace());
  const shown = useRef(input.shown);
  const kinds = observed.join(' ');
  const page = input.shown.map((item) => item.item).join(' ');

  useEffect(() => {
    shown.current = input.shown;
    pace.shown(page.split(' '), clock.now());
  }, [input.shown, page, pace, clock]);

  const before = useRef(input.answeredBefore);
  useEffect(() => {
    pace.known(before.current, 0);
  }, [pace]);

  useEffect(() => {
    if (closed || (kinds === '' && idleMinutes === null)) return;
    const observer = new Observer({ kinds: kinds.split(' '), idleMinutes }, {
      now: () => clock.now(), send: (noticed) => post(attemptId, device, noticed), warn: setIdleFor,
    });
    const stop = listen(observer, form.current, (target) => {
      const item = itemAround(target, shown.current);
      const row = item && pace.answer(item.item, toRead(textsOf(item)), clock.now());
      if (row) observer.fast(row);
    });
    const timer = window.setInterval(() => void observer.tick(), TICK);
    return () => {
      window.clearInterval(timer);
      stop();
      setIdleFor(null);
      void observer.tick();
    };
  }, [attemptId, device, clock, kinds, idleMinutes, form, pace, closed]);
  return { idleFor };
}

function listen(observer: Observer, form: HTMLElement | null, answered: (target: EventTarget | null) => void): () => void {
  let gone = false;
  let movedAt = 0;
  const look = () => {
    if (gone) return;
    // A click into a frame of ours takes the focus from the window, but not from the document.
    if (document.visibilityState === 'hidden' || !document.hasFocus()) observer.left();
    else observer.back();
  };
  const soon = () => void window.setTimeout(look, 0);
  const touched = (event: Event) => {
    if (event.type === 'pointermove' && event.timeStamp - movedAt < MOVED_EVERY) return;
    movedAt = event.timeStamp;
    observer.touched();
  };
  const pasted = (event: ClipboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.matches('input, textarea')) {
      // Only how long it was leaves this function.
      observer.pasted([...(event.clipboardData?.getData('text') ?? '')].length);
    }
  };
  const input = (event: Event) => answered(event.target);
  const hide = () => {
    gone = true;
    observer.gone();
  };
  const show = () => {
    gone = false;
  };
  const heard: [EventTarget | null, string, (event: never) => void][] = [
    [document, 'visibilitychange', soon], [window, 'blur', soon], [window, 'focus', soon], [window, 'pagehide', hide], [window, 'pageshow', show],
    [document, 'keydown', touched], [document, 'pointerdown', touched], [document, 'pointermove', touched], [document, 'scroll', touched],
    [form, 'paste', pasted], [form, 'input', input],
  ];
  for (const [target, name, hear] of heard) target?.addEventListener(name, hear as EventListener, { passive: true });
  return () => {
    for (const [target, name, hear] of heard) target?.removeEventListener(name, hear as EventListener);
  };
}

function itemAround(target: EventTarget | null, items: readonly PlayerItem[]): PlayerItem | null {
  const name = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-item]')?.dataset['item'] : undefined;
  return items.find((item) => item.item === name) ?? null;
}

function textsOf(item: PlayerItem): string[] {
  const options = 'options' in item ? item.options : [];
  const lefts = 'lefts' in item ? item.lefts : [];
  return [item.stem, ...lefts.map((one) => one.text), ...options.map((one) => one.text)];
}

const PATIENCE = 15_000;

/** False: nobody has it, it stays here. What the server refuses for good is not sent again. */
async function post(attemptId: string, device: string, noticed: Noticed[]): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(`/attempts/${attemptId}/observations`, {
      method: 'POST', credentials: 'same-origin', signal: stop.signal, keepalive: true,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...sebHeaders() },
      body: JSON.stringify({ device, observations: noticed.map(({ at, ...rest }) => ({ ...rest, at: new Date(at).toISOString() })) }),
    });
    return answer.ok || [400, 409, 410].includes(answer.status);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
