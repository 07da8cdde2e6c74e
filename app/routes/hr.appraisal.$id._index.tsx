import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { ShareChart } from '~/charts';
import { namesOf } from '~/audit';
import { reader } from '~/db';
import { can, signedIn } from '~/identity';
import { openAppraisal, peopleWithFigures } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, DataTable, Facts, InstantText, Page, ProgressBar, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { FigureList } from '~/ui/reports/figure-list';
import { wordAmount } from '~/ui/reports/figure-words';
import { shownFigures, shownUnits } from '~/ui/reports/shown-figures.server';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

const ON_A_PAGE = 50;

/** What counts for each unit and each person, by which rule, and what was corrected? */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const seen = await openAppraisal(actor, params['id'] ?? '');
  const { appraisal, peoplePath } = seen;
  const text = textFor(langOf(request));
  const asked = new URL(request.url).searchParams;
  const after = { place: Number(asked.get('place') ?? -1), personId: asked.get('after') ?? '' };
  const people = peoplePath === null || appraisal.state !== 'frozen' ? [] : await peopleWithFigures(reader(), appraisal.id, peoplePath, Number.isInteger(after.place) ? after : { place: -1, personId: '' }, ON_A_PAGE);
  const last = people.length === ON_A_PAGE ? people.at(-1) : undefined;
  const names = await namesOf(reader(), seen.corrections.map(({ by }) => by));
  return json({
    heading: text.t('appraisal.of', { unit: appraisal.organisation, year: appraisal.year }), appraisal, people: seen.people, named: peoplePath !== null,
    mayCorrect: appraisal.state === 'frozen' && can(actor, 'correct appraisals', { organisationPath: appraisal.path }), ...shownUnits(text, seen),
    rows: people.map(({ personId, name, numbers, organisation, post, rank, leads, figures }) => ({
      personId, name, number: numbers.staff ?? numbers.recruitment ?? '', organisation, post, rank, leads: leads.length > 0, figures: shownFigures(text, appraisal.hourRules, figures),
    })),
    next: last ? `?place=${last.place}&after=${last.personId}#people` : null, isFirst: after.place < 0,
    corrections: seen.corrections.map(({ subject, code, before, after: now, reason, at, by }, i) => ({
      key: String(i), subject, figure: shownFigures(text, appraisal.hourRules, [{ code, ...now, subjectId: '', corrected: null }])[0]?.label ?? code,
      before: wordAmount(text, appraisal.hourRules, code, before), after: wordAmount(text, appraisal.hourRules, code, now), reason, at, by: names.get(by) ?? '',
    })),
    done: asked.get('done') === 'corrected',
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function AppraisalPage() {
  const data = useLoaderData<typeof loader>();
  const { appraisal } = data;
  const { t, lang, date } = useText();
  useRefresh(appraisal.state === 'running' ? 3 : null);
  return (
    <Page title={data.heading} lead={t('appraisal.of-lead', { on: date(appraisal.frozenOn) })} width="wide" trail={[{ to: '/hr/reports', label: t('reports.title') }, { to: '/hr/appraisal', label: t('appraisal.title') }]}>
      {data.done && <Banner tone="success" title={t('appraisal.corrected')} />}
      {appraisal.state === 'running' && <><ProgressBar value={appraisal.done} max={appraisal.total} label={t('appraisal.state.running')} /><p>{t('reports.leave')}</p></>}
      <Facts items={[
        { term: t('appraisal.rule'), value: t('appraisal.rule-version', { version: appraisal.rule.version }) },
        { term: t('appraisal.hour-rules'), value: appraisal.hourRules.length === 0 ? t('appraisal.hour-rules-none') : <ul>{appraisal.hourRules.map((rule) => <li key={rule.id}>{rule.title[lang]} {rule.version}</li>)}</ul> },
        ...(appraisal.frozenAt === null ? [] : [{ term: t('appraisal.frozen-at'), value: <InstantText at={appraisal.frozenAt} /> }]),
        ...(appraisal.hash === null ? [] : [{ term: t('appraisal.hash'), value: <span className="code">{appraisal.hash.slice(0, 32)}…</span> }]),
      ]} />
      {appraisal.state === 'frozen' && <Taking named={data.named} id={appraisal.id} />}
      {appraisal.state === 'frozen' && <Section title={t('appraisal.units')}><Units data={data} /></Section>}
      {data.named && appraisal.state === 'frozen' && <Section title={t('appraisal.people', { n: data.people })} id="people"><People data={data} /></Section>}
      {data.corrections.length > 0 && <Section title={t('appraisal.corrections')}><Corrections rows={data.corrections} /></Section>}
      <Section title={t('appraisal.how')}><ul>{HOW.map((code) => <li key={code}>{t(`appraisal.how.${code}`)}</li>)}</ul></Section>
    </Page>
  );
}

const HOW = ['hours', 'certified', 'overdue', 'unit', 'rule'] as const;

function Taking({ named, id }: { named: boolean; id: string }) {
  const { t } = useText();
  const to = (file: string) => `/hr/appraisal/${id}/files/${file}`;
  return (
    <ButtonRow>
      {named && <ButtonLink to={to('people.xlsx')} document>{t('appraisal.take-people', { format: 'Excel' })}</ButtonLink>}
      {named && <ButtonLink to={to('people.csv')} kind="quiet" document>{t('appraisal.take-people', { format: 'CSV' })}</ButtonLink>}
      <ButtonLink to={to('units.xlsx')} document>{t('appraisal.take-units', { format: 'Excel' })}</ButtonLink>
      <ButtonLink to={to('units.csv')} kind="quiet" document>{t('appraisal.take-units', { format: 'CSV' })}</ButtonLink>
      {named && <ButtonLink to={to('all.json')} kind="quiet" document>{t('appraisal.take-json')}</ButtonLink>}
    </ButtonRow>
  );
}

function Units({ data }: { data: Data }) {
  const { t } = useText();
  return (
    <>
      {data.units.some(({ hidden }) => hidden) && <p className="soft">{t('appraisal.hidden')}</p>}
      {data.charts.map(({ code, title, shares }) => <ShareChart key={code} title={title} shares={shares} />)}
      <DataTable
        caption={t('appraisal.units')}
        rows={data.units}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'unit', header: t('appraisal.unit'), cell: (row) => <>{row.name}<br /><small className="code">{row.code}</small></> },
          ...data.codes.map(({ code, label }) => ({
            key: code, header: label, numeric: true,
            cell: (row: Data['units'][number]) => {
              const figure = row.figures.find((one) => one.code === code);
              if (!figure) return t('reports.withheld');
              return <>{figure.text}{figure.frozen !== null && <><br /><small>{t('appraisal.was-frozen', { figure: figure.frozen })}</small></>}{data.mayCorrect && code !== 'people' && <><br /><Link className="no-print" to={`/hr/appraisal/${data.appraisal.id}/correct?of=unit&subject=${row.id}&code=${code}`} aria-label={t('appraisal.correct-of', { figure: label, of: row.name })}>{t('appraisal.correct')}</Link></>}</>;
            },
          })),
        ]}
      />
    </>
  );
}

