import type { Message, OutgoingChange, PlayerStart, Response } from './types';

/**
 * Where an answer is: nowhere; on its way; on the server; only on this device; only in this page's memory;
 * not accepted; on file, but too late or from elsewhere to count by itself.
 */
export type SaveState = 'none' | 'saving' | 'saved' | 'kept' | 'unsaved' | 'refused' | 'evidence';

export interface Answer {
  response: Response;
  seq: number;
  save: SaveState;
  flagged: boolean;
  /** Counts up when the answer changed otherwise than through its fields: they then show it anew. */
  revision: number;
  /** By the server's clock as this page reckons it; null: not changed on this device. */
  changedAt: number | null;
  /** Counts every change, so that what is heard late about an earlier one is recognised. */
  turn: number;
  /** False: `seq` is only a guess until the device has given the number. */
  numbered: boolean;
  /** The device has it, also after a power cut. */
  durable: boolean;
}

/** What the candidate should know about the connection; the last five end the writing on this device. */
export type Connection = 'good' | 'unreachable' | 'unavailable' | 'full' | 'signed-out' | 'time-over' | 'handed-in' | 'late' | 'void' | 'other-device';

export interface Snapshot {
  answers: Readonly<Record<string, Answer>>;
  connection: Connection;
  /** Whether it is known what an earlier page kept on this device; until then nobody knows that all is saved. */
  looked: boolean;
  /** Answers and flags that the server has not acknowledged. */
  unsent: number;
  deadline: number;
  /** False: answers that are not sent would not survive closing the page. */
  durable: boolean;
  /** Since when the exam stands still; null while it runs. */
  pausedAt: number | null;
  section: number;
  sectionEndsAt: number | null;
  messages: readonly Message[];
  /** Counts what the server answered to saves, to see that it can be reached now. */
  replies: number;
  /** Saves in a row that got no good answer. */
  failures: number;
}

const UNSENT: readonly SaveState[] = ['saving', 'kept', 'unsaved'];

export const isUnsent = (answer: Answer | undefined): boolean => answer !== undefined && UNSENT.includes(answer.save);

/** How an answer that is not with the server is called, by what the network and the device do. */
export const unsentState = (connection: Connection, durable: boolean): SaveState =>
  connection === 'good' ? 'saving' : durable ? 'kept' : 'unsaved';

/** Whether this device can write no more (`time-over`: until somebody gives more time). */
export const hasEnded = (connection: Connection): boolean =>
  connection === 'time-over' || connection === 'handed-in' || connection === 'late' || connection === 'void' || connection === 'other-device';

/** The answers as the server has them when the page begins. */
export function loadedAnswers(start: Pick<PlayerStart, 'answers'>): Record<string, Answer> {
  return Object.fromEntries(start.answers.map(({ item, seq, response, flagged }): [string, Answer] =>
    [item, { response, seq, flagged, save: seq > 0 ? 'saved' : 'none', revision: 0, changedAt: null, turn: 0, numbered: true, durable: false }]));
}

/** An answer as it goes to the server. */
export const outgoingChange = (item: string, { seq, response, changedAt }: Answer): OutgoingChange =>
  ({ item, seq, response: response ?? null, ...(changedAt === null ? {} : { changedAt: new Date(changedAt).toISOString() }) });

/** Storage that fails costs durability, which the page says; memory goes on. */
export const ignored = (): void => undefined;
