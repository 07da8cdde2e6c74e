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
  /** Counted from 0; absent where a paper is not divided. */
  section?: number;
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

/** Neighbouring items that are worked on together. */
export interface PlayerSection {
  /** Counted from 0. */
  index: number;
  title: string;
  /** Numbers of its first and last item. */
  from: number;
  to: number;
  /** Once left it cannot be entered again. */
  oneWay: boolean;
}

/** What somebody watching over the exam wrote to the candidate. */
export interface Message {
  id: string;
  text: string;
  /** Milliseconds since 1970, by the server's clock. */
  sentAt: number;
}

/** What somebody else than the candidate may change while the exam is being written. */
export interface Standing {
  serverNow: number;
  deadline: number;
  /** State of the attempt, as the server names it. */
  state: string;
  /** Since when it stands still; null while it runs. */
  pausedAt: number | null;
  /** The section that is open, counted from 0, and when it ends by itself. */
  section: number;
  sectionEndsAt: number | null;
  otherDevice: boolean;
  /** Unread, oldest first. */
  messages: Message[];
}

export interface PlayerStart extends Standing {
  attemptId: string;
  device: string;
  answers: StoredAnswer[];
  /** 32 bytes in base64url: what is kept on this device is encrypted with it. */
  answerKey: string;
  /** Seconds after the deadline within which an answer changed before it still counts. */
  tolerance: number;
  /** Names the candidate's place in the name of an answer file: the ticket, or the exam. */
  label: string;
  /** Empty: one section without a limit of its own. */
  sections: PlayerSection[];
}

/** What a save was answered with, as far as the player needs it. */
export type PostReply =
  | { kind: 'saved'; serverNow: number; deadline: number; accepted: ItemSeq[]; stale: StaleSeq[]; refused: ItemSeq[] }
  /** Nothing was saved; sending again later may help. */
  | { kind: 'again'; reason: 'unreachable' | 'unavailable' | 'full' }
  | { kind: 'signed-out' }
  /** Nothing was saved; it can be sent again when the exam goes on. */
  | { kind: 'paused'; serverNow: number; deadline: number; pausedAt: number }
  /** The deadline is over. `open`: the attempt is not handed in yet; `counted` is what counts all the same. */
  | { kind: 'late'; serverNow: number; deadline: number; open: boolean; kept: ItemSeq[]; counted: ItemSeq[]; refused: ItemSeq[] }
  /** This device can write no more. */
  | { kind: 'ended'; reason: 'handed-in' | 'other-device' | 'void'; kept: ItemSeq[]; refused: ItemSeq[] };

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
  /** ISO 8601: when it was changed, by the server's clock as this page reckons it. */
  changedAt?: string;
}

export interface Outgoing {
  changes: OutgoingChange[];
  flags: { item: string; flagged: boolean }[];
  /** The item before the candidate's eyes. */
  here?: string;
}