function People({ data }: { data: Data }) {
  const { t } = useText();
  return (
    <>
      <DataTable
        caption={t('appraisal.people', { n: data.people })}
        rows={data.rows}
        rowKey={(row) => row.personId}
        empty={t('reports.preview-none')}
        columns={[
          { key: 'name', header: t('reports.column.name'), cell: (row) => <>{row.name}<br /><small className="figures">{row.number}</small></> },
          { key: 'unit', header: t('appraisal.unit'), cell: (row) => <>{row.organisation}<br /><small>{[row.post, row.rank].filter(Boolean).join(' · ')}{row.leads && ` · ${t('appraisal.leads')}`}</small></> },
          {
            key: 'figures', header: t('appraisal.figures'),
            cell: (row) => <FigureList figures={row.figures} of={row.name} correctTo={data.mayCorrect ? (code) => `/hr/appraisal/${data.appraisal.id}/correct?of=person&subject=${row.personId}&code=${encodeURIComponent(code)}` : null} />,
          },
        ]}
      />
      <ButtonRow>
        {!data.isFirst && <ButtonLink kind="quiet" to="?#people">{t('appraisal.first-page')}</ButtonLink>}
        {data.next && <ButtonLink kind="secondary" to={data.next}>{t('ui.page-after')}</ButtonLink>}
      </ButtonRow>
    </>
  );
}

function Corrections({ rows }: { rows: Data['corrections'] }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('appraisal.corrections')}
      rows={rows}
      rowKey={(row) => row.key}
      empty=""
      columns={[
        { key: 'of', header: t('appraisal.correction-of'), cell: (row) => <>{row.subject}<br /><small>{row.figure}</small></> },
        { key: 'before', header: t('appraisal.before'), cell: (row) => row.before, numeric: true },
        { key: 'after', header: t('appraisal.after'), cell: (row) => row.after, numeric: true },
        { key: 'why', header: t('appraisal.reason'), cell: (row) => row.reason },
        { key: 'who', header: t('appraisal.by'), cell: (row) => <>{row.by}<br /><InstantText at={row.at} /></> },
      ]}
    />
  );
}
