import { Readable } from 'node:stream';
import { createTransport, type Transporter } from 'nodemailer';
import { seconds } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { E_MAIL, type Channel, type Message, type Outcome } from './channel';

let open: { url: string; transport: Transporter } | null = null;

/** One pool of connections per mail server; a test or a changed setting gets a fresh one. */
function transportFor(url: string): Transporter {
  if (open?.url === url) return open.transport;
  open?.transport.close();
  const pooled = {
    url, pool: true as const, maxConnections: 2, connectionTimeout: seconds(10), greetingTimeout: seconds(10), socketTimeout: seconds(30),
    // A lost connection is judged below; repeating the mail unasked could deliver it twice.
    maxRequeues: 0,
  };
  const transport = createTransport(pooled);
  open = { url, transport };
  return transport;
}

/** Closes the connections to the mail server; the next mail opens them again. */
export function closeMail(): void {
  open?.transport.close();
  open = null;
}

/** E-mail through SMTP_URL; null while that is not set. */
export function mailChannel(): Channel | null {
  const url = config().SMTP_URL;
  if (!url) return null;
  return {
    id: E_MAIL, name: E_MAIL, length: 'full', knowsRepeats: false, addressOf: (person) => person.email,
    send: (message) => send(transportFor(url), message),
  };
}

async function send(transport: Transporter, message: Message): Promise<Outcome> {
  const text = { begun: false };
  const body = Readable.from((function* parts() {
    text.begun = true;
    yield Buffer.from(message.text);
  })());
  try {
    await transport.sendMail({ ...mailOf(message), text: body });
    return { result: 'sent' };
  } catch (error) {
    // Once the text was on its way and no answer came, the server may have taken it.
    if (text.begun && !answered(error)) return { result: 'uncertain' };
    const refusal = permanentRefusal(error);
    if (refusal !== null) return { result: 'refused', detail: refusal };
    throw error;
  }
}

const answered = (error: unknown): boolean => error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number';

/**
 * What the server said when it refused the recipient for good: trying again would be refused again. Null for anything
 * else, also when the server refuses us and not the address: then every address would look bad.
 */
function permanentRefusal(error: unknown): string | null {
  if (!(error instanceof Error) || !('responseCode' in error) || !('command' in error) || error.command !== 'RCPT TO') return null;
  return isBadAddress(Number(error.responseCode), error.message) ? error.message : null;
}

/** Whether a reply says that the address does not exist or takes no mail. Subjects 1 (address) and 2 (mailbox; 2.2: full, which passes). */
export function isBadAddress(code: number, reply: string): boolean {
  const status = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(reply);
  if (!status) return code === 550 || code === 551 || code === 553;
  return code >= 500 && (status[1] === '1' || (status[1] === '2' && status[2] !== '2'));
}

function mailOf({ id, to, subject }: Message) {
  const from = config().MAIL_FROM;
  const domain = from.split('@')[1]?.replace(/[>\s].*$/, '') ?? 'localhost';
  return {
    from, to, subject,
    textEncoding: 'base64' as const,
    // The same dispatch always has the same id, so that a mailbox shows it once even if a server repeats it.
    messageId: `<${id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true, disableUrlAccess: true,
  };
}
