import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { decideWaiver, revokeWaiver, waiverPage, withdrawWaiver } from '~/certification';
import { authorise, can, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Disclosure, Facts, FormBox, Page, RadioField, Section, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { WaiverStory } from '~/ui/clearance/waiver-story';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Reason = z.string().trim().min(5, 'field.too-short').max(2000, 'field.too-long');
const Decide = z.object({
  decision: z.enum(['grant', 'refuse']), until: z.string().refine(isPlainDate, 'field.date'),
  conditions: z.string().trim().max(1000, 'field.too-long').optional(), reason: Reason,
});
const Withdraw = z.object({});
const Revoke = z.object({ reason: Reason });

const DONE = ['asked', 'granted', 'refused', 'withdrawn', 'revoked'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const page = await waiverPage(actor, params['id'] ?? '');
  if (!page) {
    authorise(actor, 'see waivers');
    throw new ProblemError({ code: 'not-found' });
  }
  const done = new URL(request.url).searchParams.get('done');
  const { waiver, holder } = page;
  const mine = waiver.askedBy === actor.by;
  const mayDecide = can(actor, 'decide on waivers', { organisationPath: holder.path }) && waiver.personId !== actor.personId;
  return json({
    heading: textFor(langOf(request)).t('waiver.of', { name: holder.name }), ...page, done: DONE.find((one) => one === done) ?? null,
    mine, mayDecide, mayAsk: can(actor, 'ask for a waiver', { organisationPath: holder.path }),
    maySee: can(actor, 'see a clearance', { personId: waiver.personId, organisationPath: holder.path }),
    own: waiver.personId === actor.personId,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  authorise(actor, 'see waivers');
  const form = await parseOneOf(request, { decide: Decide, withdraw: Withdraw, revoke: Revoke });
  if (!form.ok) return form.response;
  const back = (done: string) => redirect(`/hr/waivers/${id}?done=${done}`);
  switch (form.form) {
    case 'withdraw': {
      const withdrawn = await withdrawWaiver(actor, id);
      return withdrawn.ok ? back('withdrawn') : form.refuse(withdrawn.error);
    }
    case 'revoke': {
      const revoked = await revokeWaiver(actor, id, form.value.reason);
      return revoked.ok ? back('revoked') : form.refuse(revoked.error);
    }
    case 'decide': {
      const { decision, until, conditions = '', reason } = form.value;
      const decided = await decideWaiver(actor, id, { grant: decision === 'grant', until, conditions, reason });
      return decided.ok ? back(decision === 'grant' ? 'granted' : 'refused') : form.refuse(decided.error);
    }
  }
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function WaiverPage() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, date, lang } = useText();
  const { waiver, holder, done, own, maySee } = data;
  return (
    <Page
      title={data.heading}
      lead={<p>{t(`waiver.page-lead.${waiver.state}`, { from: date(waiver.validFrom), until: date(waiver.validUntil) })}</p>}
      trail={own ? [{ to: '/home', label: t('clearance.own-trail') }] : [{ to: '/hr/waivers', label: t('waiver.title') }]}
      actions={maySee && <ButtonLink to={`${own ? '/my' : '/hr'}/clearance/${waiver.assignmentId}`} kind="quiet">{t('clearance.page')}</ButtonLink>}
    >
      {done && !refused && <Banner tone="success" title={t(`waiver.done.${done}`)} />}
      <Facts items={[
        { term: t('waiver.person'), value: <>{holder.name} · {holder.organisation} · {holder.post}</> },
        { term: t('waiver.programme'), value: holder.programme[lang] },
      ]} />
      <WaiverStory story={data} />
      <Acts data={data} />
    </Page>
  );
}

/** What this reader can do about it; or who can. */
function Acts({ data }: { data: Data }) {
  const { t } = useText();
  const { waiver, mine, mayDecide, mayAsk } = data;
  if (waiver.state === 'granted') return mayDecide && <RevokeForm name={data.holder.name} />;
  if (waiver.state !== 'asked' || !(mayAsk || mayDecide)) return null;
  return (
    <Section title={t('waiver.decide')}>
      {mayDecide && !mine ? <DecideForm waiver={waiver} /> : <p>{t(mine ? 'waiver.decide-own' : 'waiver.decide-other')}</p>}
      {mine && mayAsk && <WithdrawForm />}
    </Section>
  );
}

function DecideForm({ waiver }: { waiver: Data['waiver'] }) {
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide', defaultValue: { until: waiver.askedUntil, conditions: waiver.conditions } });
  return (
    <FormBox form={form}>
      <RadioField form={form} name="decision" label={t('waiver.decide')} options={[{ value: 'grant', label: t('waiver.grant') }, { value: 'refuse', label: t('waiver.refuse') }]} />
      <TextField form={form} name="until" type="date" width="middle" label={t('waiver.until')} hint={t('waiver.decide-until-hint')} />
      <TextAreaField form={form} name="conditions" label={t('waiver.conditions')} rows={3} optional />
      <TextAreaField form={form} name="reason" label={t('waiver.decision-reason')} hint={t('waiver.decide-reason-hint')} rows={3} />
      <SubmitButton>{t('waiver.decide')}</SubmitButton>
    </FormBox>
  );
}

function WithdrawForm() {
  const { t } = useText();
  const form = useFormReply<typeof Withdraw>({ id: 'withdraw' });
  return (
    <Disclosure summary={t('waiver.withdraw')} open={form.meta.status === 'error'}>
      <p>{t('waiver.withdraw-lead')}</p>
      <FormBox form={form}><SubmitButton kind="secondary">{t('waiver.withdraw')}</SubmitButton></FormBox>
    </Disclosure>
  );
}

function RevokeForm({ name }: { name: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Revoke>({ id: 'revoke' });
  return (
    <Disclosure summary={t('waiver.revoke')} open={form.meta.status === 'error'}>
      <p>{t('waiver.revoke-lead', { name })}</p>
      <FormBox form={form}>
        <TextAreaField form={form} name="reason" label={t('waiver.revoke-reason')} rows={3} />
        <SubmitButton kind="danger">{t('waiver.revoke')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

