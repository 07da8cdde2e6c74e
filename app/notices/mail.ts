import { createTransport, type Transporter } from 'nodemailer';
import { config } from '~/kernel/config';
import { seconds } from '~/kernel/clock';
import type { Channel, Message } from './channel';

let open: { url: string; transport: Transporter } | null = null;

/** One pool of connections per mail server; a test or a changed setting gets a fresh one. */
function transportFor(url: string): Transporter {
  if (open?.url === url) return open.transport;
  open?.transport.close();
  const transport = createTransport({
    url, pool: true, maxConnections: 2, connectionTimeout: seconds(10), greetingTimeout: seconds(10), socketTimeout: seconds(30),
  });
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
    name: 'e-mail',
    addressOf: (person) => person.email,
    send: async (message) => void await transportFor(url).sendMail(mailOf(message)),
  };
}

function mailOf({ noticeId, to, subject, text }: Message) {
  const from = config().MAIL_FROM;
  const domain = from.split('@')[1]?.replace(/[>\s].*$/, '') ?? 'localhost';
  return {
    from, to, subject, text,
    // The same notice always has the same id, so that a mailbox shows it once even if a server repeats it.
    messageId: `<${noticeId}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true, disableUrlAccess: true,
  };
}
