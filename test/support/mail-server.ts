import type { AddressInfo, Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { closeMail } from '~/notices';

export interface ReceivedMail {
  to: string[];
  source: string;
}

/** What a server answers to a recipient or a text; null takes it. */
export interface Refusal {
  code: number;
  message: string;
}

interface Options {
  recipient?: (address: string) => Refusal | null;
  text?: () => Refusal | null;
  /** Breaks the connection when the text is through, before any answer. */
  dropAtText?: () => boolean;
  /** Runs while the client waits for the answer to its text. */
  beforeAnswer?: (mail: ReceivedMail) => Promise<void>;
}

export interface MailServer {
  url: string;
  mails: ReceivedMail[];
  close(): Promise<void>;
}

const asError = ({ code, message }: Refusal): Error => Object.assign(new Error(message), { responseCode: code });

/** A real mail server in this process. */
export async function mailServer(options: Options = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      const refusal = options.recipient?.(address) ?? null;
      return refusal ? done(asError(refusal)) : done();
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const mail = { to: session.envelope.rcptTo.map((one) => one.address), source: Buffer.concat(chunks).toString('utf8') };
        if (options.dropAtText?.()) return sockets.forEach((socket) => socket.destroy());
        const refusal = options.text?.() ?? null;
        if (refusal) return done(asError(refusal));
        void (options.beforeAnswer?.(mail) ?? Promise.resolve()).then(() => {
          mails.push(mail);
          done();
        });
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.server.on('connection', (socket) => void sockets.add(socket));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`, mails,
    close: async () => {
      closeMail();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A mail as its reader sees it. */
export const opened = (mail: ReceivedMail | undefined): Promise<Email> => PostalMime.parse(mail?.source ?? '');
