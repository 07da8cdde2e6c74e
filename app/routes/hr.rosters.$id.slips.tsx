import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { makeRosterSlips, MOST_SLIPS, openRoster, rosterSlipsToMake } from '~/exchange';
import { CODE_LASTS, signedIn } from '~/identity';
import { days } from '~/kernel/clock';
import { publicUrl } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { must, ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, Page, PostButton } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { Slips } from '~/ui/people/slips';

export const meta = pageTitle;

const Which = z.object({ unit: Id.optional() });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const roster = await openRoster(actor, params['id'] ?? '');
  if (!roster) throw new ProblemError({ code: 'not-found' });
  const units = await rosterSlipsToMake(reader(), actor, roster.id);
  return json({
    heading: textFor(langOf(request)).t('roster.slips'), id: roster.id, fileName: roster.fileName, units, people: units.reduce((sum, unit) => sum + unit.people, 0), most: MOST_SLIPS, days: CODE_LASTS.activate / days(1),
  });
}

/** The codes are in this one answer and nowhere else. */
export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const roster = await openRoster(actor, params['id'] ?? '');
  if (!roster) throw new ProblemError({ code: 'not-found' });
  const form = await parseForm(request, Which);
  if (!form.ok) throw new ProblemError({ code: 'request.invalid' });
  const made = must(await makeRosterSlips(actor, roster.id, form.value.unit ?? null));
  return json({ ...made, address: `${publicUrl()}/activate` }, { headers: { 'Cache-Control': 'no-store' } });
}

export default function RosterSlips() {
  const { id, fileName, units, people, most, days: lasts } = useLoaderData<typeof loader>();
  const made = useActionData<typeof action>();
  const { t } = useText();
  const trail = [{ to: '/hr/rosters', label: t('roster.title') }, { to: `/hr/rosters/${id}`, label: fileName }];
  if (made) {
    return (
      <Page title={t('roster.slips')} trail={trail}>
        <div className="no-print"><Banner tone="warning" title={t('people.slips-ready')}>{t('people.slips-print')}</Banner></div>
        <Slips {...made} />
      </Page>
    );
  }
  return (
    <Page title={t('roster.slips')} lead={people > 0 ? t('roster.slips-lead') : t('roster.slips-none')} trail={trail}>
      {people > 0 && <Banner tone="warning" title={t('roster.slips-before', { days: lasts })} />}
      {people > 0 && people <= most && <PostButton kind="primary">{t('roster.slips-all', { count: people })}</PostButton>}
      {(units.length > 1 || people > most) && (
        <DataTable caption={t('roster.slips-units')} showCaption rows={units} rowKey={(row) => row.organisationId} empty="" columns={[
          { key: 'unit', header: t('roster.unit'), cell: (row) => row.organisationName },
          { key: 'people', header: t('roster.slips-people'), cell: (row) => row.people, numeric: true },
          { key: 'do', header: t('roster.slips'), screenOnly: true, cell: (row) => <PostButton fields={{ unit: row.organisationId }} label={`${t('roster.slips-unit-make')}: ${row.organisationName}`}>{t('roster.slips-unit-make')}</PostButton> },
        ]} />
      )}
    </Page>
  );
}
