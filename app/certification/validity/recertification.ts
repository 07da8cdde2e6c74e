import { z } from 'zod';
import { dateAt, startOfDate, workingDayOnOrBefore, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import type { Requirement } from '../requirement';

export const RECERTIFICATION_STATES = ['draft', 'starting', 'running', 'cancelling', 'cancelled', 'discarded'] as const;
export type RecertificationState = (typeof RECERTIFICATION_STATES)[number];

/** What becomes of a holder: must show the new, has shown it, or ends before the date anyway and renews under the new rule. */
export const OUTCOMES = ['affected', 'exempt', 'expiring'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why somebody is exempt by rule. */
export const EXEMPTIONS = ['shown', 'newer-version'] as const;
export type Exemption = (typeof EXEMPTIONS)[number];

/** Whose clearances are affected: those under versions of a programme before a number. */
export const Chosen = z.object({ programmeId: z.string(), before: z.number().int().min(2) });
export type Chosen = z.infer<typeof Chosen>;

export const Numbers = z.object({ affected: z.number(), exempt: z.number(), expiring: z.number() });
export type Numbers = z.infer<typeof Numbers>;

export interface Recertification {
  id: string;
  title: { zh: string; en: string };
  /** The law and its article, as people read it. */
  basis: string;
  programmes: Chosen[];
  organisationId: string;
  courseId: string | null;
  examId: string | null;
  /** The last day on which what is held counts without the new. */
  until: PlainDate;
  /** What was shown of the new before this day does not count. */
  countsFrom: PlainDate;
  state: RecertificationState;
  /** The programme made for it, once it has started. */
  programmeVersionId: string | null;
  /** How far its steps have come. */
  cursor: string;
  madeAt: Instant;
  madeBy: string;
  startedAt: Instant | null;
  startedBy: string | null;
  /** As they were when it was started. */
  numbers: Numbers | null;
  cancelledAt: Instant | null;
  cancelledBy: string | null;
  cancelReason: string | null;
  version: number;
}

/** What lifts its limits. */
export const deltaRequirements = ({ courseId, examId }: Pick<Recertification, 'courseId' | 'examId'>): Requirement[] => [
  ...(courseId === null ? [] : [{ code: 'course', kind: 'course' as const, targetId: courseId }]),
  ...(examId === null ? [] : [{ code: 'exam', kind: 'exam' as const, targetId: examId }]),
];

/** The last working day by which the new must be shown. */
export const deltaDueOn = ({ until }: Pick<Recertification, 'until'>): PlainDate => workingDayOnOrBefore(until);

/** The instant from which evidence counts. */
export const countsFromInstant = ({ countsFrom }: Pick<Recertification, 'countsFrom'>, zone: string): Instant => startOfDate(countsFrom, zone);

/** Whether these dates give people time: the limit lies ahead, and what counts does not begin after it. */
export function checkDates({ until, countsFrom }: Pick<Recertification, 'until' | 'countsFrom'>, now: Instant, zone: string): Result<null> {
  if (until <= dateAt(now, zone)) return err('recertification.past', {}, 'until');
  return countsFrom > until ? err('recertification.counts-late', {}, 'countsFrom') : ok(null);
}

/** Why somebody cannot start it; ok: they can. Who planned it never starts it, and what was looked at must be what happens. */
export function checkStart(one: Recertification, given: { by: string; seen: Numbers; now: Numbers }): Result<null> {
  if (one.state !== 'draft') return err('recertification.started');
  if (one.madeBy === given.by) return err('recertification.own');
  if (OUTCOMES.some((outcome) => given.seen[outcome] !== given.now[outcome])) return err('recertification.numbers-changed');
  return given.now.affected === 0 ? err('recertification.nobody') : ok(null);
}
