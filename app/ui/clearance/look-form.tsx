import { Form, Link } from '@remix-run/react';
import { useId } from 'react';
import { useText } from '~/text/react';
import { Button } from '../button/button';
import { Disclosure } from '../page/page';

/** Two days to look at: as of, and as it was known on. A GET form, so that the address can be kept. */
export function LookForm({ on, knownOn, today, special, path }: { on: string; knownOn: string | null; today: string; special: boolean; path: string }) {
  const { t } = useText();
  const [onId, knownId] = [useId(), useId()];
  return (
    <Disclosure summary={t('clearance.look-title')} open={special}>
      <p>{t('clearance.look-lead')}</p>
      <Form method="get" action={path} className="form">
        <div className="field">
          <label className="field-label" htmlFor={onId}>{t('clearance.as-of')}</label>
          <input className="input input--middle" type="date" id={onId} name="on" defaultValue={on} key={on} />
        </div>
        <div className="field">
          <label className="field-label" htmlFor={knownId}>{t('clearance.known-on')}{t('ui.optional')}</label>
          <p className="field-hint" id={`${knownId}-hint`}>{t('clearance.known-on-hint')}</p>
          <input className="input input--middle" type="date" id={knownId} name="known" max={today} defaultValue={knownOn ?? ''} key={knownOn ?? ''} aria-describedby={`${knownId}-hint`} />
        </div>
        <div className="button-row">
          <Button>{t('clearance.look')}</Button>
          {special && <Link to={path} className="button button--quiet">{t('clearance.look-back')}</Link>}
        </div>
      </Form>
    </Disclosure>
  );
}
