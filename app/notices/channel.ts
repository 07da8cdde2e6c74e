/** What is sent, as it is sent. */
export interface Message {
  noticeId: string;
  to: string;
  subject: string;
  text: string;
}

/** `uncertain`: handed over, but no answer came back. */
export type Outcome = 'sent' | 'uncertain';

/** A way out of the house. Text messages and enterprise messengers become further ones. */
export interface Channel {
  name: string;
  /** Where this channel reaches the person; null when it does not. */
  addressOf(person: { email: string | null }): string | null;
  /**
   * Hands the message over.
   * @throws when it was certainly not accepted, so that it may be tried again
   */
  send(message: Message): Promise<Outcome>;
}
