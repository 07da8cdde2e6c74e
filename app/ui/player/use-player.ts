import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Snapshot } from './answer';
import { AnswerStore } from './answer-store';
import { BrowserAnswers } from './kept-in-browser';
import { Live } from './live';
import { plainAnswers } from './plain-answers';
import { patiently, postResponses } from './post';
import { fromBase64Url } from './seal';
import { askSeb } from './seb';
import { ServerClock } from './server-clock';
import { tabSignal } from './tab-signal';
import type { PlayerStart } from './types';

export interface RunningPlayer {
  store: AnswerStore;
  clock: ServerClock;
  snapshot: Snapshot;
  /** False on the server and without JavaScript: then only the form's buttons save. */
  running: boolean;
}

/** What was kept on this device for an attempt, as every page of it finds it. */
export const keptOnDevice = ({ attemptId, answerKey }: Pick<PlayerStart, 'attemptId' | 'answerKey'>, now: () => number): BrowserAnswers =>
  new BrowserAnswers({
    attemptId, now,
    key: fromBase64Url(answerKey),
    signal: typeof window === 'undefined' ? { tell: () => undefined, hear: () => () => undefined } : tabSignal(`shanggang.answers.${attemptId}`),
    plain: plainAnswers(attemptId, () => window.localStorage),
  });

interface Assembled {
  store: AnswerStore;
  clock: ServerClock;
  kept: BrowserAnswers;
}

function assemble(start: PlayerStart): Assembled {
  const clock = new ServerClock(() => performance.now());
  const kept = keptOnDevice(start, () => clock.now());
  const store = new AnswerStore(start, {
    clock, kept,
    post: (outgoing) => postResponses(start.attemptId, start.device, outgoing),
    later: (run, ms) => window.setTimeout(run, ms),
    cancel: (timer) => window.clearTimeout(timer),
    random: Math.random,
  });
  return { store, clock, kept };
}

/** The answers of an attempt on this page. On the server, and in the first picture, exactly what was loaded. */
export function usePlayer(start: PlayerStart): RunningPlayer {
  const { attemptId, device } = start;
  const [{ store, clock, kept }] = useState(() => assemble(start));
  const [running, setRunning] = useState(false);
  const snapshot = useSyncExternalStore(store.subscribe, store.read, store.read);
  useEffect(() => {
    let gone = false;
    const live = liveOf(attemptId, store, clock);
    const leave = [listen(store, live, attemptId, device), kept.watch(() => store.keptChanged())];
    // Safe Exam Browser is asked for its keys first: without them the first request would be refused.
    void askSeb().then(() => {
      if (gone) return;
      store.begin();
      if (document.visibilityState !== 'hidden') live.start();
      setRunning(true);
    });
    return () => {
      gone = true;
      leave.forEach((one) => one());
      live.end();
      store.end();
    };
  }, [store, clock, kept, attemptId, device]);
  return { store, clock, snapshot, running };
}

function liveOf(attemptId: string, store: AnswerStore, clock: ServerClock): Live {
  return new Live({
    open: () => (typeof EventSource === 'undefined' ? null : new EventSource(`/attempts/${attemptId}/live`)),
    ask: async () => {
      const answer = await patiently(`/attempts/${attemptId}/standing`, { headers: { Accept: 'application/json' }, cache: 'no-store' });
      return answer.ok ? answer.text() : null;
    },
    heard: (standing) => store.heard(standing),
    time: (serverNow) => clock.heard(serverNow),
    every: (run, ms) => window.setInterval(run, ms),
    stop: (timer) => window.clearInterval(timer),
    now: () => performance.now(),
  });
}

/** The moments at which the world outside may have changed. */
function listen(store: AnswerStore, live: Live, attemptId: string, device: string): () => void {
  const online = () => {
    live.doubt();
    store.check();
  };
  // A browser opens six connections to a server: streams of tabs that nobody sees would leave none for saving.
  const visible = () => {
    if (document.visibilityState === 'hidden') return live.end();
    live.start();
    store.check();
  };
  const leave = () => {
    const outgoing = store.lastWords();
    if (!outgoing) return;
    const body = new Blob([JSON.stringify({ device, ...outgoing })], { type: 'application/json' });
    navigator.sendBeacon(`/attempts/${attemptId}/responses`, body);
  };
  const offline = () => live.doubt();
  let failures = 0;
  const troubled = store.subscribe(() => {
    const now = store.read().failures;
    if (now > failures) live.doubt();
    failures = now;
  });
  window.addEventListener('online', online);
  window.addEventListener('offline', offline);
  document.addEventListener('visibilitychange', visible);
  window.addEventListener('pagehide', leave);
  return () => {
    troubled();
    window.removeEventListener('online', online);
    window.removeEventListener('offline', offline);
    document.removeEventListener('visibilitychange', visible);
    window.removeEventListener('pagehide', leave);
  };
}
