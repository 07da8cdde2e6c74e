import { useEffect, useRef, useState } from 'react';
import type { ConsoleChanges, ConsoleState } from '~/exams';
import { after } from './view';

/** How the page hears what happens; `none` before JavaScript has begun. */
export type Link = 'none' | 'live' | 'polling' | 'signed-out';

export interface LiveConsole {
  state: ConsoleState;
  /** The server's time, as this page reckons it. */
  now: number;
  link: Link;
  /** How old the last word of the server is. */
  silentMs: number;
}

const POLL_MS = 4000;
/** The server has a word every ten seconds at least; after so long without one the connection is dead. */
const DEAD_AFTER_MS = 25_000;
const TICK_MS = 1000;

/**
 * The state of a sitting, kept up to date: by server-sent events, and while these are not to be had by asking every
 * few seconds. `loaded` is what the page came with; a page that is loaded anew brings a newer one.
 */
export function useConsole(sittingId: string, loaded: ConsoleState): LiveConsole {
  const [state, setState] = useState(loaded);
  const [link, setLink] = useState<Link>('none');
  const heardAt = useRef(0);
  const [tick, setTick] = useState({ offset: 0, now: loaded.now, silentMs: 0 });
  const offset = useRef(0);

  const [fresh, setFresh] = useState(loaded);
  if (fresh !== loaded) {
    setFresh(loaded);
    if (loaded.now > state.now) setState(loaded);
  }

  useEffect(() => {
    const base = `/invigilate/sittings/${sittingId}`;
    let source: EventSource | null = null;
    let poll: ReturnType<typeof setTimeout> | null = null;
    let over = false;
    /** The stream is open and has spoken. */
    let streaming = false;

    const hear = (now: number, next: (before: ConsoleState) => ConsoleState): void => {
      heardAt.current = performance.now();
      offset.current = now - performance.now();
      setState((before) => (now >= before.now ? next(before) : before));
    };

    const stopPolling = (): void => {
      if (poll !== null) clearTimeout(poll);
      poll = null;
    };

    const ask = async (): Promise<void> => {
      stopPolling();
      try {
        const answer = await fetch(`${base}/state`, { cache: 'no-store' });
        if (over) return;
        if (answer.ok) {
          const whole = (await answer.json()) as ConsoleState;
          hear(whole.now, () => whole);
          setLink((before) => (before === 'live' ? before : 'polling'));
        } else if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
          over = true;
          source?.close();
          setLink('signed-out');
          return;
        }
      } catch {
        // The network is away; the next turn asks again.
      }
      if (!over && !streaming) poll = setTimeout(() => void ask(), POLL_MS);
    };

    /** Asking takes over; after a while a stream is tried again. */
    const fallBack = (again: boolean): void => {
      source?.close();
      source = null;
      streaming = false;
      stopPolling();
      setLink('polling');
      void ask();
      if (again) setTimeout(() => { if (!over && source === null) open(); }, 6 * POLL_MS);
    };

    const open = (): void => {
      if (typeof EventSource === 'undefined') return fallBack(false);
      const stream = new EventSource(`${base}/live`);
      source = stream;
      heardAt.current = performance.now();
      stream.addEventListener('state', (event) => {
        const whole = JSON.parse((event as MessageEvent<string>).data) as ConsoleState;
        streaming = true;
        stopPolling();
        setLink('live');
        hear(whole.now, () => whole);
      });
      stream.addEventListener('changes', (event) => {
        const changes = JSON.parse((event as MessageEvent<string>).data) as ConsoleChanges;
        hear(changes.now, (before) => after(before, changes));
      });
      stream.addEventListener('end', () => fallBack(false));
      stream.onerror = () => {
        if (source !== stream) return;
        if (stream.readyState === EventSource.CLOSED) return fallBack(true);
        // It tries again by itself; meanwhile the page asks.
        streaming = false;
        if (poll === null) poll = setTimeout(() => void ask(), POLL_MS);
      };
    };

    const clock = setInterval(() => {
      const silentMs = performance.now() - heardAt.current;
      setTick({ offset: offset.current, now: Math.round(performance.now() + offset.current), silentMs });
      if (!over && source !== null && silentMs > DEAD_AFTER_MS) fallBack(true);
    }, TICK_MS);
    open();
    return () => {
      over = true;
      source?.close();
      stopPolling();
      clearInterval(clock);
    };
  }, [sittingId]);

  // Until the page has heard something, the time is the one it was loaded with.
  return { state, now: tick.offset === 0 ? state.now : Math.max(tick.now, state.now), link, silentMs: link === 'none' ? 0 : tick.silentMs };
}
