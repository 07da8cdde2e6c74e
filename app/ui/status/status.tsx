import { Link } from '@remix-run/react';
import { useId, type ReactNode } from 'react';
import { useText } from '~/text/react';

export type StatusTone = 'ok' | 'due' | 'bad' | 'neutral';

/** A state in words; colour and mark only repeat them. */
export function StatusTag({ tone, children }: { tone: StatusTone; children: ReactNode }) {
  return <span className={`tag tag--${tone}`}>{children}</span>;
}

/** `label` says what is counted; value and max are shown as 3 / 8. */
export function ProgressBar({ value, max, label }: { value: number; max: number; label: ReactNode }) {
  const id = useId();
  return (
    <div className="progress">
      <div className="progress-text">
        <span id={id}>{label}</span>
        <span className="figures">{value} / {max}</span>
      </div>
      <progress value={Math.min(value, max)} max={Math.max(max, 1)} aria-labelledby={id} />
    </div>
  );
}

export interface Step {
  title: ReactNode;
  state: 'done' | 'current' | 'todo' | 'stopped';
  /** The state in other words than the usual ones. */
  stateText?: string;
  /** When it was done, or what is missing. */
  detail?: ReactNode;
  action?: ReactNode;
}

/** A path through several steps, each with its state in words. */
export function Steps({ steps }: { steps: Step[] }) {
  const { t } = useText();
  return (
    <ol className="steps">
      {steps.map((step, index) => (
        <li key={index} className={`step step--${step.state}`} aria-current={step.state === 'current' ? 'step' : undefined}>
          <div className="step-head">
            <span className="step-title">{step.title}</span>
            <span className="step-state">{step.stateText ?? t(`ui.step.${step.state}`)}</span>
          </div>
          {step.detail && <div className="step-detail">{step.detail}</div>}
          {step.action && <div className="button-row">{step.action}</div>}
        </li>
      ))}
    </ol>
  );
}

/** Few large figures that answer a page's question at a glance; each may lead to its list. */
export function Counts({ items }: { items: { label: ReactNode; value: ReactNode; to?: string; tone?: StatusTone }[] }) {
  return (
    <dl className="counts">
      {items.map((item, index) => (
        <div key={index} className={`count count--${item.tone ?? 'neutral'}`}>
          <dt>{item.to ? <Link to={item.to}>{item.label}</Link> : item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
