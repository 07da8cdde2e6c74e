/** What is sent, as it is sent. */
export interface Message {
  /** The dispatch: equal ids are the same message, however often it is handed over. */
  id: string;
  to: string;
  subject: string;
  text: string;
  /** Where the person goes on. */
  link: string;
}

/** `uncertain`: handed over, but no answer came back. `refused`: for good; that address is not tried again. */
export type Outcome = { result: 'sent' | 'uncertain' } | { result: 'refused'; detail: string };

/** By what somebody can be reached outside of the product. */
export interface Addresses {
  email: string | null;
  phone: string | null;
  staffNumber: string | null;
}

/** A way out of the house. */
export interface Channel {
  /** `e-mail`, or the id of a gateway. */
  id: string;
  name: string;
  /** `short`: subject and link are all that fits. */
  length: 'full' | 'short';
  /** Whether the other side knows a message that it was handed before, so that it may be handed over again. */
  knowsRepeats: boolean;
  /** Where this channel reaches the person; null when it does not. */
  addressOf(person: Addresses): string | null;
  /**
   * Hands the message over.
   * @throws when it was certainly not accepted, so that it may be tried again
   */
  send(message: Message): Promise<Outcome>;
}

export const E_MAIL = 'e-mail';
/** Not a channel that sends: a slip is printed and handed over. */
export const PAPER = 'paper';

/** Enough of an address to recognise it, not enough to use it. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at > 0) return `${address.slice(0, 1)}***${address.slice(at)}`;
  return address.length <= 4 ? '***' : `${address.slice(0, 3)}****${address.slice(-2)}`;
}
