import { z } from 'zod';

/** Every variable of the environment that the program reads. `.env.example` is made from this table. */
export const ConfigSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000)
    .describe('Port to listen on; 0 takes any free one.'),
  HOST: z.string().default('127.0.0.1')
    .describe('Address to listen on. 0.0.0.0 opens the program to the network.'),
  DATA_DIR: z.string().default('./data')
    .describe('Folder for the SQLite database, the embedded queue, files and keys.'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://').optional()
    .describe('PostgreSQL (13 or newer). Not set: SQLite in DATA_DIR.'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'must begin with redis://').optional()
    .describe('Redis (6.2 or newer) for the job queue. Not set: PostgreSQL if DATABASE_URL is set, else the embedded queue.'),
  PUBLIC_URL: z.url().optional()
    .describe('Address under which people reach the program: used in QR codes, mails and badges. Not set: http://HOST:PORT.'),
  TRUST_PROXY: z.string().default('')
    .describe('Whose X-Forwarded-* headers count: empty (nobody), a number of proxies, or a list of addresses and networks.'),
  TIME_ZONE: z.string().default('Asia/Shanghai')
    .describe('Zone in which dates of law (start of duty, due dates) are read.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')
    .describe('How much is logged.'),
  SMTP_URL: z.string().regex(/^smtps?:\/\//, 'must begin with smtp://').optional()
    .describe('Mail server for notices. Not set: notices stay in the product.'),
  MAIL_FROM: z.string().default('shanggang@localhost')
    .describe('Sender address of mails.'),
  BOUNCE_DIR: z.string().optional()
    .describe('Folder to which the mail server delivers what comes back to MAIL_FROM, one mail a file (the new folder of a Maildir). Not set: only refusals at once are noticed.'),
  METRICS_TOKEN: z.string().min(16).optional()
    .describe('Bearer token for /metrics from other machines. Not set: /metrics answers to this machine only.'),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4)
    .describe('Jobs run at once by one worker process.'),
  START_AT_ONCE: z.coerce.number().int().min(1).max(1000).default(8)
    .describe('Exams that one web process starts at the same moment; who comes on top waits in a line that tells the place.'),
  COURSES_DIR: z.string().default('./courses')
    .describe('Folder with the course folders.'),
  ROSTER_DIR: z.string().optional()
    .describe('Folder where other systems put rosters (csv, xlsx), nightly for example; see docs/rosters.md. Not set: none is watched.'),
  ROSTER_SHARE: z.coerce.number().min(0).max(100).default(10)
    .describe('A roster from ROSTER_DIR without faults applies itself when at most so many of a hundred rows change anything; else HR decides.'),
  HOUR_RULES_DIR: z.string().default('./app/certification/hours/rules')
    .describe('Folder with the rules of learning hours.'),
});

export type Config = z.infer<typeof ConfigSchema>;

/**
 * Reads the configuration.
 * @returns the configuration, or one sentence per wrong variable
 */
export function readConfig(env: Record<string, string | undefined>):
  | { ok: true; config: Config }
  | { ok: false; problems: string[] } {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = ConfigSchema.safeParse(present);
  if (parsed.success) return { ok: true, config: parsed.data };
  return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}

/** The text of `.env.example`. */
export function describeConfig(): string {
  const lines = Object.entries(ConfigSchema.shape).map(([name, schema]) => {
    const fallback = schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : '';
    return `# ${schema.description ?? ''}\n#${name}=${fallback}\n`;
  });
  return `# Made from app/kernel/config.ts by \`npm run cli -- env-example\`. Nothing here is required.\n\n${lines.join('\n')}`;
}

let current: Config | null = null;

/** The composition root sets the configuration once; everything else asks `config()`. */
export function useConfig(next: Config): void {
  current = next;
}

export function config(): Config {
  if (!current) throw new Error('the configuration is not read');
  return current;
}

/** The address under which people reach the program, without a slash at its end. */
export function publicUrl(): string {
  const { PUBLIC_URL, HOST, PORT } = config();
  return (PUBLIC_URL ?? `http://${HOST}:${PORT}`).replace(/\/+$/, '');
}
