import type { Problem } from '~/kernel/result';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Button } from '../button/button';
import { Page } from '../page/page';

/** A form that could not be saved, as it was posted. */
export interface ResendData {
  kind: 'resend';
  problem: Problem;
  fields: [string, string][];
}

export const isResend = (data: unknown): data is ResendData =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'resend';

/** Says why a page of answers was not saved, holds it meanwhile, and sends it again at the press of a button. */
export function Resend({ data }: { data: ResendData }) {
  const { t, problem } = useText();
  const signedOut = data.problem.code === 'access.sign-in';
  return (
    <Page title={t('exams.resend-title')}>
      <Banner tone="warning" title={signedOut ? t('exams.resend-sign-in') : problem(data.problem)}>
        {signedOut
          ? <div className="button-row"><a className="button button--secondary" href="/sign-in" target="_blank" rel="noopener">{t('exams.resend-open')}</a></div>
          : <p>{t('exams.resend-later')}</p>}
      </Banner>
      <form method="post" className="form">
        {data.fields.map(([name, value], i) => <input key={i} type="hidden" name={name} value={value} />)}
        <Button kind="primary">{t('exams.resend')}</Button>
      </form>
    </Page>
  );
}
