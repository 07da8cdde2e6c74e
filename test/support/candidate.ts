/** What the server acknowledged as stored: the promise that must hold. */
export interface Acknowledged {
  attemptId: string;
  item: string;
  seq: number;
  /** JSON text. */
  response: string;
  /** When the candidate changed it, by the clock of the installation. */
  changedAt: number;
  /** Whether that clock jumped between the change and its acknowledgement: then the two cannot be compared. */
  acrossJump: boolean;
}

export interface Question {
  item: string;
  /** A response that fits the item; `turn` varies it. */
  answer(turn: number): unknown;
}
