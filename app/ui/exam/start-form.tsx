import { Form } from '@remix-run/react';
import type { Problem } from '~/kernel/result';
import { useText } from '~/text/react';
import { Button } from '../button/button';

export interface StartFormProps {
  /** The check-in code is to be entered with the start. */
  asksCode?: boolean;
  /** What was wrong with the code entered before. */
  wrong?: Problem | null;
  label?: string;
  intent?: 'start' | 'practice';
  kind?: 'primary' | 'secondary';
}

/** The exam page is another document: it needs its own headers, and works alone. */
export function StartForm({ asksCode = false, wrong = null, label, intent = 'start', kind = 'primary' }: StartFormProps) {
  const { t } = useText();
  return (
    <Form method="post" reloadDocument>
      <input type="hidden" name="intent" value={intent} />
      {asksCode && <CodeField wrong={wrong} />}
      <Button kind={kind}>{label ?? t('exams.start')}</Button>
    </Form>
  );
}

function CodeField({ wrong }: { wrong: Problem | null }) {
  const { t, problem } = useText();
  return (
    <div className={wrong ? 'field field--wrong' : 'field'}>
      <label className="field-label" htmlFor="check-in-code">{t('start.code')}</label>
      <p className="field-hint" id="check-in-code-hint">{t('start.code-hint')}</p>
      {wrong && <p className="field-error" id="check-in-code-error">{problem(wrong)}</p>}
      <input
        className="input input--short" id="check-in-code" name="code" inputMode="numeric" autoComplete="off" required
        aria-invalid={wrong !== null} aria-describedby={`check-in-code-hint${wrong ? ' check-in-code-error' : ''}`}
      />
    </div>
  );
}
