import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * Logs carry ids, never names, numbers of identity, answers, codes or cookies. `redact` is the second
 * line of defence for what slips into an object that is logged whole.
 * @param to standard output when left out
 */
export function createLogger(level: string, to?: DestinationStream): Logger {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['password', 'code', 'token', 'cookie', 'authorization', 'name', 'email', 'phone', 'value', 'response']
        .flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
      censor: '[redacted]',
    },
  }, to);
}

let current: Logger = createLogger('warn');

/** The process's logger; the composition root replaces it once the configuration is known. */
export const log = (): Logger => current;

export function useLogger(logger: Logger): void {
  current = logger;
}

export type { Logger };
