import { Form } from '@remix-run/react';
import { useText } from '~/text/react';
import { Button } from '../button/button';

/** Number and check code as printed; a GET form, so that it works everywhere and can be bookmarked. */
export function CheckForm({ number }: { number: string }) {
  const { t } = useText();
  return (
    <Form method="get" action="/check" className="form">
      <div className="field">
        <label className="field-label" htmlFor="number">{t('credential.number')}</label>
        <p className="field-hint" id="number-hint">{t('credential.check-number-hint')}</p>
        <input className="input input--middle" id="number" name="number" required maxLength={40} defaultValue={number} aria-describedby="number-hint" autoComplete="off" spellCheck={false} />
      </div>
      <div className="field">
        <label className="field-label" htmlFor="code">{t('credential.check-code')}{t('ui.optional')}</label>
        <p className="field-hint" id="code-hint">{t('credential.check-code-hint')}</p>
        <input className="input input--short" id="code" name="code" maxLength={20} aria-describedby="code-hint" autoComplete="off" spellCheck={false} />
      </div>
      <Button kind="primary">{t('credential.check-submit')}</Button>
    </Form>
  );
}
