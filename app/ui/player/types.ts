/** What the player works with: plain data from the server, never a key. */

/** In the shape in which it is saved; null: no answer. */
export type Response = boolean | string | string[] | Record<string, string> | null;

/** An item as a candidate sees it, options in the order of their paper. */
export type PlayerItem = {
  /** The item version's id: names the item towards the server. */
  item: string;
  /** Its place on the paper, counted from 1. */
  number: number;
  points: number;
  stem: string;
} & (
  | { type: 'single' | 'multiple' | 'order'; options: Option[] }
  | { type: 'match'; lefts: Option[]; options: Option[] }
  | { type: 'true-false' | 'short' }
);

export interface Option {
  /** Names the option towards the server, whatever letter is shown. */
  value: string;
  text: string;
}

/** A response as the server has it. `seq` 0: none was ever saved. */
export interface StoredAnswer {
  item: string;
  seq: number;
  response: Response;
  flagged: boolean;
}

export interface PlayerStart {
  attemptId: string;
  device: string;
  /** Milliseconds since 1970, by the server's clock. */
  serverNow: number;
  deadline: number;
  answers: StoredAnswer[];
}

/** What a save was answered with, as far as the player needs it. */
export type PostReply =
  | { kind: 'saved'; serverNow: number; deadline: number; accepted: ItemSeq[]; stale: StaleSeq[]; refused: ItemSeq[] }
  /** Nothing was saved; sending again later may help. */
  | { kind: 'again'; reason: 'unreachable' | 'unavailable' | 'full' }
  | { kind: 'signed-out' }
  /** This device can write no more. */
  | { kind: 'ended'; reason: 'handed-in' | 'late' | 'other-device' };

export interface ItemSeq {
  item: string;
  seq: number;
}

export interface StaleSeq extends ItemSeq {
  /** The sequence number and the response that count on the server. */
  current: number;
  response: Response;
}

export interface OutgoingChange extends ItemSeq {
  response: Response;
}

export interface Outgoing {
  changes: OutgoingChange[];
  flags: { item: string; flagged: boolean }[];
}
