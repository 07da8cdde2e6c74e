import type { StatementCheck } from '~/exchange';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Facts } from '../facts/facts';
import { Section } from '../page/page';
import { StatusTag } from '../status/status';
import { DataTable } from '../table/table';
import { DateText, InstantText } from '../time/time';
import { TONES } from './statuses';

/** What a hiring statement turned out to be, and what it says. */
export function CheckedStatement({ check, isFile = false }: { check: StatementCheck; isFile?: boolean }) {
  const { t } = useText();
  if (check.found === 'nothing') return <Banner tone="danger" title={t('statement.check-nothing')}><p>{t('statement.check-nothing-text')}</p></Banner>;
  if (check.signed !== 'genuine') {
    const altered = check.signed === 'altered';
    return <Banner tone="danger" title={t(altered ? 'statement.check-altered' : 'statement.check-unknown')}><p>{t(altered ? 'statement.check-altered-text' : 'statement.check-unknown-text')}</p></Banner>;
  }
  const { list } = check;
  return (
    <>
      <Banner tone="success" title={t('statement.check-found')}>{isFile && <p>{t('statement.check-file')}</p>}</Banner>
      {check.isWrongCode && <Banner tone="warning" title={t('statement.check-wrong-code')} />}
      <Facts items={[
        { term: t('statement.number'), value: <span className="code">{check.number}</span> },
        { term: t('statement.issuer'), value: list.issuer.name },
        { term: t('hiring.organisation'), value: list.organisation },
        { term: t('hiring.as-of'), value: <InstantText at={Date.parse(list.asOf)} /> },
        { term: t('statement.made-at'), value: <InstantText at={Date.parse(list.madeAt)} /> },
        { term: t('statement.result'), value: t('statement.result-of', { people: list.peopleCount, may: list.mayStart }) },
        ...(list.people === null ? [] : [{ term: t('hiring.list-title'), value: list.title }]),
      ]} />
      {list.people !== null && <Section title={t('statement.check-rows')}><Rows people={list.people} /></Section>}
    </>
  );
}

type People = NonNullable<Extract<StatementCheck, { found: 'statement' }>['list']['people']>;

function Rows({ people }: { people: People }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('hiring.people')}
      rows={people.map((one, i) => ({ ...one, place: i + 1 }))}
      rowKey={(row) => String(row.place)}
      empty={t('hiring.nobody-found')}
      columns={[
        { key: 'person', header: t('hiring.person'), cell: (row) => <>{row.place}. {row.name}<br /><small className="figures">{row.number}</small></> },
        { key: 'unit', header: t('hiring.unit'), cell: (row) => <>{row.organisation}{row.post && <><br /><small>{row.post}</small></>}</> },
        { key: 'on', header: t('hiring.start-on'), cell: (row) => row.startOn && <DateText date={row.startOn} /> },
        { key: 'status', header: t('hiring.status'), cell: (row) => <StatusTag tone={TONES[row.status]}>{t(`hiring.status.${row.status}`)}</StatusTag> },
        // As printed: the paper is in Chinese.
        { key: 'why', header: t('hiring.why'), cell: (row) => <span lang="zh-CN">{row.says}</span> },
      ]}
    />
  );
}
