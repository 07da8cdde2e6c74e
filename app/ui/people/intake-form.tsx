import { Form } from '@remix-run/react';
import { Fragment } from 'react';
import type { Problem } from '~/kernel/result';
import { hasOwn } from '~/kernel/own';
import type { IntakeField, IntakeRow } from '~/people';
import { useText } from '~/text/react';
import { Button, ButtonLink, ButtonRow } from '../button/button';
import { Section } from '../page/page';

export interface IntakeHead {
  name: string;
  organisationId: string;
  startOfDuty: string;
}

/** What is wrong with the input of this name; an empty name: with the form as a whole. */
export interface FoundProblem {
  field: string;
  problem: Problem;
}

const MAIN_CELLS: readonly IntakeField[] = ['name', 'recruitmentNumber', 'post', 'organisationCode'];
/** Folded away while they are empty. */
const MORE_CELLS: readonly IntakeField[] = ['rank', 'phone', 'email', 'nationalNumber'];
export const CELLS: readonly IntakeField[] = [...MAIN_CELLS, ...MORE_CELLS];
const INPUT_TYPES: Partial<Record<IntakeField, string>> = { phone: 'tel', email: 'email' };
const UNIT_CODES = 'unit-codes';

export interface IntakeFormProps {
  head: IntakeHead;
  rows: IntakeRow[];
  problems: FoundProblem[];
  units: { value: string; label: string }[];
  codes: { code: string; name: string }[];
}

/** An intake to be typed in, or its file to be chosen: one form, so that whichever button is pressed nothing typed is lost. */
export function IntakeForm({ head, rows, problems, units, codes }: IntakeFormProps) {
  const { t } = useText();
  const wrong = (field: string) => problems.filter((one) => one.field === field).map((one) => one.problem);
  return (
    <Form method="post" encType="multipart/form-data" className="form" noValidate>
      <Summary problems={problems} />
      {/* Enter in a field presses the first button of the form: it shall be the one that saves. */}
      <button type="submit" name="do" value="save" className="visually-hidden" tabIndex={-1} aria-hidden="true">{t('people.intake-save')}</button>
      <Input name="name" label={t('people.intake-name')} hint={t('people.intake-name-hint')} value={head.name} problems={wrong('name')} />
      <Choice name="organisationId" label={t('people.intake-unit')} hint={t('people.intake-unit-hint')} value={head.organisationId} options={units} problems={wrong('organisationId')} />
      <Input name="startOfDuty" label={t('people.intake-start')} type="date" value={head.startOfDuty} problems={wrong('startOfDuty')} width="middle" />
      <Section title={t('people.intake-file')} actions={<ButtonLink to="/hr/intakes/template.csv" kind="quiet" document>{t('people.intake-template')}</ButtonLink>}>
        <p>{t('people.intake-file-lead')}</p>
        <Input name="file" label={t('people.intake-file-field')} type="file" value="" problems={wrong('file')} />
        <ButtonRow><Button name="do" value="check">{t('people.intake-check')}</Button></ButtonRow>
      </Section>
      <Section title={t('people.intake-typing')}>
        <p>{t('people.intake-typing-lead')}</p>
        <datalist id={UNIT_CODES}>{codes.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}</datalist>
        <input type="hidden" name="rows" value={rows.length} />
        {rows.map((row, i) => <Row key={i} index={i} row={row} wrong={wrong} />)}
        <ButtonRow>
          <Button kind="primary" name="do" value="save">{t('people.intake-save')}</Button>
          <Button name="do" value="more">{t('people.intake-more')}</Button>
        </ButtonRow>
      </Section>
    </Form>
  );
}

