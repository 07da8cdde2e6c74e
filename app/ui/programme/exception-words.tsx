import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

type Kind = 'due-before-assigned' | 'no-sitting-left' | 'contradiction';

export interface ExceptionReasonView {
  code: 'due-passed' | 'no-sitting' | 'due-after-gate' | 'hours-after-due' | 'credential-withdrawn' | 'credential-circular';
  /** What the requirement is called. */
  title: string;
}

/** Why an assignment cannot be fulfilled, one sentence a reason. */
export function ExceptionReasons({ reasons, dueOn, startOfDuty }: { reasons: ExceptionReasonView[]; dueOn: string; startOfDuty: string }) {
  const { t, date } = useText();
  const words = reasons.map(({ code, title }) => t(`exception.reason.${code}`, { title, due: date(dueOn), start: date(startOfDuty) }));
  return words.length === 1 ? <>{words[0]}</> : <ul className="plain-list">{words.map((one) => <li key={one}>{one}</li>)}</ul>;
}

const TONES = { open: 'bad', decided: 'ok', gone: 'neutral' } as const;

export function ExceptionState({ state }: { state: keyof typeof TONES }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`exception.state.${state}`)}</StatusTag>;
}

export function ExceptionKindText({ kind }: { kind: Kind }) {
  const { t } = useText();
  return <>{t(`exception.kind.${kind}`)}</>;
}
