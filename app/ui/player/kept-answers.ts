import type { Response } from './types';

/** A response as it is kept on the device. */
export interface KeptChange {
  response: Response;
  /** Milliseconds since 1970 by the server's clock; null when an older program kept it. */
  changedAt: number | null;
}

export interface KeptEntry {
  item: string;
  /** The highest number that a tab of this device has given to the item. */
  seq: number;
  change: KeptChange | null;
  /** The server has acknowledged the change. */
  sent: boolean;
  /** A flag that the server has not acknowledged. */
  flag: boolean | null;
}

/**
 * Answers of one attempt on this device. All tabs of the browser share it, and with it the sequence numbers:
 * a later change has a higher one, whichever tab made it. Every promise that resolves means: durable.
 */
export interface KeptAnswers {
  /** Takes the next number of an item, `atLeast` or above, and keeps the response under it. */
  keep(item: string, change: KeptChange, atLeast: number): Promise<number>;
  /** The server has the response with this number; a newer one stays unsent. */
  acknowledge(item: string, seq: number): Promise<void>;
  keepFlag(item: string, flagged: boolean): Promise<void>;
  acknowledgeFlag(item: string, flagged: boolean): Promise<void>;
  read(): Promise<KeptEntry[]>;
  /** Nothing of this attempt is needed on this device any more. */
  forget(): Promise<void>;
  /** Calls `changed` after another tab kept something. @returns stops it */
  watch(changed: () => void): () => void;
}
