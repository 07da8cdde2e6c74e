import { Form, Link } from '@remix-run/react';
import type { Problem } from '~/kernel/result';
import type { CellProblem, IntakeField, IntakeRow } from '~/people';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Button, ButtonRow } from '../button/button';
import { Facts } from '../facts/facts';
import { DataTable } from '../table/table';
import { DateText } from '../time/time';
import { CELLS, type IntakeHead } from './intake-form';

export interface IntakePreviewProps {
  head: IntakeHead;
  unitName: string;
  csv: string;
  rows: IntakeRow[];
  /** The file's line of each row. */
  lines: number[];
  unused: string[];
  problems: CellProblem[];
}

interface Line {
  line: number;
  row: IntakeRow;
  problems: CellProblem[];
}

/** A file as it was understood, row by row, each error beside its cell; saved only when there is none and somebody says so. */
export function IntakePreview({ head, unitName, csv, rows, lines, unused, problems }: IntakePreviewProps) {
  const { t } = useText();
  const good = problems.length === 0;
  const wrongRows = new Set(problems.map((one) => one.row)).size;
  // "The same as in row 2" shall mean the file's line.
  const inFile = (problem: Problem): Problem =>
    problem.code === 'intake.number-twice' ? { ...problem, params: { row: lines[Number(problem.params?.['row']) - 1] ?? 0 } } : problem;
  const all = rows.map((row, i): Line => ({
    line: lines[i] ?? i + 2, row, problems: problems.filter((one) => one.row === i).map((one) => ({ ...one, problem: inFile(one.problem) })),
  }));
  return (
    <>
      <Banner tone={good ? 'info' : 'danger'} title={good ? t('people.intake-preview-good', { count: rows.length }) : t('people.intake-preview-bad', { rows: wrongRows, count: problems.length })}>
        {unused.length > 0 && t('people.intake-unused', { columns: unused.join('、') })}
      </Banner>
      <Facts items={[
        { term: t('people.intake-name'), value: head.name },
        { term: t('people.intake-unit'), value: unitName },
        { term: t('people.intake-start'), value: <DateText date={head.startOfDuty} far /> },
      ]} />
      <Form method="post" encType="multipart/form-data">
        {Object.entries(head).map(([name, value]: [string, string]) => <input key={name} type="hidden" name={name} value={value} />)}
        <input type="hidden" name="csv" value={csv} />
        <ButtonRow>
          {good && <Button kind="primary" name="do" value="apply">{t('people.intake-apply', { count: rows.length })}</Button>}
          <Link to="/hr/intakes/new" className="button button--secondary">{t('people.intake-again')}</Link>
        </ButtonRow>
      </Form>
      <DataTable
        caption={t('people.intake-preview')}
        rows={all}
        rowKey={(one) => String(one.line)}
        empty=""
        columns={[
          { key: 'line', header: t('people.intake-line'), cell: (one) => one.line },
          ...CELLS.map((field) => ({ key: field, header: t(`people.intake-field.${field}`), cell: (one: Line) => <Cell line={one} field={field} /> })),
        ]}
      />
    </>
  );
}

function Cell({ line, field }: { line: Line; field: IntakeField }) {
  const { problem } = useText();
  const wrong = line.problems.filter((one) => one.field === field);
  return <>{line.row[field]}{wrong.map((one) => <span key={one.problem.code} className="intake-wrong">{problem(one.problem)}</span>)}</>;
}
