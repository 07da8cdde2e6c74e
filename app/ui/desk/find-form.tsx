import { Form } from '@remix-run/react';
import { useText } from '~/text/react';
import { Button } from '../button/button';

/** One box for whatever somebody knows of a person; a GET form, so that it works everywhere and can be bookmarked. */
export function FindForm({ typed }: { typed: string }) {
  const { t } = useText();
  return (
    <Form method="get" action="/hr/search" role="search" className="find">
      <label className="field-label" htmlFor="find">{t('find.label')}</label>
      <p className="field-hint" id="find-hint">{t('find.hint')}</p>
      <div className="find-row">
        <input className="input find-input" id="find" name="q" type="search" maxLength={60} defaultValue={typed} key={typed} aria-describedby="find-hint" autoComplete="off" spellCheck={false} />
        <Button kind={typed === '' ? 'secondary' : 'primary'}>{t('find.submit')}</Button>
      </div>
    </Form>
  );
}
