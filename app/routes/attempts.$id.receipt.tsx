import { json, redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { answerKey, deviceOf, explainDeadline, findReceipt, openAttempt, openFinding, ownRecord, sebHelp, shortHash } from '~/exams';
import { signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Disclosure, Facts, InstantText, Page } from '~/ui';
import { OwnRecord } from '~/ui/exam/own-record';
import { pageTitle } from '~/ui/page-title';
import { DeadlineParts } from '~/ui/player/deadline-parts';
import { LateSender } from '~/ui/player/late-sender';
import { TimeOver } from '~/ui/player/time-over';
import { PrintButton } from '~/ui/print-button';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { device } = deviceOf(request);
  const opened = must(await openAttempt(actor, params['id'] ?? '', device));
  const { attempt, exam } = opened;
  // There is time left: this page would hand in.
  if (opened.kind !== 'closed') throw redirect(`/attempts/${attempt.id}`);
  const receipt = await findReceipt(reader(), attempt.id);
  const query = new URL(request.url).searchParams;
  const count = (name: string) => Math.max(0, Math.floor(Number(query.get(name) ?? 0)) || 0);
  const record = await ownRecord(actor, attempt.id);
  const { quit } = must(await sebHelp(actor, attempt.id));
  return json({
    record: { observing: exam.observed.length > 0, ...record },
    held: (await openFinding(reader(), attempt.id)) !== null,
    sebQuit: quit,
    heading: exam.title[langOf(request)],
    attemptId: attempt.id,
    number: attempt.number,
    state: attempt.state,
    cause: attempt.handInCause,
    automatic: exam.release === 'automatic',
    receipt: receipt && { number: receipt.number, handedInAt: receipt.handedInAt, answered: receipt.answered, total: receipt.total, hash: receipt.hash, short: shortHash(receipt.hash) },
    explained: await explainDeadline(reader(), attempt.id),
    checkUrl: `${config().PUBLIC_URL ?? ''}/receipts`,
    start: { attemptId: attempt.id, device, answerKey: answerKey(attempt.id), serverNow: clock.now() },
    ownDevice: attempt.device === device,
    counted: count('counted'),
    late: count('late'),
    kept: count('kept'),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ReceiptPage() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const settled = data.receipt !== null && (data.state === 'released' || data.held || !data.automatic);
  useRefresh(settled || (!data.receipt && data.ownDevice) ? null : 3);
  if (!data.receipt && data.state === 'in-progress' && data.ownDevice) return <TimeOver {...data.start} />;
  if (!data.receipt) {
    return (
      <Page title={t('exams.receipt-waiting-title')} lead={t('exams.receipt-waiting')}>
        <ButtonLink to="." document>{t('exams.receipt-reload')}</ButtonLink>
      </Page>
    );
  }
  return (
    <Page title={t('exams.receipt-title')} lead={t('exams.receipt-lead')}>
      {data.ownDevice && <LateSender {...data.start} />}
      {data.counted > 0 && <Banner tone="success" title={t('exams.receipt-counted', { count: data.counted })} />}
      {data.late > 0 && <Banner tone="warning" title={t('exams.receipt-late', { count: data.late })} />}
      {data.kept > 0 && <Banner tone="warning" title={t('exams.receipt-kept', { count: data.kept })} />}
      <ReceiptFacts data={data} receipt={data.receipt} />
      <p>{t('exams.receipt-check', { url: data.checkUrl })}</p>
      {data.explained && <Disclosure summary={t('time.title')}><DeadlineParts explained={data.explained} /></Disclosure>}
      <WhatNext data={data} />
      <OwnRecord {...data.record} />
    </Page>
  );
}

function ReceiptFacts({ data, receipt }: { data: Data; receipt: NonNullable<Data['receipt']> }) {
  const { t } = useText();
  const cause = data.cause === 'deadline' || data.cause === 'invigilator' ? data.cause : 'candidate';
  return (
    <Facts items={[
      { term: t('invigilate.exam'), value: `${data.heading} · ${t('exams.attempt-number', { number: data.number })}` },
      { term: t('exams.receipt-number'), value: <strong className="figures">{receipt.number}</strong> },
      { term: t('exams.receipt-hash'), value: <strong className="figures">{receipt.short}</strong> },
      { term: t('exams.receipt-time'), value: <InstantText at={receipt.handedInAt} /> },
      { term: t('exams.receipt-cause'), value: t(`exams.receipt-cause.${cause}`) },
      { term: t('exams.receipt-answered'), value: t('exams.receipt-answered-value', { answered: receipt.answered, total: receipt.total }) },
      { term: t('exams.receipt-hash-full'), value: <code className="wrap-anywhere">{receipt.hash}</code> },
    ]} />
  );
}

function WhatNext({ data }: { data: Data }) {
  const { t } = useText();
  const released = data.state === 'released';
  const sentence = data.held ? t('integrity.recorded-finding') : released ? t('exams.receipt-ready') : t(data.automatic ? 'exams.receipt-grading' : 'exams.receipt-release-later');
  return (
    <>
      <p role="status">{sentence}</p>
      <ButtonRow>
        {released && <ButtonLink to={`/attempts/${data.attemptId}/result`} kind="primary">{t('exams.to-result')}</ButtonLink>}
        {!released && !data.held && data.automatic && <ButtonLink to="." document>{t('exams.receipt-reload')}</ButtonLink>}
        <PrintButton>{t('exams.receipt-print')}</PrintButton>
        {data.sebQuit && <ButtonLink to={data.sebQuit} document>{t('seb.quit')}</ButtonLink>}
      </ButtonRow>
    </>
  );
}
