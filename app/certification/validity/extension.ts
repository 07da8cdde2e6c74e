import { addMonths, type PlainDate } from '~/kernel/calendar';
import { err, ok, type Result } from '~/kernel/result';

/** An extension bridges a gap, it does not replace a renewal: so many months beyond the expiry by rule, all extensions together. */
export const EXTENSION_MONTHS = 12;

export const EXTENSION_STATES = ['asked', 'granted', 'refused', 'withdrawn'] as const;
export type ExtensionState = (typeof EXTENSION_STATES)[number];

export interface Extendable {
  /** Its last day as it is now; null: it does not end, or there is nothing that holds. */
  expiry: PlainDate | null;
  /** Its last day by rule. */
  ruleExpiry: PlainDate | null;
  /** A change of law ends it: that is lifted by what the law asks for, not by an extension. */
  limited: boolean;
}

/**
 * Why a clearance cannot be extended until a day; ok: it can. What has ended is not extended: the days since then were
 * not permitted, and a waiver is for those to come.
 */
export function checkExtension({ expiry, ruleExpiry, limited }: Extendable, until: PlainDate, today: PlainDate): Result<PlainDate> {
  if (expiry === null || ruleExpiry === null) return err('extension.no-expiry');
  if (limited) return err('extension.limited');
  if (expiry < today) return err('extension.lapsed');
  if (until <= expiry) return err('extension.not-later', {}, 'until');
  if (until > addMonths(ruleExpiry, EXTENSION_MONTHS)) return err('extension.too-long', { months: EXTENSION_MONTHS }, 'until');
  return ok(expiry);
}
