import type { Recruit, RecruitState } from '~/certification';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { StatusTag } from '../status/status';
import { DateText } from '../time/time';

const TONES = {
  'may-start': 'ok', 'under-waiver': 'due', 'not-yet': 'due', 'overdue': 'bad', 'expired': 'bad', 'revoked': 'bad', 'suspended': 'bad',
} as const;

/** Whether somebody may start, in words. */
export function RecruitTag({ status }: { status: RecruitState }) {
  const { t } = useText();
  return <StatusTag tone={TONES[status]}>{t(`hr.status.${status}`)}</StatusTag>;
}

/** Why not; or from when. */
export function RecruitReason({ recruit: { reason, mayStartOn, until } }: { recruit: Pick<Recruit, 'reason' | 'mayStartOn' | 'until'> }) {
  const text = useText();
  if (reason !== null) return <>{wordReason(text, reason)}</>;
  if (mayStartOn === null) return null;
  const date = text.date(mayStartOn);
  return <>{until === null ? text.t('hr.cleared-from', { date }) : text.t('hr.cleared-from-until', { date, until: text.date(until) })}</>;
}

/** The start of duty, and for who may not start yet the due date below it. */
export function RecruitDates({ recruit: { startOfDuty, dueOn, status } }: { recruit: Pick<Recruit, 'startOfDuty' | 'dueOn' | 'status'> }) {
  const { t, date } = useText();
  return (
    <>
      <DateText date={startOfDuty} far />
      {(status === 'not-yet' || status === 'overdue') && <small className="date-below">{t('hr.due-by', { date: date(dueOn) })}</small>}
    </>
  );
}
