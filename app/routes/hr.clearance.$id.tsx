import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { z } from 'zod';
import { openClearance, revokeCredential, REVOKE_REASONS, type ClearancePage, type RevokeReason } from '~/certification';
import { authorise, can, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import {
  Banner, ButtonLink, DataTable, Disclosure, Facts, FormBox, InstantText, Page, Section, SelectField, StatusTag, SubmitButton, TextAreaField, useFormReply,
} from '~/ui';
import { DutyFacts } from '~/ui/clearance/duty';
import { RequirementSteps } from '~/ui/clearance/requirement-steps';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Revocation = z.object({ reason: z.enum(REVOKE_REASONS), explanation: z.string().trim().min(5, 'field.too-short').max(1000) });

async function pageOf(request: Request, id: string | undefined) {
  const actor = await signedIn(request);
  const page = await openClearance(actor, id ?? '', clock.now());
  if (!page) {
    authorise(actor, 'see who may start');
    throw new ProblemError({ code: 'not-found' });
  }
  return { actor, page };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, page } = await pageOf(request, params['id']);
  const today = dateAt(clock.now(), config().TIME_ZONE);
  return json({
    heading: titleOf(textFor(langOf(request)), page, today), today, ...page,
    mayRevoke: can(actor, 'revoke a credential', { organisationPath: page.holder.organisationPath }),
  });
}

function titleOf({ t, date }: Text, { holder: { name }, duty: { status, mayStartOn, withdrawnOn, dueOn } }: ClearancePage, today: string): string {
  if (status === 'cleared' && mayStartOn) return t('hr.clearance-may-start', { name, date: date(mayStartOn) });
  return t(dueOn < today && withdrawnOn === null ? 'hr.clearance-overdue' : 'hr.clearance-not-yet', { name });
}

/** Revokes the credential. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, page } = await pageOf(request, params['id']);
  authorise(actor, 'revoke a credential', { organisationPath: page.holder.organisationPath });
  const form = await parseForm(request, Revocation);
  if (!form.ok) return form.response;
  const revoked = await revokeCredential(actor.by, page.duty.credential?.number ?? '', form.value.reason, form.value.explanation);
  return revoked.ok ? redirect(`/hr/clearance/${page.duty.assignmentId}?revoked=1`) : form.refuse(revoked.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ClearanceOfPerson() {
  const data = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const { t } = useText();
  const { duty, missing } = data;
  return (
    <Page title={data.heading} lead={<Lead data={data} />} trail={[{ to: '/hr', label: t('hr.title') }]}>
      {query.has('revoked') && <Banner tone="success" title={t('hr.revoked')} />}
      {missing.length > 0 && <Banner tone="warning" title={t('hr.missing-characters', { characters: missing.join(' ') })}>{t('hr.missing-characters-text')}</Banner>}
      <DutyFacts duty={duty} today={data.today} />
      <Section title={t('hr.requirements')}>
        <RequirementSteps duty={duty} evidence={(one) => one.at !== null && (
          <p><small>{t('hr.evidence-at')} <InstantText at={one.at} /> · {t('hr.evidence-ref')} <span className="code wrap-anywhere">{one.evidenceRef}</span></small></p>
        )} />
      </Section>
      <Particulars data={data} />
      <CredentialSection data={data} />
      <History timeline={data.timeline} />
    </Page>
  );
}

/** What is missing and by when, told to those who answer for the person. */
function Lead({ data: { duty: { status, withdrawnOn, mayRegain, done, total, dueOn, startOfDuty }, today } }: { data: Data }) {
  const { t, date } = useText();
  if (withdrawnOn !== null) return <p>{t(mayRegain ? 'hr.lead-withdrawn-again' : 'hr.lead-withdrawn', { withdrawnOn: date(withdrawnOn), open: total - done })}</p>;
  if (status === 'cleared') return <p>{t('hr.lead-cleared', { startOfDuty: date(startOfDuty) })}</p>;
  return <p>{t(dueOn < today ? 'hr.lead-overdue' : 'hr.lead-open', { open: total - done, dueOn: date(dueOn), startOfDuty: date(startOfDuty) })}</p>;
}

function Particulars({ data: { holder, duty } }: { data: Data }) {
  const { t, lang } = useText();
  return (
    <Section title={t('hr.person')} actions={<ButtonLink to={`/hr/people/${duty.personId}`} kind="quiet">{t('hr.person-card')}</ButtonLink>}>
      <Facts items={[
        { term: t('hr.name'), value: holder.name },
        { term: t('hr.number'), value: holder.recruitmentNumber ?? '—' },
        { term: t('hr.organisation'), value: holder.organisation },
        { term: t('hr.post'), value: holder.post },
        ...(holder.intake ? [{ term: t('hr.intake'), value: holder.intake }] : []),
        { term: t('hr.programme'), value: duty.programme[lang] },
        { term: t('hr.assigned'), value: <InstantText at={duty.assignedAt} /> },
      ]} />
    </Section>
  );
}

function CredentialSection({ data: { duty: { credential, status }, holder, mayRevoke } }: { data: Data }) {
  const { t } = useText();
  if (!credential) return <Section title={t('hr.credential')}><p>{t(status === 'cleared' ? 'hr.credential-making' : 'hr.credential-none')}</p></Section>;
  return (
    <Section title={t('hr.credential')} actions={<ButtonLink to={`/credentials/${credential.number}`}>{t('hr.credential-open')}</ButtonLink>}>
      <Facts items={[
        { term: t('credential.number'), value: credential.number },
        { term: t('credential.state'), value: <StatusTag tone={credential.state === 'valid' ? 'ok' : 'bad'}>{t(`credential.state.${credential.state}`)}</StatusTag> },
        { term: t('credential.issued'), value: <InstantText at={credential.issuedAt} /> },
      ]} />
      {mayRevoke && credential.state === 'valid' && <Revoke name={holder.name} number={credential.number} />}
    </Section>
  );
}

// Named here too: the room's list is the server's.
const REASONS = ['issued-in-error', 'result-annulled', 'misconduct', 'left-service'] as const satisfies readonly RevokeReason[];

function Revoke({ name, number }: { name: string; number: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Revocation>();
  return (
    <Disclosure summary={t('hr.revoke')} open={form.meta.status === 'error'}>
      <p>{t('hr.revoke-warning', { name, number })}</p>
      <FormBox form={form}>
        <SelectField form={form} name="reason" label={t('hr.revoke-reason')} options={REASONS.map((value) => ({ value, label: t(`credential.reason.${value}`) }))} />
        <TextAreaField form={form} name="explanation" label={t('hr.revoke-explanation')} />
        <SubmitButton kind="danger">{t('hr.revoke-submit')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function History({ timeline }: { timeline: Data['timeline'] }) {
  const { t } = useText();
  return (
    <Section title={t('hr.timeline')}>
      <DataTable
        caption={t('hr.timeline')}
        rows={timeline}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'what', header: t('hr.what'), cell: (row) => t(`hr.event.${row.kind}`) },
          { key: 'when', header: t('hr.when'), cell: (row) => <InstantText at={row.at} /> },
          { key: 'by', header: t('hr.by'), cell: (row) => row.by ?? t('hr.by-system') },
        ]}
      />
    </Section>
  );
}
