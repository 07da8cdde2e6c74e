import { useEffect, useState, useSyncExternalStore } from 'react';
import { AnswerStore, type Snapshot } from './answer-store';
import { KeptAnswers, type TextStore } from './kept-answers';
import { postResponses } from './post';
import { ServerClock } from './server-clock';
import type { PlayerStart } from './types';

export interface RunningPlayer {
  store: AnswerStore;
  clock: ServerClock;
  snapshot: Snapshot;
  /** False on the server and without JavaScript: then only the form's buttons save. */
  running: boolean;
}

/** `localStorage` where there is one: private windows and policies may forbid even to look at it. */
const browserStore: TextStore = {
  getItem: (key) => window.localStorage.getItem(key),
  setItem: (key, value) => window.localStorage.setItem(key, value),
  removeItem: (key) => window.localStorage.removeItem(key),
};

function assemble(start: PlayerStart): { store: AnswerStore; clock: ServerClock } {
  const clock = new ServerClock(() => performance.now());
  const store = new AnswerStore(start, {
    clock,
    kept: new KeptAnswers(start.attemptId, browserStore),
    post: (outgoing) => postResponses(start.attemptId, start.device, outgoing),
    later: (run, ms) => window.setTimeout(run, ms),
    cancel: (timer) => window.clearTimeout(timer),
    random: Math.random,
  });
  return { store, clock };
}

/** The answers of an attempt on this page. On the server, and in the first picture, exactly what was loaded. */
export function usePlayer(start: PlayerStart): RunningPlayer {
  const { attemptId, device } = start;
  const [{ store, clock }] = useState(() => assemble(start));
  const [running, setRunning] = useState(false);
  const snapshot = useSyncExternalStore(store.subscribe, store.read, store.read);
  useEffect(() => {
    store.begin();
    setRunning(true);
    const stop = listen(store, attemptId, device);
    return () => {
      stop();
      store.end();
    };
  }, [store, attemptId, device]);
  return { store, clock, snapshot, running };
}

/** The moments at which the world outside may have changed. */
function listen(store: AnswerStore, attemptId: string, device: string): () => void {
  const online = () => store.check();
  const visible = () => {
    if (document.visibilityState === 'visible') store.check();
  };
  const storage = () => store.keptChanged();
  const leave = () => {
    const outgoing = store.lastWords();
    if (!outgoing) return;
    const body = new Blob([JSON.stringify({ device, ...outgoing })], { type: 'application/json' });
    navigator.sendBeacon(`/attempts/${attemptId}/responses`, body);
  };
  window.addEventListener('online', online);
  document.addEventListener('visibilitychange', visible);
  window.addEventListener('storage', storage);
  window.addEventListener('pagehide', leave);
  return () => {
    window.removeEventListener('online', online);
    document.removeEventListener('visibilitychange', visible);
    window.removeEventListener('storage', storage);
    window.removeEventListener('pagehide', leave);
  };
}
