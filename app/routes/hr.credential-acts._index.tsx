import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { decidedActs, openActs } from '~/certification';
import { reader } from '~/db';
import { authorise, can, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, InstantText, Page, Section } from '~/ui';
import { ActReason, ActState, shownAct, type ShownAct } from '~/ui/credential/act';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const DECIDED = 30;

/** What waits for a second person, and what was decided lately. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see credential acts');
  const paths = scopePaths(actor, ['hr', 'administrator']);
  const [open, decided] = [await openActs(reader(), paths), await decidedActs(reader(), paths, DECIDED)];
  return json({ heading: textFor(langOf(request)).t('acts.title'), open: open.map(shownAct), decided: decided.map(shownAct), mayHr: can(actor, 'see who may start') });
}

export default function CredentialActs() {
  const { open, decided, mayHr } = useLoaderData<typeof loader>();
  const { t } = useText();
  const asked = open.filter(({ state }) => state === 'asked').length;
  return (
    <Page title={t('acts.title')} lead={t(asked === 0 ? 'acts.lead' : 'acts.lead-waiting', { count: asked })} width="wide"
      trail={[mayHr ? { to: '/hr', label: t('hr.title') } : { to: '/admin', label: t('admin.title') }]}>
      <Section title={t('acts.waiting')}><Acts caption={t('acts.waiting')} acts={open} empty={t('acts.none-waiting')} /></Section>
      <Section title={t('acts.decided')}><Acts caption={t('acts.decided')} acts={decided} empty={t('acts.none-decided')} /></Section>
    </Page>
  );
}

function Acts({ caption, acts, empty }: { caption: string; acts: ShownAct[]; empty: string }) {
  const { t } = useText();
  return (
    <DataTable
      caption={caption}
      rows={acts}
      rowKey={(row) => row.id}
      empty={empty}
      columns={[
        { key: 'holder', header: t('acts.holder'), cell: (row) => <><Link to={`/hr/credential-acts/${row.id}`}>{row.name}</Link><br /><small>{row.organisation}</small></> },
        { key: 'number', header: t('acts.number'), cell: (row) => <span className="code">{row.number}</span> },
        { key: 'what', header: t('acts.what'), cell: (row) => t(`acts.kind.${row.kind}`) },
        { key: 'state', header: t('acts.state'), cell: (row) => <ActState state={row.state} /> },
        { key: 'reason', header: t('acts.reason'), cell: (row) => <ActReason act={row} /> },
        { key: 'asked', header: t('acts.asked'), cell: (row) => <>{row.asker ?? t('hr.by-system')}<br /><small><InstantText at={row.askedAt} /></small></> },
      ]}
    />
  );
}
