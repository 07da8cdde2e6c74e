import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { externalOf, targetsOf, withdrawExternal } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { findPerson, pathsOfPerson } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Page, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { EvidenceForm } from '~/ui/records/evidence-form';
import { handIn, readEvidenceForm } from '~/ui/records/evidence-form.server';
import { EvidenceList } from '~/ui/records/evidence-list';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const personId = params['id'] ?? '';
  const subject = { personId, organisationPath: await pathsOfPerson(reader(), personId) };
  authorise(actor, 'see evidence', subject);
  const person = await findPerson(reader(), personId);
  if (!person) throw new ProblemError({ code: 'not-found' });
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: `${person.name}：${textFor(langOf(request)).t('records.my-evidence')}`, personId, name: person.name,
    mayHandIn: can(actor, 'hand in evidence', subject),
    evidence: (await externalOf(reader(), personId)).map((one) => ({ ...one, mayWithdraw: one.state === 'asked' && one.askedBy === actor.by })),
    kinds: await targetsOf(reader(), 'external'),
    done: done === 'handed-in' || done === 'withdrawn' ? done : null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const personId = params['id'] ?? '';
  authorise(actor, 'hand in evidence', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  const form = await readEvidenceForm(request);
  if (!form.ok) return form.response;
  if (form.form === 'withdraw') {
    const withdrawn = await withdrawExternal(actor, form.value.id);
    return withdrawn.ok ? redirect(`/hr/people/${personId}/evidence?done=withdrawn`) : form.refuse(withdrawn.error);
  }
  const made = await handIn(actor, personId, form.value);
  return made.ok ? redirect(`/hr/people/${personId}/evidence?done=handed-in`) : form.refuse(made.error);
}

export default function EvidenceOfPerson() {
  const { heading, personId, name, evidence, kinds, mayHandIn, done } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={heading} width="wide" trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${personId}`, label: name }]}>
      {done && !refused && <Banner tone="success" title={t(done === 'withdrawn' ? 'records.withdrawn' : 'records.handed-in')} />}
      <Section title={t('records.evidence-list')}><EvidenceList evidence={evidence} /></Section>
      {mayHandIn && (
        <Section title={t('records.for-person')}>
          {kinds.length === 0 ? <p>{t('records.evidence-no-kinds')}</p> : <><p>{t('records.for-person-lead')}</p><EvidenceForm key={evidence.length} kinds={kinds} /></>}
        </Section>
      )}
    </Page>
  );
}
