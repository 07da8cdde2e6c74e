import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { externalOf, targetsOf, withdrawExternal } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Page, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { EvidenceForm } from '~/ui/records/evidence-form';
import { handIn, readEvidenceForm } from '~/ui/records/evidence-form.server';
import { EvidenceList } from '~/ui/records/evidence-list';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const asked = new URL(request.url).searchParams;
  const done = asked.get('done');
  const kinds = await targetsOf(reader(), 'external');
  return json({
    heading: textFor(langOf(request)).t('records.my-evidence'),
    evidence: (await externalOf(reader(), actor.personId ?? '')).map((one) => ({ ...one, mayWithdraw: one.state === 'asked' })),
    kinds,
    // Whoever comes from a requirement need not choose it again.
    kind: kinds.find(({ code }) => code === asked.get('kind'))?.code ?? null,
    done: done === 'handed-in' || done === 'withdrawn' ? done : null,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const form = await readEvidenceForm(request);
  if (!form.ok) return form.response;
  if (form.form === 'withdraw') {
    const withdrawn = await withdrawExternal(actor, form.value.id);
    return withdrawn.ok ? redirect('/my/evidence?done=withdrawn') : form.refuse(withdrawn.error);
  }
  const made = await handIn(actor, actor.personId ?? '', form.value);
  return made.ok ? redirect('/my/evidence?done=handed-in') : form.refuse(made.error);
}

export default function MyEvidence() {
  const { evidence, kind, done } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={t('records.my-evidence')} lead={t('records.my-evidence-lead')} width="wide" trail={[{ to: '/my/record', label: t('records.record') }]}>
      {done && !refused && <Banner tone="success" title={t(done === 'withdrawn' ? 'records.withdrawn' : 'records.handed-in')} />}
      {kind !== null && <HandIn />}
      <Section title={t('records.evidence-list')}><EvidenceList evidence={evidence} /></Section>
      {kind === null && <HandIn />}
    </Page>
  );
}

function HandIn() {
  const { evidence, kinds, kind } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Section title={t('records.evidence-new')}>
      {kinds.length === 0 ? <p>{t('records.evidence-no-kinds')}</p> : <EvidenceForm key={evidence.length} kinds={kinds} kind={kind ?? undefined} />}
    </Section>
  );
}
