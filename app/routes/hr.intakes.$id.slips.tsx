import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, CODE_LASTS, signedIn } from '~/identity';
import { days } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must, ProblemError } from '~/kernel/result';
import { findIntake, makeSlips, slipsToMake } from '~/people';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Page, PostButton } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { Slips } from '~/ui/people/slips';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see intakes');
  const intake = await findIntake(reader(), params['id'] ?? '');
  if (!intake) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'make an intake', { organisationPath: intake.organisationPath });
  return json({
    heading: intake.name, id: intake.id, name: intake.name, days: CODE_LASTS.activate / days(1),
    ...(await slipsToMake(reader(), actor, intake.id)),
  });
}

/** The codes are in this one answer and nowhere else. */
export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see intakes');
  const made = must(await makeSlips(actor, params['id'] ?? ''));
  return json({ ...made, address: `${config().PUBLIC_URL ?? ''}/activate` }, { headers: { 'Cache-Control': 'no-store' } });
}

export default function ActivationSlips() {
  const { id, name, people, units, days: lasts } = useLoaderData<typeof loader>();
  const made = useActionData<typeof action>();
  const { t } = useText();
  const trail = [{ to: '/hr/intakes', label: t('people.intakes') }, { to: `/hr/intakes/${id}`, label: name }];
  if (made) {
    return (
      <Page title={t('people.slips')} trail={trail}>
        <div className="no-print"><Banner tone="warning" title={t('people.slips-ready')}>{t('people.slips-print')}</Banner></div>
        <Slips {...made} />
      </Page>
    );
  }
  return (
    <Page title={t('people.slips')} lead={people > 0 ? t('people.slips-lead') : t('people.slips-none')} trail={trail}>
      {people > 0 && <Banner tone="warning" title={t('people.slips-before', { people, units, days: lasts })} />}
      {people > 0
        ? <PostButton kind="primary">{t('people.slips-generate', { people })}</PostButton>
        : <ButtonLink to={`/hr/intakes/${id}`}>{name}</ButtonLink>}
    </Page>
  );
}
