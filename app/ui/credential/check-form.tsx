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

/** One more fact for a number that was found: the check code, or the name, which never goes into an address. */
export function MoreFactForms({ number }: { number: string }) {
  const { t } = useText();
  return (
    <>
      <Form method="get" action="/check" className="form">
        <input type="hidden" name="number" value={number} />
        <div className="field">
          <label className="field-label" htmlFor="code">{t('credential.check-code')}</label>
          <p className="field-hint" id="code-hint">{t('credential.check-code-hint')}</p>
          <input className="input input--short" id="code" name="code" required maxLength={20} aria-describedby="code-hint" autoComplete="off" spellCheck={false} />
        </div>
        <Button kind="primary">{t('credential.check-by-code')}</Button>
      </Form>
      <Form method="post" action={`/check/${encodeURIComponent(number)}`} className="form">
        <div className="field">
          <label className="field-label" htmlFor="name">{t('credential.check-name')}</label>
          <p className="field-hint" id="name-hint">{t('credential.check-name-hint')}</p>
          <input className="input input--middle" id="name" name="name" required maxLength={80} aria-describedby="name-hint" autoComplete="off" spellCheck={false} />
        </div>
        <Button>{t('credential.check-by-name')}</Button>
      </Form>
    </>
  );
}
