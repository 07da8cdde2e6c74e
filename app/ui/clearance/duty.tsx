import type { Duty } from '~/certification';
import type { PlainDate } from '~/kernel/calendar';
import type { Text } from '~/text';
import { useText } from '~/text/react';
import { Facts } from '../facts/facts';
import { Section } from '../page/page';
import { ProgressBar, StatusTag } from '../status/status';
import { DateText } from '../time/time';
import { NextAction } from './next-action';
import { RequirementSteps } from './requirement-steps';

/** The answer to "may I start?", in large letters. */
export const dutyTitle = ({ t, date }: Text, { status, mayStartOn }: Pick<Duty, 'status' | 'mayStartOn'>): string =>
  (status === 'cleared' && mayStartOn ? t('home.may-start', { mayStartOn: date(mayStartOn) }) : t('home.not-yet'));

/** What is missing and what follows, in one or two sentences. */
export function DutyLead({ duty: { status, done, total, startOfDuty, dueOn, withdrawnOn, mayRegain }, today }: { duty: Duty; today: PlainDate }) {
  const { t, date } = useText();
  const open = total - done;
  if (status === 'cleared') return <p>{t('home.may-start-lead')}</p>;
  if (withdrawnOn !== null) return <p>{t(mayRegain ? 'home.withdrawn-again' : 'home.withdrawn-lead', { withdrawnOn: date(withdrawnOn), open })}</p>;
  return <p>{dueOn < today ? t('home.overdue-lead', { open }) : t('home.not-yet-lead', { open, startOfDuty: date(startOfDuty) })}</p>;
}

/** By when, and how far. */
export function DutyFacts({ duty, today }: { duty: Duty; today: PlainDate }) {
  const { t } = useText();
  const late = duty.dueOn < today && <StatusTag tone="bad">{t('hr.status.overdue')}</StatusTag>;
  if (duty.withdrawnOn !== null) return null;
  const items = duty.status === 'cleared' && duty.mayStartOn
    ? [{ term: t('home.may-start-term'), value: <DateText date={duty.mayStartOn} far /> }]
    : [{ term: t('home.due'), value: <><DateText date={duty.dueOn} far /> {late}</> }];
  return (
    <>
      <Facts items={[...items, { term: t('home.start'), value: <DateText date={duty.startOfDuty} far /> }]} />
      <ProgressBar value={duty.done} max={duty.total} label={t('home.progress')} />
    </>
  );
}

/** A further assignment, below the first. */
export function DutySection({ duty, today }: { duty: Duty; today: PlainDate }) {
  const text = useText();
  return (
    <Section title={`${duty.programme[text.lang]}: ${dutyTitle(text, duty)}`}>
      <DutyLead duty={duty} today={today} />
      <DutyFacts duty={duty} today={today} />
      <RequirementSteps duty={duty} action={<NextAction duty={duty} />} />
    </Section>
  );
}
