import type { Outlook, Pending } from '~/certification';
import { useText } from '~/text/react';

export interface OutlookPartProps {
  outlook: Outlook;
  titles: Record<string, { zh: string; en: string }>;
  gate: string;
  /** Leaves out that nothing can be told yet where nobody is waiting for it. */
  quiet?: boolean;
}

// Named here too: the room's constants are the server's.
const STUDY_MINUTES_A_DAY = 240;
const RELEASE_WORKING_DAYS = 3;

/** What will be if all goes well, and the soonest that can be, with the steps that lead there. */
export function OutlookPart({ outlook: { provisional, earliest }, titles, gate, quiet }: OutlookPartProps) {
  const { t, date, lang } = useText();
  const start = gate === 'before-start-of-duty';
  const title = (code: string) => titles[code]?.[lang] ?? code;
  return (
    <>
      {provisional && (
        <>
          <p>{t(start ? 'clearance.provisional' : 'clearance.provisional-met', { on: date(provisional.on) })}</p>
          <ul className="bullets">{provisional.conditions.map((one, index) => <li key={index}><PendingWords one={one} title={one.code === null ? '' : title(one.code)} /></li>)}</ul>
        </>
      )}
      {earliest.kind === 'date' && (
        <>
          <p>{t(start ? 'clearance.earliest' : 'clearance.earliest-met', { on: date(earliest.on) })}</p>
          <ul className="bullets">{earliest.steps.map((step) => <li key={step.code}><StepWords step={step} title={title(step.code)} /></li>)}</ul>
          <p><small>{t('clearance.earliest-how', { minutes: STUDY_MINUTES_A_DAY, days: RELEASE_WORKING_DAYS })}</small></p>
        </>
      )}
      {earliest.kind === 'unknown' && (start || !quiet) && (
        <>
          <p>{t(start ? 'clearance.earliest-unknown' : 'clearance.earliest-unknown-met')}</p>
          <ul className="bullets">{earliest.because.map((one) => <li key={one.code}>{t(`clearance.why.${one.why}`, { title: title(one.code) })}</li>)}</ul>
        </>
      )}
    </>
  );
}

function PendingWords({ one, title }: { one: Pending; title: string }) {
  const { t, date } = useText();
  switch (one.kind) {
    case 'waiver': return <>{t('clearance.pending.waiver', { on: date(one.on), until: date(one.until) })}</>;
    case 'sitting': return <>{t('clearance.pending.sitting', { of: date(one.of), on: date(one.on), sitting: one.title, title })}</>;
    default: return <>{t(`clearance.pending.${one.kind}`, { of: date(one.of), on: date(one.on), title })}</>;
  }
}

type Step = Extract<Outlook['earliest'], { kind: 'date' }>['steps'][number];

function StepWords({ step: { on, examOn, sitting }, title }: { step: Step; title: string }) {
  const { t, date, dateTime } = useText();
  if (sitting) return <>{t(sitting.own ? 'clearance.step.booked' : 'clearance.step.sitting', { at: dateTime(sitting.startsAt), sitting: sitting.title, free: sitting.free, on: date(on), title })}</>;
  return <>{examOn === null ? t('clearance.step.done', { on: date(on), title }) : t('clearance.step.exam', { examOn: date(examOn), on: date(on), title })}</>;
}
