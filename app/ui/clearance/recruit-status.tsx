import type { Recruit, RecruitStatus } from '~/certification';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { StatusTag } from '../status/status';

const TONES = { 'may-start': 'ok', 'not-yet': 'due', 'overdue': 'bad' } as const;

/** Whether somebody may start, in words. */
export function RecruitTag({ status }: { status: RecruitStatus }) {
  const { t } = useText();
  return <StatusTag tone={TONES[status]}>{t(`hr.status.${status}`)}</StatusTag>;
}

/** Why not; or from when. */
export function RecruitReason({ recruit: { reason, mayStartOn } }: { recruit: Pick<Recruit, 'reason' | 'mayStartOn'> }) {
  const text = useText();
  if (mayStartOn !== null) return <>{text.t('hr.cleared-from', { date: text.date(mayStartOn) })}</>;
  return <>{reason && wordReason(text, reason)}</>;
}
