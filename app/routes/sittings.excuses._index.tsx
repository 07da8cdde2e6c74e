import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { EXCUSE_STATES, excusesInScope, type ListedExcuse } from '~/exams';
import { authorise, scopePaths, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, FilterBar, FilterSelect, FilterText, InstantText, Page, Pager, StatusTag, type StatusTone } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const paths = scopePaths(actor, ['administrator', 'hr']);
  // Invigilators see sittings and decide on nothing here.
  if (paths.length === 0) throw new ProblemError({ code: 'access.denied' });
  const lang = langOf(request);
  const asked = new URL(request.url).searchParams;
  const page = pageNumber(request.url);
  const { excuses, count, pageCount } = await excusesInScope(reader(), {
    paths, page, search: (asked.get('q') ?? '').slice(0, 100), state: EXCUSE_STATES.find((state) => state === asked.get('state')) ?? null,
  });
  return json({ heading: textFor(lang).t('sittings.excuses'), excuses: excuses.map((one) => ({ ...one, exam: one.exam[lang] })), count, page, pageCount });
}

const TONES: Record<ListedExcuse['state'], StatusTone> = { asked: 'due', approved: 'ok', refused: 'bad', withdrawn: 'neutral' };

export default function Excuses() {
  const { excuses, count, page, pageCount } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('sittings.excuses')} lead={t('sittings.excuses-lead')} width="wide" trail={[{ to: '/sittings', label: t('sittings.title') }]}>
      <FilterBar count={count}>
        <FilterText name="q" label={t('sittings.excuses-search')} />
        <FilterSelect name="state" label={t('sittings.excuse-state')} options={EXCUSES.map((value) => ({ value, label: t(`sittings.excuse-state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('sittings.excuses')}
        rows={excuses}
        rowKey={(row) => row.id}
        empty={t('sittings.excuses-none')}
        columns={[
          { key: 'name', header: t('sittings.candidate-name'), cell: (row) => <Link to={`/sittings/excuses/${row.id}`}>{row.name}</Link> },
          { key: 'exam', header: t('sittings.exam'), cell: (row) => row.exam },
          { key: 'sitting', header: t('sittings.name'), cell: (row) => row.sitting },
          { key: 'when', header: t('sittings.when'), cell: (row) => <InstantText at={row.startsAt} /> },
          { key: 'asked', header: t('sittings.excuse-asked-at'), cell: (row) => <InstantText at={row.askedAt} /> },
          { key: 'state', header: t('sittings.excuse-state'), cell: (row) => (
            <><StatusTag tone={TONES[row.state]}>{t(`sittings.excuse-state.${row.state}`)}</StatusTag>{row.state === 'approved' && !row.hasLater && <> {t('sittings.excuse-needs-later')}</>}</>
          ) },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

const EXCUSES = ['asked', 'approved', 'refused', 'withdrawn'] as const;
