import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { anotherDecides, carryOutRevocation, findAct, refuseRevocation, reinstateCredential, REINSTATE_REASONS, withdrawRevocation } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Disclosure, Facts, FormBox, Page, Section, SelectField, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { ActReason, ActState, shownAct } from '~/ui/credential/act';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Note = z.string().trim().min(5, 'field.too-short').max(1000, 'field.too-long');
const CarryOut = z.object({ note: Note });
const Refuse = z.object({ note: Note });
const Withdraw = z.object({});
const Reinstate = z.object({ reason: z.enum(REINSTATE_REASONS), note: Note });

async function actOf(request: Request, id: string | undefined) {
  const actor = await signedIn(request);
  authorise(actor, 'see credential acts');
  const act = await findAct(reader(), id ?? '');
  if (!act) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'decide on a revocation', { organisationPath: act.organisation_path });
  return { actor, act };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, act } = await actOf(request, params['id']);
  const { t } = textFor(langOf(request));
  const isOpen = act.state === 'asked' || act.state === 'in-force';
  return json({
    heading: t('acts.page-title', { name: act.name, kind: t(`acts.kind.${act.kind}`) }), act: shownAct(act), isOpen, isOwn: act.asked_by === actor.by,
    isAlone: isOpen && act.asked_by === actor.by && !await anotherDecides(reader(), act.organisation_path, actor.accountId),
    done: new URL(request.url).searchParams.get('done'),
  });
}

/** The second person's decision; or the first one thinks again. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, act } = await actOf(request, params['id']);
  const form = await parseOneOf(request, { 'carry-out': CarryOut, 'refuse': Refuse, 'withdraw': Withdraw, 'reinstate': Reinstate });
  if (!form.ok) return form.response;
  const decided = form.form === 'carry-out' ? await carryOutRevocation(actor.by, act.id, form.value.note)
    : form.form === 'refuse' ? await refuseRevocation(actor.by, act.id, form.value.note)
      : form.form === 'withdraw' ? await withdrawRevocation(actor.by, act.id)
        : await reinstateCredential(actor.by, act.id, form.value.reason, form.value.note);
  return decided.ok ? redirect(`/hr/credential-acts/${act.id}?done=${DONE[form.form]}`) : form.refuse(decided.error);
}

const DONE = { 'carry-out': 'carried-out', 'refuse': 'refused', 'withdraw': 'withdrawn', 'reinstate': 'reinstated' } as const;
const isDone = (done: string | null): done is (typeof DONE)[keyof typeof DONE] => Object.values(DONE).some((one) => one === done);

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function CredentialActPage() {
  const data = useLoaderData<typeof loader>();
  const { t, dateTime } = useText();
  const { act } = data;
  return (
    <Page title={data.heading} trail={[{ to: '/hr/credential-acts', label: t('acts.title') }]}>
      {isDone(data.done) && <Banner tone="success" title={t(`acts.done.${data.done}`)} />}
      <Facts items={[
        { term: t('acts.state'), value: <ActState state={act.state} /> },
        { term: t('acts.holder'), value: <>{act.name}（{act.organisation}）</> },
        { term: t('acts.number'), value: <Link to={`/hr/credentials/${act.number}`}>{act.number}</Link> },
        { term: t('acts.reason'), value: <ActReason act={act} /> },
        { term: t('acts.explanation'), value: act.explanation },
        { term: t('acts.asked'), value: t('acts.asked-by', { who: act.asker ?? t('hr.by-system'), at: dateTime(act.askedAt) }) },
        ...(act.decidedAt === null ? [] : [{ term: t('acts.decision'), value: t('acts.asked-by', { who: act.decider ?? t('hr.by-system'), at: dateTime(act.decidedAt) }) }]),
        ...(act.note ? [{ term: t('acts.note'), value: act.note }] : []),
        ...(act.successor ? [{ term: t('credential.replaced-by'), value: <Link to={`/hr/credentials/${act.successor}`}>{act.successor}</Link> }] : []),
      ]} />
      {data.isOpen && <Decision data={data} />}
    </Page>
  );
}

function Decision({ data: { act, isOwn, isAlone } }: { data: Data }) {
  const { t } = useText();
  if (isOwn) {
    return (
      <Section title={t('acts.decision')}>
        {isAlone && <Banner tone="warning" title={t('acts.alone')}>{t('acts.alone-text', { organisation: act.organisation })}</Banner>}
        <p>{t(act.kind === 'suspension' ? 'acts.own-suspension' : 'acts.own-revocation')}</p>
        {act.kind === 'revocation' && <WithdrawForm />}
      </Section>
    );
  }
  return (
    <Section title={t('acts.decision')}>
      {act.kind === 'suspension' ? <ReinstateForm act={act} /> : <><CarryOutForm act={act} /><RefuseForm /></>}
    </Section>
  );
}

function CarryOutForm({ act }: { act: Data['act'] }) {
  const { t } = useText();
  const form = useFormReply<typeof CarryOut>({ id: 'carry-out' });
  return (
    <FormBox form={form}>
      <p>{t('acts.carry-out-lead', { number: act.number, name: act.name })}</p>
      <TextAreaField form={form} name="note" label={t('acts.note')} rows={3} />
      <SubmitButton kind="danger">{t('acts.carry-out')}</SubmitButton>
    </FormBox>
  );
}

function RefuseForm() {
  const { t } = useText();
  const form = useFormReply<typeof Refuse>({ id: 'refuse' });
  return (
    <Disclosure summary={t('acts.refuse')} open={form.meta.status === 'error'}>
      <p>{t('acts.refuse-lead')}</p>
      <FormBox form={form}>
        <TextAreaField form={form} name="note" label={t('acts.note')} rows={3} />
        <SubmitButton kind="secondary">{t('acts.refuse')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function WithdrawForm() {
  const { t } = useText();
  const form = useFormReply<typeof Withdraw>({ id: 'withdraw' });
  return <FormBox form={form}><SubmitButton kind="secondary">{t('acts.withdraw')}</SubmitButton></FormBox>;
}

function ReinstateForm({ act }: { act: Data['act'] }) {
  const { t } = useText();
  const form = useFormReply<typeof Reinstate>({ id: 'reinstate' });
  return (
    <FormBox form={form}>
      <p>{t('acts.reinstate-lead', { number: act.number, name: act.name })}</p>
      <SelectField form={form} name="reason" label={t('acts.reason-choose')} options={REINSTATE.map((value) => ({ value, label: t(`credential.reason.${value}`) }))} />
      <TextAreaField form={form} name="note" label={t('acts.note')} rows={3} />
      <SubmitButton>{t('acts.reinstate')}</SubmitButton>
    </FormBox>
  );
}

// Named here too: the room's list is the server's.
const REINSTATE = ['inquiry-closed', 'suspended-in-error'] as const satisfies typeof REINSTATE_REASONS;
