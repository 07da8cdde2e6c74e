import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

/** That a clearance ends by a change of law, unless and until something new is shown; as the ledger keeps it. */
export interface LawLimit {
  /** When it was imposed: it is not known before. */
  at: Instant;
  /** The last day on which the clearance holds without that. */
  until: PlainDate;
  /** What was shown before this day is no evidence of the new law. */
  countsFrom: PlainDate;
  /** All of them lift the limit. */
  requirements: readonly { kind: string; targetId: string }[];
  /** When the recertification was cancelled; from that day on nothing is asked. */
  cancelledAt: Instant | null;
}

/** A limit with the day on which it was lifted; null: not yet. */
export interface Limit {
  until: PlainDate;
  liftedOn: PlainDate | null;
}

interface Shown {
  kind: string;
  targetId: string;
  passed: boolean;
  at: Instant;
  facts: { void?: boolean | undefined };
}

const SHOWN_BY: Record<string, string> = { course: 'course-completion', exam: 'exam-result' };

/** The limit by what is known on a day; null: it was not imposed yet. Each requirement counts from the earliest evidence that shows it. */
export function limitBy({ at, until, countsFrom, requirements, cancelledAt }: LawLimit, evidence: readonly Shown[], { on, zone }: { on: PlainDate; zone: string }): Limit | null {
  if (dateAt(at, zone) > on) return null;
  const shownOn = requirements.map(({ kind, targetId }) => evidence
    .filter((one) => one.kind === SHOWN_BY[kind] && one.targetId === targetId && one.passed && one.facts.void !== true)
    .map((one) => dateAt(one.at, zone)).filter((date) => date >= countsFrom && date <= on).sort()[0] ?? NEVER);
  const cancelledOn = cancelledAt === null ? NEVER : dateAt(cancelledAt, zone);
  const fulfilledOn = [...shownOn].sort().at(-1) ?? NEVER;
  const liftedOn = cancelledOn <= on && cancelledOn < fulfilledOn ? cancelledOn : fulfilledOn;
  return { until, liftedOn: liftedOn === NEVER ? null : liftedOn };
}

/** Later than every date. */
const NEVER: PlainDate = '9999-12-31';

/**
 * Whether it stands in the way on a day. Lifted by its date it never does; lifted later, the clearance goes on from that
 * day, and its end by rule stays where it was.
 */
export const stands = ({ until, liftedOn }: Limit, day: PlainDate): boolean => until < day && (liftedOn === null || day < liftedOn);
