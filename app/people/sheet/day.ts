import { addDays, isPlainDate, type PlainDate } from '~/kernel/calendar';

/** The day on which spreadsheets begin to count, with their mistake about 1900 taken into account. */
const SERIAL_ZERO: PlainDate = '1899-12-30';

/** The day of a spreadsheet's serial number; `since1904` for files that begin to count later. */
export const serialDay = (serial: number, since1904 = false): PlainDate => addDays(SERIAL_ZERO, Math.floor(serial) + (since1904 ? 1462 : 0));

const FORMS = [
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
];

/**
 * A date as people and spreadsheets write it: 2019-5-1, 2019/05/01, 2019.5.1, 2019年5月1日, 20190501, with midnight behind it,
 * or a serial number; null when it is none. Days before months are not guessed at: 1/2/2026 is two different days.
 */
export function readDay(typed: string): PlainDate | null {
  const text = typed.normalize('NFKC').replace(/\s*([-/.年月日])\s*/g, '$1').trim();
  for (const form of FORMS) {
    const parts = form.exec(text);
    if (!parts) continue;
    const day = `${parts[1]}-${(parts[2] ?? '').padStart(2, '0')}-${(parts[3] ?? '').padStart(2, '0')}`;
    return isPlainDate(day) ? day : null;
  }
  const serial = /^\d{5}(?:\.0+)?$/.test(text) ? Number(text) : 0;
  return serial >= 10_000 && serial < 80_000 ? serialDay(serial) : null;
}
