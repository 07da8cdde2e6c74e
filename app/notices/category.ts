import { days, type Instant } from '~/kernel/clock';
import { isAbove, type NoticeContent } from './notice';

type Kind = NoticeContent['kind'];

/** What notices are about, for the choice of what may be switched off. */
export const CATEGORIES = ['duty', 'sitting', 'result', 'credential', 'security', 'team', 'weekly'] as const;
export type Category = (typeof CATEGORIES)[number];

/** The categories that a house may let people switch off. Duties and security never are. */
export const OPTIONAL_CATEGORIES = ['sitting', 'result', 'credential', 'team', 'weekly'] as const satisfies readonly Category[];

/** What must be done counts as a duty unless it is listed here. */
export function categoryOf(kind: Kind): Category {
  if (kind === 'security' || kind === 'weekly') return kind;
  if (kind === 'report-ready' || isAbove(kind) || /^team-|-(?:to-decide|to-confirm)$|-decided-(?:granted|refused|revoked|confirmed)$/.test(kind)) return 'team';
  if (/^(?:place-|wait-|excuse-)/.test(kind)) return 'sitting';
  if (/^(?:finding-|result-|late-)/.test(kind)) return 'result';
  return kind.startsWith('credential') ? 'credential' : 'duty';
}

const AT_ONCE: ReadonlySet<Kind> = new Set<Kind>([
  'security', 'report-ready', 'place-promoted', 'place-moved', 'place-changed', 'wait-changed', 'place-cancelled', 'place-taken',
  'credential-suspended', 'credential-revoked', 'finding-proposed', 'result-corrected-fail', 'waiver-revoked', 'clearance-lost', 'start-to-confirm',
]);

/** A place so near that the digest might come too late. */
const SOON = days(3);

/** Whether a notice goes out at once, beside the digest. */
export const isUrgent = (content: NoticeContent, now: Instant): boolean =>
  AT_ONCE.has(content.kind) || ('startsAt' in content.params && content.params.startsAt - now < SOON);

/** The instant of what a notice is about; null when it is about now. */
export const aboutWhen = (content: NoticeContent): Instant | null => ('startsAt' in content.params ? content.params.startsAt : null);
