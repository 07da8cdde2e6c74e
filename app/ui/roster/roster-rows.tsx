import { Link } from '@remix-run/react';
import type { RosterChange, ShownAlike, ShownRow } from '~/exchange';
import { useText } from '~/text/react';
import { DataTable, FilterBar, FilterSelect, FilterText, Pager, PostButton, Section, StatusTag } from '..';
import { KIND_TONES } from './tones';

/** A row with its faults in words, each with the column that it stands in. */
export type WordedRow = Omit<ShownRow, 'problems' | 'changes'> & { problems: string[]; changes: RosterChange[] };

export interface RosterRowsProps {
  rows: WordedRow[];
  count: number;
  page: number;
  pageCount: number;
  /** Whether rows can still be decided about. */
  deciding: boolean;
  filters: { value: string; label: string }[];
}

/** The rows of a roster, each with what happens, what is wrong, and what is to be decided. */
export function RosterRows({ rows, count, page, pageCount, deciding, filters }: RosterRowsProps) {
  const { t } = useText();
  return (
    <Section title={t('roster.lines')} id="rows">
      <FilterBar count={count}>
        <FilterSelect name="show" label={t('roster.show')} options={filters} />
        <FilterText name="q" label={t('roster.find-row')} />
      </FilterBar>
      <DataTable
        caption={t('roster.lines')}
        rows={rows}
        rowKey={(row) => String(row.line)}
        empty={t('roster.rows-none')}
        columns={[
          { key: 'person', header: t('roster.person'), cell: (row) => <RosterPerson row={row} /> },
          { key: 'line', header: t('roster.line'), cell: (row) => row.line, numeric: true },
          { key: 'what', header: t('roster.what'), cell: (row) => <What row={row} /> },
          { key: 'unit', header: t('roster.in-unit'), cell: (row) => row.organisation },
          { key: 'details', header: t('roster.details'), cell: (row) => <Details row={row} deciding={deciding} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Section>
  );
}

function RosterPerson({ row }: { row: WordedRow }) {
  const name = row.name || '—';
  return <>{row.personId && row.state !== 'undone' ? <Link to={`/hr/people/${row.personId}`}>{name}</Link> : name}<br /><small className="figures">{row.number}</small></>;
}

function What({ row }: { row: WordedRow }) {
  const { t } = useText();
  return (
    <span className="roster-what">
      <StatusTag tone={KIND_TONES[row.kind]}>{t(`roster.kind.${row.kind}`)}</StatusTag>
      {row.question && row.answer === null && row.kind !== 'wrong' && row.state === 'checked' && <StatusTag tone="due">{t('roster.open')}</StatusTag>}
      {row.state !== 'checked' && <span className="small soft">{t(`roster.row-state.${row.state}`)}</span>}
    </span>
  );
}

function Details({ row, deciding }: { row: WordedRow; deciding: boolean }) {
  return (
    <div className="roster-details">
      {row.problems.map((problem) => <p key={problem} className="field-error">{problem}</p>)}
      {row.changes.length > 0 && <ul className="roster-changes">{row.changes.map((change) => <li key={change.field}><ChangeWords change={change} /></li>)}</ul>}
      {row.question && row.kind !== 'wrong' && <Question row={row} deciding={deciding && row.state === 'checked'} />}
    </div>
  );
}

function ChangeWords({ change }: { change: RosterChange }) {
  const { t } = useText();
  const field = t(`roster.field.${change.field}`);
  const from = useWorded(change, change.from);
  const to = useWorded(change, change.to);
  if (change.from === null && change.field !== 'organisation') return <>{t('roster.change-new', { field, to })}</>;
  return <>{t('roster.change', { field, from: change.from === null ? t('roster.not-serving') : from, to })}</>;
}

/** A value as it is read: dates as dates, kinds by their words. */
function useWorded({ field }: RosterChange, value: string | null): string {
  const { t, date } = useText();
  if (value === null) return t('roster.empty');
  if (field === 'kind') return t(`people.kind.${value as 'staff'}`);
  return field === 'startOfDuty' || field === 'leftOn' ? date(value) : value;
}

function Question({ row, deciding }: { row: WordedRow; deciding: boolean }) {
  const { t } = useText();
  return (
    <div className="roster-question">
      {row.question === 'name'
        ? <p>{t('roster.question.name', { name: row.knownName ?? '', other: row.name })}</p>
        : <><p>{t('roster.question.duplicate')}</p><ul className="roster-changes">{row.alike.map((one, i) => <li key={i}><AlikeWords one={one} /></li>)}</ul></>}
      {row.answer && <p className="soft">{t(`roster.answered.${row.answer}`)}</p>}
      {deciding && (
        <div className="button-row">
          {row.question === 'name' && <Decide row={row} answer="same" label={t('roster.answer.rename')} />}
          {row.question === 'duplicate' && row.alike.map((one) => ('personId' in one ? <Decide key={one.personId} row={row} answer="same" person={one.personId} label={t('roster.answer.this-one', { name: one.name })} /> : null))}
          {row.question === 'duplicate' && <Decide row={row} answer="other" label={t('roster.answer.other')} />}
          <Decide row={row} answer="skip" label={t('roster.answer.skip')} />
        </div>
      )}
    </div>
  );
}

function Decide({ row, answer, person = '', label }: { row: WordedRow; answer: string; person?: string; label: string }) {
  return <PostButton fields={{ __form: 'answer', line: String(row.line), answer, person }} label={`${label}: ${row.name} ${row.number}`}>{label}</PostButton>;
}

function AlikeWords({ one }: { one: ShownAlike }) {
  const { t } = useText();
  if ('line' in one) return <>{t('roster.alike-line', { line: one.line })}</>;
  if ('elsewhere' in one) return <>{t('roster.alike-elsewhere')}</>;
  return <Link to={`/hr/people/${one.personId}`}>{t('roster.alike', { name: one.name, organisation: one.organisation, post: one.post })}</Link>;
}
