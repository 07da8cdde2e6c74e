import type { Bilingual } from '~/courses';
import type { Reader } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { askedByLaw, renewalsOfPerson, type RenewalState } from './renewals.repository';
import { windowOpensOn } from './validity';

/** What somebody holds that ends, or has ended, and what renews it. */
export interface OwnRenewal {
  assignmentId: string;
  title: Bilingual;
  endsOn: PlainDate;
  state: RenewalState;
  /** The first day on which its renewal may begin, while that lies ahead. */
  opensOn: PlainDate | null;
  /** The assignment by which it holds on: the next cycle, or what a change of law asks for; null: none yet. */
  by: { assignmentId: string; dueOn: PlainDate } | null;
  /** The change of law that ends it; null: its rule does. */
  law: Bilingual | null;
}

/** The renewals that somebody should know of today: what has lapsed, may be renewed or ends soon, what ends first on top. */
export async function ownRenewals(from: Reader, personId: string, now: Instant): Promise<OwnRenewal[]> {
  const today = dateAt(now, config().TIME_ZONE);
  const found = await renewalsOfPerson(from, personId, today);
  const byLaw = new Map((await askedByLaw(from, found.filter(({ lawUntil }) => lawUntil !== null).map(({ assignmentId }) => assignmentId))).reverse()
    .map((one) => [one.held_id, one]));
  return found.map(({ assignmentId, title, endsOn, state, ruleUntil, validity, next }): OwnRenewal => {
    const law = byLaw.get(assignmentId);
    const opens = next === null && !law ? windowOpensOn({ validity, expiry: ruleUntil }) : null;
    return {
      assignmentId, title, endsOn, state: law && state === 'expiring' ? 'window' : state, opensOn: opens !== null && opens > today ? opens : null,
      by: law ? { assignmentId: law.delta_id, dueOn: law.due_on } : next && { assignmentId: next.assignmentId, dueOn: next.dueOn ?? endsOn },
      law: law ? { zh: law.title_zh, en: law.title_en } : null,
    };
  });
}
