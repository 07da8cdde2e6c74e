import { Readable } from 'node:stream';
import { createTransport, type Transporter } from 'nodemailer';
import { seconds } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { Channel, Message, Outcome } from './channel';

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
  return { name: 'e-mail', addressOf: (person) => person.email, send: (message) => send(transportFor(url), message) };
}

async function send(transport: Transporter, message: Message): Promise<Outcome> {
  const text = { begun: false };
  const body = Readable.from((function* parts() {
    text.begun = true;
    yield Buffer.from(message.text);
  })());
  try {
    await transport.sendMail({ ...mailOf(message), text: body });
    return 'sent';
  } catch (error) {
    // Once the text was on its way and no answer came, the server may have taken it.
    if (text.begun && !answered(error)) return 'uncertain';
    throw error;
  }
}

const answered = (error: unknown): boolean => error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number';

function mailOf({ noticeId, to, subject }: Message) {
  const from = config().MAIL_FROM;
  const domain = from.split('@')[1]?.replace(/[>\s].*$/, '') ?? 'localhost';
  return {
    from, to, subject,
    textEncoding: 'base64' as const,
    // The same notice always has the same id, so that a mailbox shows it once even if a server repeats it.
    messageId: `<${noticeId}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true, disableUrlAccess: true,
  };
}
