import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData } from '@remix-run/react';
import { z } from 'zod';
import { checkRecordFile, MAX_UPLOAD, mayCheck, noteCheck, readCheckCode, readNumber, verifyBadge, type FileCheck } from '~/certification';
import { checkStatementFile, readStatementNumber, type StatementCheck } from '~/exchange';
import { actorOf, authorise, clientAddress } from '~/identity';
import { must, ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FileField, FormBox, Page, Section, SubmitButton, useFormReply } from '~/ui';
import { CheckForm } from '~/ui/credential/check-form';
import { CheckedFile } from '~/ui/credential/checked-file';
import { parseForm } from '~/ui/form.server';
import { CheckedStatement } from '~/ui/hiring/checked-statement';
import { pageTitle } from '~/ui/page-title';
import { CheckedLifeRecord } from '~/ui/records/checked-record';
import { shownRecord, type ShownRecordCheck } from '~/ui/records/record.server';

export const meta = pageTitle;

/** Where a stranger types what is printed on a credential. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'check a credential');
  const query = new URL(request.url).searchParams;
  const typed = query.get('number')?.trim();
  if (!typed) return json({ heading: textFor(langOf(request)).t('credential.check-title') });
  const code = readCheckCode(query.get('code') ?? '').slice(0, 20);
  const list = readStatementNumber(typed);
  if (list) return redirect(`/check/lists/${list}${code ? `?code=${encodeURIComponent(code)}` : ''}`);
  const number = readNumber(typed) ?? typed.slice(0, 40);
  return redirect(`/check/${encodeURIComponent(number)}${code ? `?code=${encodeURIComponent(code)}&typed=1` : ''}`);
}

const Upload = z.object({
  file: z.instanceof(File).refine((file) => file.size > 0, 'field.required').refine((file) => file.size <= MAX_UPLOAD, 'request.too-large'),
});

/** Judges a file and forgets it. What is longer than any badge is not even read. */
export async function action({ request }: ActionFunctionArgs) {
  authorise(await actorOf(request), 'check a credential');
  must(await mayCheck(clientAddress(request)));
  const length = Number(request.headers.get('content-length') ?? Infinity);
  if (!(length <= MAX_UPLOAD + 16 * 1024)) throw new ProblemError({ code: 'request.too-large' });
  const form = await parseForm(request, Upload);
  if (!form.ok) return form.response;
  const content = Buffer.from(await form.value.file.arrayBuffer());
  const statement = await checkStatementFile(content);
  if (statement) return json({ statement }, { headers: { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' } });
  const record = await checkRecordFile(content);
  if (record) return json({ record: shownRecord(record, langOf(request)) }, { headers: { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' } });
  const check = await verifyBadge(content);
  if (check.number !== null && (check.verdict === 'ours' || check.verdict === 'our-pdf')) await noteCheck(check.number, 'file', clientAddress(request));
  return json({ check }, { headers: { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' } });
}

export default function CheckPage() {
  const { t } = useText();
  const answer = useActionData<object>();
  const form = useFormReply<typeof Upload>();
  return (
    <Page title={t('credential.check-title')} lead={t('credential.check-lead')}>
      {isChecked(answer) && <CheckedFile check={answer.check} />}
      {isRecord(answer) && <CheckedLifeRecord check={answer.record} />}
      {isStatement(answer) && <CheckedStatement check={answer.statement} isFile />}
      <CheckForm number="" />
      <Section title={t('badge.upload-title')}>
        <p>{t('badge.upload-lead')}</p>
        <FormBox form={form} multipart>
          <FileField form={form} name="file" label={t('badge.upload-file')} hint={t('badge.upload-hint')} accept=".pdf,.png,.svg,.json,application/pdf,image/png,image/svg+xml,application/json" />
          <SubmitButton kind="secondary">{t('badge.upload-submit')}</SubmitButton>
        </FormBox>
      </Section>
    </Page>
  );
}

const isChecked = (answer: object | undefined): answer is { check: FileCheck } => answer !== undefined && 'check' in answer;
const isStatement = (answer: object | undefined): answer is { statement: StatementCheck } => answer !== undefined && 'statement' in answer;
const isRecord = (answer: object | undefined): answer is { record: ShownRecordCheck } => answer !== undefined && 'record' in answer;
