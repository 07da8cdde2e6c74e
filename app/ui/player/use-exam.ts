import { useEffect, useRef, useState, type RefObject } from 'react';
import type { AnswerStore } from './answer-store';
import { hasEnded, type Snapshot } from './answer';
import { readResponse } from './form-responses';
import { patiently, postHandIn } from './post';
import type { PlayerItem, PlayerStart } from './types';

type FormEvents = Record<'input' | 'focusin' | 'focusout', (target: HTMLElement) => void>;

/** Events of all the form's fields, heard in one place. */
export function useFormEvents(form: RefObject<HTMLFormElement>, events: FormEvents): void {
  const latest = useRef(events);
  useEffect(() => {
    latest.current = events;
  });
  useEffect(() => {
    const box = form.current;
    const hear = (event: Event) => {
      if (event.target instanceof HTMLElement) latest.current[event.type as keyof FormEvents](event.target);
    };
    for (const name of ['input', 'focusin', 'focusout']) box?.addEventListener(name, hear);
    return () => {
      for (const name of ['input', 'focusin', 'focusout']) box?.removeEventListener(name, hear);
    };
  }, [form]);
}

/** What was typed before the script ran is in the fields, and nowhere else yet. */
export function useTypedEarly(form: RefObject<HTMLFormElement>, shown: PlayerItem[], store: AnswerStore): void {
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
/** So many failures in a row, and the candidate is offered another way to hand in. */
const HOPELESS_AFTER = 2;

/** Over for good, on the server's word: nothing more is to be sent from here as an answer. */
const isOver = ({ connection }: Snapshot): boolean => hasEnded(connection) && connection !== 'time-over';

interface Leaving {
  timeUp: boolean;
  leaving: 'hand-in' | 'section' | null;
  store: AnswerStore;
  snapshot: Snapshot;
  attemptId: string;
}

/**
 * The end. When time is up, what is unsent goes out, and then the attempt is handed in at once. Who wants to hand
 * in, or to finish a section, gets to the page for it as soon as everything is with the server.
 * @returns whether the network is gone while somebody wants to hand in: then there is another way
 */
export function useEndOfTime({ timeUp, leaving, store, snapshot, attemptId }: Leaving): boolean {
  const over = isOver(snapshot);
  const [unreachable, setUnreachable] = useState(false);
  const { unsent, connection, failures } = snapshot;
  useEffect(() => {
    if (!timeUp || over) return;
    store.check();
    const timer = window.setInterval(() => store.check(), ASK_AT_END);
    return () => window.clearInterval(timer);
  }, [timeUp, over, store]);
  useEffect(() => {
    // Everything that can count has been sent, and the server said that the time is over.
    if (connection !== 'time-over' || unsent > 0) return;
    return untilItWorks(() => postHandIn(attemptId), () => window.location.assign(`/attempts/${attemptId}/receipt`), () => setUnreachable(true));
  }, [connection, unsent, attemptId]);
  useEffect(() => {
    if (leaving === null || unsent > 0 || connection !== 'good') return;
    return untilItWorks(
      // Asked first: going to a page that cannot be reached would lose this one.
      () => patiently(`/attempts/${attemptId}/standing`, { cache: 'no-store' }).then((answer) => answer.status < 500 || Promise.reject(new Error(String(answer.status)))),
      () => window.location.assign(`/attempts/${attemptId}/${leaving}`),
      () => setUnreachable(true),
    );
  }, [leaving, unsent, connection, attemptId]);
  const troubled = failures >= HOPELESS_AFTER || unreachable;
  return !over && troubled && (timeUp || leaving === 'hand-in');
}

/** Tries at once and every few seconds until it is answered. @returns stops it */
function untilItWorks(attempt: () => Promise<unknown>, done: () => void, failed: () => void): () => void {
  let over = false;
  const tryIt = () => void attempt().then(() => {
    if (!over) done();
    over = true;
  }, () => (over ? undefined : failed()));
  tryIt();
  const timer = window.setInterval(tryIt, ASK_AT_END * 2);
  return () => {
    over = true;
    window.clearInterval(timer);
  };
}

/** A section that is over, or that somebody moved on: its page is the server's to draw. Nothing unsent is left behind. */
export function useSectionMoves({ start, clock, store, snapshot }: {
  start: PlayerStart; clock: { now(): number }; store: AnswerStore; snapshot: Snapshot;
}): void {
  const { section, sectionEndsAt, unsent, pausedAt } = snapshot;
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (sectionEndsAt === null || pausedAt !== null) return;
    const timer = window.setInterval(() => setOver(clock.now() > sectionEndsAt), 500);
    return () => window.clearInterval(timer);
  }, [sectionEndsAt, pausedAt, clock]);
  const moved = start.sections.length > 0 && (over || section !== start.section);
  useEffect(() => {
    if (moved) store.flush();
  }, [moved, store]);
  useEffect(() => {
    if (moved && unsent === 0) window.location.assign(`/attempts/${start.attemptId}`);
  }, [moved, unsent, start.attemptId]);
}
