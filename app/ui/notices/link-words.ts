import type { TextKey } from '~/text';

/** What the button beside a notice says, by where it leads. */
export function linkWords(path: string): TextKey {
  if (path.startsWith('/credentials/')) return 'notices.open-credential';
  if (path.startsWith('/bookings/')) return 'notices.open-place';
  if (path.startsWith('/my/findings/')) return 'notices.open-finding';
  return path.startsWith('/attempts/') ? 'notices.open-receipt' : 'notices.open';
}
