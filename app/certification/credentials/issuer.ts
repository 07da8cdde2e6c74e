/** What the root organisation issues under until it chooses otherwise. */
export const ROOT_PREFIX = 'SG';

/** Letters first, so that a number cannot be taken for a date or another number. */
const PREFIX = /^[A-Z][A-Z0-9]{1,7}$/;

/** A prefix as somebody types it, or null when it cannot be one. */
export function readPrefix(typed: string): string | null {
  const text = typed.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  return PREFIX.test(text) ? text : null;
}

/** `SG-2026-000123` */
export const credentialNumber = (prefix: string, year: number, serial: number): string => `${prefix}-${year}-${String(serial).padStart(6, '0')}`;

const NUMBER = /^[A-Z][A-Z0-9]{1,7}-\d{4}-\d{6,9}$/;

/** A number as people type it (case, width, spaces), or null when it cannot be one. */
export function readNumber(typed: string): string | null {
  const text = typed.normalize('NFKC').replace(/\s/g, '').replace(/[‐-―−]/g, '-').toUpperCase();
  return NUMBER.test(text) ? text : null;
}
