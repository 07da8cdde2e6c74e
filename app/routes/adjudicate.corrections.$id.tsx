import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { credentialsRestingOn } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { decideOnCorrection, openCorrection, type Changed } from '~/marking';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Facts, FormBox, InstantText, Page, RadioField, Section, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { CorrectionKindWords, CorrectionStateTag } from '~/ui/correction/correction-words';
import { EffectFacts } from '~/ui/correction/effect-facts';
import { parseForm } from '~/ui/form.server';
import { ItemWords } from '~/ui/item/item-words';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Decision = z.object({
  version: z.number().int(), seen: z.string(), state: z.enum(['approved', 'refused']),
  reason: z.string().trim().min(2, 'field.too-short').max(1000, 'field.too-long'),
});

/** So many people are looked up one by one; for more there is only their number. */
const LISTED = 100;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'decide on key corrections');
  const page = must(await openCorrection(actor, params['id'] ?? ''));
  const known = page.effect.fails.filter(({ released }) => released);
  return json({
    heading: textFor(langOf(request)).t('correction.decide-title', { code: page.item.code }), ...page,
    credentials: await credentialsLost(known.slice(0, LISTED)), more: Math.max(0, known.length - LISTED),
    done: new URL(request.url).searchParams.get('done'),
  });
}

async function credentialsLost(people: Changed[]): Promise<string[]> {
  const lost: string[] = [];
  for (const { personId, attemptId } of people) lost.push(...await credentialsRestingOn(reader(), personId, attemptId));
  return lost;
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'decide on key corrections');
  const form = await parseForm(request, Decision);
  if (!form.ok) return form.response;
  const id = params['id'] ?? '';
  const decided = await decideOnCorrection(actor, id, form.value);
  return decided.ok ? redirect(`/adjudicate/corrections/${id}?done=${form.value.state}`) : form.refuse(decided.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function OneCorrection() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const { correction, item } = data;
  return (
    <Page title={data.heading} trail={[{ to: '/adjudicate', label: t('late.title') }, { to: '/adjudicate/corrections', label: t('correction.queue') }]}>
      {data.done && <Banner tone="success" title={t(data.done === 'approved' ? 'correction.approved-done' : 'correction.refused-done')} />}
      <Facts items={[
        { term: t('correction.what'), value: <CorrectionKindWords kind={correction.kind} favourable={correction.favourable} /> },
        { term: t('correction.reason'), value: correction.reason },
        { term: t('correction.asked-by'), value: <>{correction.asker ?? '—'} · <InstantText at={correction.askedAt} /></> },
        { term: t('correction.state'), value: <CorrectionStateTag state={correction.state} appliedAt={correction.appliedAt} /> },
        ...(correction.decidedAt === null ? [] : [{ term: t('correction.decided-by'), value: <>{correction.decider ?? '—'} · <InstantText at={correction.decidedAt} /><br />{correction.decisionReason}</> }]),
      ]} />
      <Section title={t('correction.former-key')}><ItemWords body={item.body} itemKey={item.key} /></Section>
      {correction.key !== null && <Section title={t('correction.new-key')}><ItemWords body={item.body} itemKey={correction.key} /></Section>}
      {correction.state === 'asked' && <Consequences data={data} />}
      {data.mayDecide && <Section title={t('correction.decision')}><Decide data={data} /></Section>}
      {correction.state === 'asked' && !data.mayDecide && <Banner tone="info" title={t('correction.own-text')} />}
    </Page>
  );
}

/** Whose results, credentials and permissions to start would change. */
function Consequences({ data: { effect, credentials, more } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('correction.effect')}>
      <EffectFacts effect={effect} />
      {credentials.length === 0 ? <p>{t('correction.credentials-none')}</p>
        : <Banner tone="danger" title={t('correction.credentials')}><p>{credentials.join('、')}</p></Banner>}
      {more > 0 && <p>{t('correction.credentials-more', { count: more })}</p>}
      {effect.passes.length > 0 && <p>{t('correction.gains')}</p>}
    </Section>
  );
}

function Decide({ data: { correction, seen } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Decision>();
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={correction.version} />
      <input type="hidden" name="seen" value={seen} />
      <RadioField form={form} name="state" label={t('correction.decision')} options={[{ value: 'approved', label: t('correction.approve') }, { value: 'refused', label: t('correction.refuse') }]} />
      <TextAreaField form={form} name="reason" label={t('correction.decision-reason')} />
      <SubmitButton>{t('correction.decision')}</SubmitButton>
    </FormBox>
  );
}
