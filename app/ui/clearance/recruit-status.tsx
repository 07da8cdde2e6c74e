import type { Recruit, RecruitState } from '~/certification';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { StatusTag } from '../status/status';
import { DateText } from '../time/time';

const TONES = { 'may-start': 'ok', 'not-yet': 'due', 'overdue': 'bad', 'revoked': 'bad' } as const;

/** Whether somebody may start, in words. */
export function RecruitTag({ status }: { status: RecruitState }) {
  const { t } = useText();
  return <StatusTag tone={TONES[status]}>{t(`hr.status.${status}`)}</StatusTag>;
}

/** Why not; or from when. */
export function RecruitReason({ recruit: { reason, mayStartOn } }: { recruit: Pick<Recruit, 'reason' | 'mayStartOn'> }) {
  const text = useText();
  if (mayStartOn !== null) return <>{text.t('hr.cleared-from', { date: text.date(mayStartOn) })}</>;
  return <>{reason && wordReason(text, reason)}</>;
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
