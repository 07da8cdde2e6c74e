import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { funnelBy, funnelCells, intakesInScope, reachedOf, type FunnelGroup, type FunnelStep } from '~/certification';
import { ShareChart } from '~/charts';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, FilterBar, FilterSelect, FilterText, Page, Section } from '~/ui';
import { funnelQuery, NO_INTAKE } from '~/ui/desk/funnel-query.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const { filter, by } = funnelQuery(actor, request.url);
  const [cells, intakes, units] = [
    await funnelCells(reader(), filter), await intakesInScope(reader(), [...filter.paths]), await organisationTree(reader(), scopePaths(actor, ['hr', 'inspector'])),
  ];
  return json({
    heading: textFor(langOf(request)).t('funnel.title'), by, reached: reachedOf(cells), lines: funnelBy(cells, by).map((line) => ({ ...line, key: line.key || NO_INTAKE })),
    intakes, units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })),
  });
}

// Named here too: the room's list is the server's.
const STEPS = ['appointed', 'assigned', 'begun', 'sat', 'passed', 'cleared', 'started'] as const satisfies readonly FunnelStep[];
const GROUPS = ['unit', 'intake', 'week'] as const satisfies readonly FunnelGroup[];
const CLEARED = STEPS.indexOf('cleared');
/** More bars than this say less than the table. */
const MOST_BARS = 20;

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const percent = (part: number, whole: number): number => Math.round(100 * share(part, whole));

export default function Funnel() {
  const { by, reached, intakes, units } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const everybody = reached[0] ?? 0;
  return (
    <Page title={t('funnel.title')} lead={t('funnel.lead')} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}>
      <FilterBar count={everybody}>
        <FilterSelect name="by" label={t('funnel.by')} none={t('funnel.by.unit')} options={GROUPS.filter((group) => group !== 'unit').map((value) => ({ value, label: t(`funnel.by.${value}`) }))} />
        <FilterSelect name="unit" label={t('hr.organisation')} options={organisationOptions(units)} />
        <FilterSelect name="intake" label={t('hr.intake')} options={[...intakes.map((one) => ({ value: one.id, label: t('hr.intake-option', { name: one.name, date: date(one.start_of_duty) }) })), { value: 'none', label: t('funnel.no-intake') }]} />
        <FilterText name="week" label={t('funnel.week')} type="date" />
      </FilterBar>
      {everybody === 0 ? <p className="empty empty-title">{t('funnel.none')}</p> : (
        <>
          <Section title={t('funnel.chart')}><Steps reached={reached} /></Section>
          <Section title={t(`funnel.by.${by}`)}><Groups /></Section>
        </>
      )}
    </Page>
  );
}

/** A number that leads to the list of exactly these people. */
function Behind({ count, step, only, more = {} }: { count: number; step: FunnelStep; only?: boolean; more?: Record<string, string> }) {
  const [asked] = useSearchParams();
  const { t } = useText();
  if (count === 0) return <>0</>;
  const query = new URLSearchParams([...[...asked].filter(([key, value]) => value !== '' && !(key in more) && key !== 'by'), ...Object.entries(more), ['step', step], ...(only ? [['only', '1']] : [])]);
  return <Link to={`/hr/funnel/people?${query.toString()}`} aria-label={t('funnel.people-of', { count })}>{count}</Link>;
}

function Steps({ reached }: { reached: readonly number[] }) {
  const { t } = useText();
  const everybody = reached[0] ?? 0;
  const rows = STEPS.map((step, i) => ({ step, count: reached[i] ?? 0, before: reached[i - 1] ?? null, stopped: (reached[i] ?? 0) - (reached[i + 1] ?? 0) }));
  return (
    <div className="desk">
      <ShareChart title={t('funnel.chart')} shares={rows.map(({ step, count }) => ({ label: t(`funnel.step.${step}`), share: share(count, everybody), text: t('funnel.share', { count, percent: percent(count, everybody) }) }))} />
      <DataTable
        caption={t('funnel.chart')} rows={rows} rowKey={(row) => row.step} empty={null}
        columns={[
          { key: 'step', header: t('funnel.step'), cell: (row) => t(`funnel.step.${row.step}`) },
          { key: 'reached', header: t('funnel.reached'), cell: (row) => <Behind count={row.count} step={row.step} />, numeric: true },
          { key: 'of', header: t('funnel.of-before'), cell: (row) => (row.before === null ? '—' : `${percent(row.count, row.before)}%`), numeric: true },
          { key: 'stopped', header: t('funnel.stopped'), cell: (row) => <Behind count={row.stopped} step={row.step} only />, numeric: true },
        ]}
      />
    </div>
  );
}

function Groups() {
  const { by, lines } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const nameOf = ({ key, name }: { key: string; name: string }): string => (by === 'week' ? t('funnel.week-of', { date: date(name) }) : key === 'none' ? t('funnel.no-intake') : name);
  const cleared = (reached: readonly number[]): number => reached[CLEARED] ?? 0;
  return (
    <>
      <ShareChart
        title={t('funnel.chart-by')}
        shares={lines.slice(0, MOST_BARS).map((line) => {
          const all = line.reached[0] ?? 0;
          return { label: nameOf(line), share: share(cleared(line.reached), all), text: `${cleared(line.reached)} / ${all}` };
        })}
      />
      {lines.length > MOST_BARS && <p className="soft">{t('funnel.more-groups', { count: MOST_BARS })}</p>}
      <DataTable
        caption={t(`funnel.by.${by}`)} rows={lines} rowKey={(line) => line.key} empty={null}
        columns={[
          { key: 'name', header: t(`funnel.head.${by}`), cell: nameOf },
          ...STEPS.map((step, i) => ({
            key: step, header: t(`funnel.step.${step}`), numeric: true, cell: (line: (typeof lines)[number]) => <Behind count={line.reached[i] ?? 0} step={step} more={{ [by]: line.key }} />,
          })),
        ]}
      />
    </>
  );
}
