import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import {
  actsOf, anotherDecides, askRevocation, correctCredential, credentialByNumber, holderOf, isLive, linksOf, readNumber, REVOKE_REASONS, statusOf, suspendCredential,
  SUSPEND_REASONS,
} from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, Disclosure, Facts, FormBox, InstantText, Page, Section, SelectField, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { ActReason, ActState, shownAct } from '~/ui/credential/act';
import { StandingTag } from '~/ui/credential/standing';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Explanation = z.string().trim().min(5, 'field.too-short').max(1000, 'field.too-long');
const Printed = z.string().trim().max(80, 'field.too-long').optional();
const Ask = z.object({ reason: z.enum(REVOKE_REASONS), explanation: Explanation });
const Suspend = z.object({ reason: z.enum(SUSPEND_REASONS), explanation: Explanation });
const Correct = z.object({ name: Printed, recruitmentNumber: Printed, organisation: Printed, post: Printed, explanation: Explanation });

async function credentialOf(request: Request, typed: string | undefined) {
  const actor = await signedIn(request);
  authorise(actor, 'see credential acts');
  const number = readNumber(typed ?? '');
  const credential = number && await credentialByNumber(reader(), number);
  if (!credential) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'revoke a credential', { organisationPath: credential.organisation_path });
  return { actor, credential };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, credential } = await credentialOf(request, params['number']);
  const where = { organisationPath: credential.organisation_path };
  const query = new URL(request.url).searchParams;
  const { name, recruitmentNumber, organisation, post } = credential.snapshot;
  const register = await holderOf(reader(), credential.assignment_id);
  return json({
    heading: textFor(langOf(request)).t('acts.manage-title', { name }), status: statusOf(credential, dateAt(clock.now(), config().TIME_ZONE)),
    acts: (await actsOf(reader(), credential.id)).map(shownAct), isLive: isLive(credential.state), state: credential.state, assignmentId: credential.assignment_id,
    printed: { name, recruitmentNumber: recruitmentNumber ?? '', organisation, post }, register: { name: register.name, organisation: register.organisation, post: register.post },
    links: await linksOf(reader(), credential), mayCorrect: can(actor, 'correct a credential', where), maySee: can(actor, 'see a credential', where),
    isAlone: !await anotherDecides(reader(), credential.organisation_path, actor.accountId), organisation,
    done: query.get('done'), successor: readNumber(query.get('number') ?? ''),
  });
}