function Row({ index, row, wrong }: { index: number; row: IntakeRow; wrong: (field: string) => Problem[] }) {
  const { t } = useText();
  const nameOf = (field: IntakeField) => `row.${index}.${field}`;
  const cell = (field: IntakeField) => (
    <Input
      key={field}
      name={nameOf(field)}
      label={<>{t(`people.intake-field.${field}`)}{field === 'organisationCode' && <span className="field-optional">{t('ui.optional')}</span>}</>}
      type={INPUT_TYPES[field] ?? 'text'}
      value={row[field]}
      problems={wrong(nameOf(field))}
      list={field === 'organisationCode' ? UNIT_CODES : undefined}
    />
  );
  return (
    <fieldset className="intake-row">
      <legend>{t('people.intake-row', { row: index + 1 })}</legend>
      <div className="intake-cells">{MAIN_CELLS.map(cell)}</div>
      <details className="intake-more" open={MORE_CELLS.some((field) => row[field] !== '' || wrong(nameOf(field)).length > 0)}>
        <summary>{t('people.intake-optional')}</summary>
        <div className="intake-cells">{MORE_CELLS.map(cell)}</div>
      </details>
    </fieldset>
  );
}

interface InputProps {
  name: string;
  label: React.ReactNode;
  hint?: string;
  value: string;
  problems: Problem[];
}

const idOf = (name: string): string => `intake-${name.replaceAll('.', '-')}`;
const describedBy = ({ name, hint, problems }: InputProps): string | undefined =>
  [hint && `${idOf(name)}-hint`, problems.length > 0 && `${idOf(name)}-error`].filter(Boolean).join(' ') || undefined;

function Frame({ children, ...props }: InputProps & { children: React.ReactNode }) {
  const { problem } = useText();
  const { name, label, hint, problems } = props;
  return (
    <div className={problems.length > 0 ? 'field field--wrong' : 'field'}>
      <label className="field-label" htmlFor={idOf(name)}>{label}</label>
      {hint && <p className="field-hint" id={`${idOf(name)}-hint`}>{hint}</p>}
      {problems.length > 0 && <p className="field-error" id={`${idOf(name)}-error`}>{problems.map(problem).join(' ')}</p>}
      {children}
    </div>
  );
}

function Input({ type = 'text', width = 'full', list, ...props }: InputProps & { type?: string; width?: string; list?: string }) {
  const { name, value, problems } = props;
  return (
    <Frame {...props}>
      <input
        className={`input input--${type === 'file' ? 'file' : width}`} id={idOf(name)} name={name} type={type} list={list} autoComplete="off"
        defaultValue={type === 'file' ? undefined : value} accept={type === 'file' ? '.csv,text/csv,text/plain' : undefined}
        aria-describedby={describedBy(props)} aria-invalid={problems.length > 0 || undefined}
      />
    </Frame>
  );
}

function Choice({ options, ...props }: InputProps & { options: { value: string; label: string }[] }) {
  const { t } = useText();
  const { name, value, problems } = props;
  return (
    <Frame {...props}>
      <select className="input" id={idOf(name)} name={name} defaultValue={value} aria-describedby={describedBy(props)} aria-invalid={problems.length > 0 || undefined}>
        <option value="">{t('ui.choose')}</option>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </Frame>
  );
}

function Summary({ problems }: { problems: FoundProblem[] }) {
  const { t, problem } = useText();
  if (problems.length === 0) return null;
  return (
    <div className="error-summary" role="alert" aria-labelledby="intake-errors">
      <h2 id="intake-errors">{t('ui.form-errors')}</h2>
      <ul>
        {problems.map((one) => (
          <li key={`${one.field} ${one.problem.code}`}>
            {one.field === '' ? problem(one.problem) : <a href={`#${idOf(one.field)}`}><Where field={one.field} />{t('ui.colon')}{problem(one.problem)}</a>}
          </li>
        ))}
      </ul>
    </div>
  );
}

const LABELS = { name: 'people.intake-name', organisationId: 'people.intake-unit', startOfDuty: 'people.intake-start', file: 'people.intake-file-field' } as const;
const isLabelled = (field: string): field is keyof typeof LABELS => hasOwn(LABELS, field);

function Where({ field }: { field: string }) {
  const { t } = useText();
  if (isLabelled(field)) return <Fragment>{t(LABELS[field])}</Fragment>;
  const [, row, cell] = field.split('.');
  const known = CELLS.find((one) => one === cell);
  return <Fragment>{known && t('people.intake-cell', { row: Number(row) + 1, field: t(`people.intake-field.${known}`) })}</Fragment>;
}
