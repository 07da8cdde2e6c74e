import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { openProof } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Page } from '~/ui';
import { Proof } from '~/ui/notices/proof';
import { shownProof } from '~/ui/notices/shown-proof.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** What proves that somebody was told something, for HR; that it was read is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see notices of people');
  const proof = await openProof(actor, params['id'] ?? '');
  if (!proof) throw new ProblemError({ code: 'not-found' });
  const text = textFor(langOf(request), config().TIME_ZONE);
  const shown = await shownProof(proof, text);
  return json({ heading: shown.title, name: proof.name, proof: shown });
}

export default function ProofOfNotice() {
  const { name, proof } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={proof.title} lead={<><p>{name}</p><p>{proof.text}</p></>} trail={[{ to: '/hr', label: t('hr.title') }, { to: '/hr/notices', label: t('told.title') }]}>
      <Proof proof={proof} />
    </Page>
  );
}
