import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { checkReceipt } from '~/exams';
import { actorOf, authorise } from '~/identity';
import { langOf } from '~/text/lang';
import { textFor } from '~/text';
import { useText } from '~/text/react';
import { Banner, Button, Facts, InstantText, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Whoever holds a receipt may check it; the answer names nobody. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'check a receipt');
  const query = new URL(request.url).searchParams;
  const [number, hash] = [query.get('number') ?? '', query.get('hash') ?? ''];
  const check = number.trim() === '' || hash.trim() === '' ? null : await checkReceipt(number, hash);
  return json({ heading: textFor(langOf(request)).t('exams.receipts-title'), number, hash, check });
}

export default function ReceiptsPage() {
  const { number, hash, check } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('exams.receipts-title')} lead={t('exams.receipts-lead')}>
      {check?.kind === 'unknown' && <Banner tone="danger" title={t('exams.receipts-unknown')} />}
      {check?.kind === 'other-hash' && <Banner tone="danger" title={t('exams.receipts-other-hash')} />}
      {check?.kind === 'known' && (
        <Banner tone={check.intact ? 'success' : 'danger'} title={t(check.intact ? 'exams.receipts-intact' : 'exams.receipts-altered')}>
          <Facts items={[
            { term: t('exams.receipt-number'), value: check.receipt.number },
            { term: t('exams.receipt-time'), value: <InstantText at={check.receipt.handedInAt} /> },
            { term: t('exams.receipt-answered'), value: t('exams.receipt-answered-value', { answered: check.receipt.answered, total: check.receipt.total }) },
            { term: t('exams.receipt-hash-full'), value: <code className="wrap-anywhere">{check.receipt.hash}</code> },
          ]} />
        </Banner>
      )}
      {check?.kind === 'replaced' && (
        <Banner tone={check.intact ? 'warning' : 'danger'} title={t('receipts.replaced')}>
          <p>{t(check.intact ? 'receipts.replaced-intact' : 'receipts.replaced-altered')}</p>
          <Facts items={[
            { term: t('exams.receipt-number'), value: check.receipt.number },
            { term: t('exams.receipt-time'), value: <InstantText at={check.receipt.handedInAt} /> },
            { term: t('exams.receipt-answered'), value: t('exams.receipt-answered-value', { answered: check.receipt.answered, total: check.receipt.total }) },
            { term: t('receipts.replaced-at'), value: <InstantText at={check.replacedAt} /> },
            { term: t('receipts.replaced-because'), value: t(`receipts.because.${check.because}`) },
            ...(check.by === null ? [] : [{ term: t('receipts.replaced-by'), value: check.by }]),
          ]} />
        </Banner>
      )}
      <Form method="get" className="form">
        <div className="field">
          <label className="field-label" htmlFor="number">{t('exams.receipts-number')}</label>
          <input className="input input--middle" id="number" name="number" required maxLength={40} defaultValue={number} placeholder="HZ-XXXXX-XXXXX" />
        </div>
        <div className="field">
          <label className="field-label" htmlFor="hash">{t('exams.receipts-hash')}</label>
          <p className="field-hint" id="hash-hint">{t('exams.receipts-hash-hint')}</p>
          <input className="input" id="hash" name="hash" required maxLength={100} defaultValue={hash} aria-describedby="hash-hint" spellCheck={false} autoComplete="off" />
        </div>
        <Button kind="primary">{t('exams.receipts-check')}</Button>
      </Form>
    </Page>
  );
}