/** Asks for a revocation, suspends, or corrects. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, credential } = await credentialOf(request, params['number']);
  const { number } = credential;
  const form = await parseOneOf(request, { ask: Ask, suspend: Suspend, correct: Correct });
  if (!form.ok) return form.response;
  if (form.form === 'ask') {
    const asked = await askRevocation(actor.by, number, form.value.reason, form.value.explanation);
    return asked.ok ? redirect(`/hr/credentials/${number}?done=asked`) : form.refuse(asked.error);
  }
  if (form.form === 'suspend') {
    authorise(actor, 'suspend a credential', { organisationPath: credential.organisation_path });
    const suspended = await suspendCredential(actor.by, number, form.value.reason, form.value.explanation);
    return suspended.ok ? redirect(`/hr/credentials/${number}?done=suspended`) : form.refuse(suspended.error);
  }
  authorise(actor, 'correct a credential', { organisationPath: credential.organisation_path });
  const { explanation, ...facts } = form.value;
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value));
  const corrected = await correctCredential(actor.by, number, given, explanation);
  return corrected.ok ? redirect(`/hr/credentials/${number}?done=corrected&number=${corrected.value}`) : form.refuse(corrected.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ManagedCredential() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const { status } = data;
  return (
    <Page title={data.heading} trail={[{ to: '/hr/credential-acts', label: t('acts.title') }, ...(data.maySee ? [{ to: `/hr/clearance/${data.assignmentId}`, label: data.printed.name }] : [])]}
      actions={data.maySee && <ButtonLink to={`/credentials/${status.number}`}>{t('hr.credential-open')}</ButtonLink>}>
      <DoneBanner data={data} />
      <Facts items={[
        { term: t('credential.number'), value: <span className="code">{status.number}</span> },
        { term: t('credential.state'), value: <StandingTag state={status.state} /> },
        { term: t('credential.issued'), value: <InstantText at={status.issuedAt} /> },
        ...(data.links.replaces ? [{ term: t('credential.replaces-any'), value: <Link to={`/hr/credentials/${data.links.replaces}`}>{data.links.replaces}</Link> }] : []),
        ...(data.links.replacedBy ? [{ term: t('credential.replaced-by'), value: <Link to={`/hr/credentials/${data.links.replacedBy}`}>{data.links.replacedBy}</Link> }] : []),
      ]} />
      {data.isLive ? <Forms data={data} /> : <p>{t('acts.settled')}</p>}
      <History data={data} />
    </Page>
  );
}

function DoneBanner({ data: { done, successor } }: { data: Data }) {
  const { t } = useText();
  if (done === 'corrected' && successor) return <Banner tone="success" title={t('acts.done.corrected', { number: successor })}><Link to={`/hr/credentials/${successor}`}>{successor}</Link></Banner>;
  if (done === 'asked' || done === 'suspended') return <Banner tone="success" title={t(`acts.done.${done}`)} />;
  return null;
}

function Forms({ data }: { data: Data }) {
  const { t } = useText();
  const isAsked = data.acts.some(({ kind, state }) => kind === 'revocation' && state === 'asked');
  return (
    <Section title={t('credential.manage')}>
      {data.isAlone && <Banner tone="warning" title={t('acts.alone')}>{t('acts.alone-text', { organisation: data.organisation })}</Banner>}
      {data.state === 'valid' && <SuspendForm />}
      {!isAsked && <AskForm />}
      {data.state === 'valid' && data.mayCorrect && <CorrectForm data={data} />}
    </Section>
  );
}

function AskForm() {
  const { t } = useText();
  const form = useFormReply<typeof Ask>({ id: 'ask' });
  return (
    <Disclosure summary={t('acts.ask')} open={form.meta.status === 'error'}>
      <p>{t('acts.ask-lead')}</p>
      <FormBox form={form}>
        <SelectField form={form} name="reason" label={t('acts.reason-choose')} options={REVOKE.map((value) => ({ value, label: t(`credential.reason.${value}`) }))} />
        <TextAreaField form={form} name="explanation" label={t('acts.explanation')} hint={t('acts.explanation-hint')} rows={3} />
        <SubmitButton kind="danger">{t('acts.ask-submit')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function SuspendForm() {
  const { t } = useText();
  const form = useFormReply<typeof Suspend>({ id: 'suspend' });
  return (
    <Disclosure summary={t('acts.suspend')} open={form.meta.status === 'error'}>
      <p>{t('acts.suspend-lead')}</p>
      <FormBox form={form}>
        <SelectField form={form} name="reason" label={t('acts.reason-choose')} options={SUSPEND.map((value) => ({ value, label: t(`credential.reason.${value}`) }))} />
        <TextAreaField form={form} name="explanation" label={t('acts.explanation')} hint={t('acts.explanation-hint')} rows={3} />
        <SubmitButton kind="danger">{t('acts.suspend-submit')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function CorrectForm({ data: { printed, register } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Correct>({ id: 'correct', defaultValue: printed });
  const now = (value: string) => `${t('acts.correct-register')}${t('ui.colon')}${value}`;
  return (
    <Disclosure summary={t('acts.correct')} open={form.meta.status === 'error'}>
      <p>{t('acts.correct-lead')}</p>
      <FormBox form={form}>
        <TextField form={form} name="name" label={t('acts.correct-name')} hint={now(register.name)} maxLength={80} />
        {printed.recruitmentNumber !== '' && <TextField form={form} name="recruitmentNumber" label={t('credential.recruitment-number')} maxLength={80} />}
        <TextField form={form} name="organisation" label={t('credential.organisation')} hint={now(register.organisation)} maxLength={80} />
        <TextField form={form} name="post" label={t('credential.post')} hint={now(register.post)} maxLength={80} />
        <TextAreaField form={form} name="explanation" label={t('acts.explanation')} hint={t('acts.explanation-hint')} rows={3} />
        <SubmitButton>{t('acts.correct-submit')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function History({ data: { acts } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('acts.history')}>
      <DataTable
        caption={t('acts.history')}
        rows={acts}
        rowKey={(row) => row.id}
        empty={t('acts.no-history')}
        columns={[
          { key: 'what', header: t('acts.what'), cell: (row) => <Link to={`/hr/credential-acts/${row.id}`}>{t(`acts.kind.${row.kind}`)}</Link> },
          { key: 'state', header: t('acts.state'), cell: (row) => <ActState state={row.state} /> },
          { key: 'reason', header: t('acts.reason'), cell: (row) => <ActReason act={row} /> },
          { key: 'asked', header: t('acts.asked'), cell: (row) => <>{row.asker ?? t('hr.by-system')}<br /><small><InstantText at={row.askedAt} /></small></> },
          { key: 'decided', header: t('acts.decision'), cell: (row) => (row.decidedAt === null ? '' : <>{row.decider ?? t('hr.by-system')}<br /><small><InstantText at={row.decidedAt} /></small></>) },
        ]}
      />
    </Section>
  );
}

// Named here too: the rooms' lists are the server's.
const REVOKE = ['issued-in-error', 'result-annulled', 'misconduct', 'left-service'] as const satisfies typeof REVOKE_REASONS;
const SUSPEND = ['inquiry', 'result-in-doubt', 'identity-in-doubt'] as const satisfies typeof SUSPEND_REASONS;
