import { Link } from '@remix-run/react';
import type { Duty } from '~/certification';
import type { PlainDate } from '~/kernel/calendar';
import type { Text } from '~/text';
import { useText } from '~/text/react';
import { Facts } from '../facts/facts';
import { Section } from '../page/page';
import { ProgressBar, StatusTag } from '../status/status';
import { DataTable } from '../table/table';
import { DateText } from '../time/time';
import { NextAction } from './next-action';
import { OutlookPart } from './outlook';
import { RequirementSteps } from './requirement-steps';
import { EmergencyBanner } from './start-words';
import { WaiverSpan, WaiverTag } from './waiver-words';
import type { OwnDuty } from './own-duties.server';
import { ButtonLink } from '../button/button';

/** The same as a heading: what opens no gate is named. */
export const dutyHeading = (text: Text, duty: Duty): string =>
  (duty.gate === 'none' ? `${duty.programme[text.lang]}${text.t('ui.colon')}${dutyTitle(text, duty)}` : dutyTitle(text, duty));

/** The answer to "may I start?", in large letters; for other gates the answer to theirs. */
export function dutyTitle({ t, date }: Text, { status, mayStartOn, until, gate, expiredOn, renewsUntil }: Pick<Duty, 'status' | 'mayStartOn' | 'until' | 'gate' | 'expiredOn' | 'renewsUntil'>): string {
  if (status === 'not-cleared' && renewsUntil !== null) return t('home.renew', { until: date(renewsUntil) });
  if (gate !== 'before-start-of-duty') return t(`home.${status === 'not-cleared' ? 'open' : 'met'}.${gate}`);
  if (status === 'cleared' && mayStartOn) return t('home.may-start', { mayStartOn: date(mayStartOn) });
  if (status === 'waived' && until) return t('home.waived', { until: date(until) });
  return expiredOn === null ? t('home.not-yet') : t('home.expired', { on: date(expiredOn) });
}

/** What is missing and what follows, in one or two sentences. */
export function DutyLead({ duty, today }: { duty: Duty; today: PlainDate }) {
  const { t, date } = useText();
  const { status, done, total, startOfDuty, dueOn, withdrawnOn, suspendedOn, mayRegain, gate, until, lawUntil, expiredOn, renewsUntil } = duty;
  const open = total - done;
  const start = gate === 'before-start-of-duty';
  if (status === 'cleared' && lawUntil !== null) return <p>{t('home.law-lead', { until: date(lawUntil) })}</p>;
  if (status === 'cleared') return <p>{until === null ? t(start ? 'home.may-start-lead' : 'home.met-lead') : t('home.until-lead', { until: date(until) })}</p>;
  if (suspendedOn !== null) return <p>{t('home.suspended-lead', { on: date(suspendedOn) })}</p>;
  if (withdrawnOn !== null) return <p>{t(mayRegain ? 'home.withdrawn-again' : 'home.withdrawn-lead', { withdrawnOn: date(withdrawnOn), open })}</p>;
  if (status === 'waived') return <p>{t('home.waived-lead', { open })}</p>;
  if (lawUntil !== null && expiredOn === lawUntil) return <p>{t('home.law-over-lead', { on: date(lawUntil) })}</p>;
  if (renewsUntil !== null) return <p>{t('home.renew-lead', { open, dueOn: date(dueOn) })}</p>;
  if (!start) return <p>{t(dueOn < today ? 'home.open-late-lead' : 'home.open-lead', { open, dueOn: date(dueOn) })}</p>;
  return <p>{dueOn < today ? t('home.overdue-lead', { open }) : t('home.not-yet-lead', { open, startOfDuty: date(startOfDuty) })}</p>;
}

/** By when, and how far. */
export function DutyFacts({ duty, today }: { duty: Duty; today: PlainDate }) {
  const { t } = useText();
  const late = duty.dueOn < today && <StatusTag tone="bad">{t('hr.status.overdue')}</StatusTag>;
  if (duty.withdrawnOn !== null) return null;
  const start = duty.gate === 'before-start-of-duty';
  const items = duty.status === 'cleared' && duty.mayStartOn
    ? (start ? [{ term: t('home.may-start-term'), value: <DateText date={duty.mayStartOn} far /> }] : [])
    : [{ term: t('home.due'), value: <><DateText date={duty.dueOn} far /> {late}</> }];
  return (
    <>
      <Facts items={[...items, ...(start ? [{ term: t('home.start'), value: <DateText date={duty.startOfDuty} far /> }] : [])]} />
      <ProgressBar value={duty.done} max={duty.total} label={t('home.progress')} />
    </>
  );
}

/** What stands beside the clearance: waivers with their conditions, an emergency start, what lies ahead, and the way to the whole record. */
export function DutyMore({ own: { duty, waivers, starts, outlook } }: { own: OwnDuty }) {
  const { t } = useText();
  return (
    <>
      <EmergencyBanner starts={starts} />
      {waivers.map(({ id, state, validFrom, validUntil, conditions, requirement }) => (
        <Facts key={id} items={[
          { term: t('waiver.title'), value: <><WaiverTag state={state} /> {requirement ?? t('waiver.whole')}<br /><small><WaiverSpan from={validFrom} until={validUntil} /></small></> },
          ...(conditions ? [{ term: t('waiver.conditions'), value: <span className="lines">{conditions}</span> }] : []),
        ]} />
      ))}
      {outlook && <OutlookPart outlook={outlook} titles={outlook.titles} gate={duty.gate} quiet />}
      <p className="no-print"><ButtonLink to={`/my/clearance/${duty.assignmentId}`} kind="quiet">{t('clearance.details')}</ButtonLink></p>
    </>
  );
}

/** A further assignment, below the first; the page's main button belongs to the first. */
export function DutySection({ own, today }: { own: OwnDuty; today: PlainDate }) {
  const text = useText();
  const { duty } = own;
  return (
    <Section title={`${duty.programme[text.lang]}${text.t('ui.colon')}${dutyTitle(text, duty)}`}>
      <DutyLead duty={duty} today={today} />
      <DutyFacts duty={duty} today={today} />
      <RequirementSteps duty={duty} action={<NextAction duty={duty} kind="secondary" />} />
      <DutyMore own={own} />
    </Section>
  );
}

/** What is held and asks for nothing, in few lines. */
export function HeldDuties({ held }: { held: OwnDuty[] }) {
  const { t, lang } = useText();
  return (
    <Section title={t('home.held')}>
      <DataTable
        caption={t('home.held')}
        rows={held}
        rowKey={({ duty }) => duty.assignmentId}
        empty=""
        columns={[
          { key: 'programme', header: t('home.held-what'), cell: ({ duty }) => <Link to={`/my/clearance/${duty.assignmentId}`}>{duty.programme[lang]}</Link> },
          { key: 'until', header: t('home.held-until'), cell: ({ duty }) => (duty.until === null ? t('home.held-for-ever') : <DateText date={duty.until} far />) },
          { key: 'credential', header: t('home.held-credential'), cell: ({ duty: { credential } }) => credential && <Link to={`/credentials/${credential.number}`}>{credential.number}</Link> },
        ]}
      />
    </Section>
  );
}
