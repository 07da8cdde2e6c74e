import { minutes, seconds, type Instant } from '~/kernel/clock';
import type { AttemptState } from '../attempt-state';

/** Why somebody may need an invigilator now, the most pressing first. */
export const NEEDS = ['second-device', 'silent', 'at-door', 'paused', 'time-short', 'not-started', 'observed', 'unread'] as const;
export type Need = (typeof NEEDS)[number];

/** What the rules look at. */
export interface Watched {
  identity: 'admitted' | 'refused' | null;
  checkedInAt: Instant | null;
  /** Null: not started. */
  state: AttemptState | null;
  startedAt: Instant | null;
  deadlineAt: Instant | null;
  contactAt: Instant | null;
  pausedAt: Instant | null;
  saved: number;
  total: number;
  /** When something was last observed, notes not counted. */
  observedAt: Instant | null;
  /** When another device last tried to write. */
  otherDeviceAt: Instant | null;
  /** When the oldest message that was not seen yet was sent. */
  unreadSince: Instant | null;
}

export interface SittingAtWatch {
  /** Somebody must be admitted before they may start. */
  admission: boolean;
  startsAt: Instant;
}

export interface Attention {
  needs: Need[];
  /** Since when the first of them holds; null without any. */
  since: Instant | null;
}

/** Whoever writes gives a sign of life at least every 20 s: this is two signs missed and some patience. */
export const SILENT_AFTER = seconds(60);
/** A message appears at once in an open page: who has not seen it by then does not look. */
export const UNREAD_AFTER = seconds(60);
/** How long after it happened something observed, or a second device, still asks for a look. */
export const RECENT = minutes(5);
/** Admitted, the door open for so long, and not begun. */
export const START_WITHIN = minutes(5);
/** The last minutes of somebody who has so large a share unanswered. */
export const LAST_MINUTES = minutes(10);
export const OPEN_SHARE = 0.3;

/** What an invigilator should look at, and since when. Says nothing about guilt: each is a reason to go and see. */
export function attention(one: Watched, sitting: SittingAtWatch, now: Instant): Attention {
  const found = one.state === null ? beforeStart(one, sitting, now) : one.state === 'in-progress' ? whileWriting(one, now) : [];
  const needs = NEEDS.flatMap((need) => found.filter((reason) => reason.need === need));
  return { needs: needs.map(({ need }) => need), since: needs[0]?.since ?? null };
}

interface Reason {
  need: Need;
  since: Instant;
}

const when = (holds: boolean, need: Need, since: Instant | null): Reason[] => (holds && since !== null ? [{ need, since }] : []);

function beforeStart(one: Watched, { admission, startsAt }: SittingAtWatch, now: Instant): Reason[] {
  const mayEnter = !admission || one.identity === 'admitted';
  const here = one.checkedInAt !== null || one.identity === 'admitted';
  return [
    ...when(admission && one.identity === null, 'at-door', one.checkedInAt),
    ...when(mayEnter && here && now - startsAt > START_WITHIN, 'not-started', startsAt),
  ];
}

function whileWriting(one: Watched, now: Instant): Reason[] {
  if (one.pausedAt !== null) return [{ need: 'paused', since: one.pausedAt }, ...always(one, now)];
  const contact = one.contactAt ?? one.startedAt;
  const left = one.deadlineAt === null ? Infinity : one.deadlineAt - now;
  const open = one.total - one.saved;
  return [
    ...when(contact !== null && now - contact > SILENT_AFTER, 'silent', contact),
    ...when(left > 0 && left <= LAST_MINUTES && open > 0 && open >= one.total * OPEN_SHARE, 'time-short', (one.deadlineAt ?? now) - LAST_MINUTES),
    ...always(one, now),
  ];
}

const always = (one: Watched, now: Instant): Reason[] => [
  ...when(recent(one.otherDeviceAt, now), 'second-device', one.otherDeviceAt),
  ...when(recent(one.observedAt, now), 'observed', one.observedAt),
  ...when(one.unreadSince !== null && now - one.unreadSince > UNREAD_AFTER, 'unread', one.unreadSince),
];

const recent = (at: Instant | null, now: Instant): boolean => at !== null && now - at <= RECENT;
