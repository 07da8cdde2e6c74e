import { reader } from '~/db';
import { scopePaths, type Actor } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import type { Problem } from '~/kernel/result';
import { checkIntake, INTAKE_FIELDS, isEmptyRow, MAX_CSV, organisationTree, tidyRow, type IntakeField, type IntakeRow } from '~/people';
import type { FoundProblem, IntakeHead } from './intake-form';

/** Rows to type in at first, and how many more at a time. */
export const ROWS_AT_FIRST = 5;
const MOST_TYPED_ROWS = 200;

type Intent = 'more' | 'save' | 'check' | 'apply';
const INTENTS: readonly Intent[] = ['more', 'save', 'check', 'apply'];

export interface PostedIntake {
  intent: Intent;
  head: IntakeHead;
  /** All that were on the page, empty ones too. */
  rows: IntakeRow[];
  file: File | null;
  /** A file's text, carried along from its preview. */
  csv: string;
}

/** What was posted; a problem when it is too large or cannot be read at all. */
export async function readIntakeForm(request: Request): Promise<PostedIntake | Problem> {
  if (Number(request.headers.get('content-length') ?? 0) > 4 * MAX_CSV) return { code: 'csv.too-large', params: { max: MAX_CSV / 1024 } };
  const body = await request.formData().catch(() => null);
  if (!body) return { code: 'request.invalid' };
  const text = (name: string) => {
    const value = body.get(name);
    return typeof value === 'string' ? value.replaceAll('\0', '').slice(0, 4 * MAX_CSV) : '';
  };
  const count = Math.min(MOST_TYPED_ROWS, Math.max(0, Math.floor(Number(text('rows'))) || 0));
  const file = body.get('file');
  return {
    intent: INTENTS.find((intent) => intent === text('do')) ?? 'save',
    head: { name: text('name').trim(), organisationId: text('organisationId'), startOfDuty: text('startOfDuty') },
    rows: Array.from({ length: count }, (_, i) => tidyRow(Object.fromEntries(INTAKE_FIELDS.map((field) => [field, text(`row.${i}.${field}`).slice(0, 200)])))),
    file: file instanceof File && file.size > 0 ? file : null,
    csv: text('csv'),
  };
}

export const emptyRows = (count: number): IntakeRow[] => Array.from({ length: count }, () => tidyRow({}));

/** As many rows as before and five more. */
export const moreRows = (rows: IntakeRow[]): IntakeRow[] => [...rows, ...emptyRows(Math.min(ROWS_AT_FIRST, MOST_TYPED_ROWS - rows.length))];

/** What is wrong in name, organisation and date. */
export async function checkHead(actor: Actor, head: IntakeHead): Promise<FoundProblem[]> {
  const found: FoundProblem[] = [];
  if (head.name === '') found.push({ field: 'name', problem: { code: 'field.required' } });
  if (head.name.length > 80) found.push({ field: 'name', problem: { code: 'field.too-long', params: { max: 80 } } });
  const units = await organisationTree(reader(), scopePaths(actor, 'hr'));
  if (!units.some((unit) => unit.id === head.organisationId)) found.push({ field: 'organisationId', problem: { code: head.organisationId ? 'field.choose' : 'field.required' } });
  if (!isPlainDate(head.startOfDuty)) found.push({ field: 'startOfDuty', problem: { code: head.startOfDuty ? 'field.date' : 'field.required' } });
  return found;
}

/** What is wrong in the typed rows, by the name of the input; empty rows do not count. */
export async function checkTyped(actor: Actor, rows: readonly IntakeRow[]): Promise<FoundProblem[]> {
  const filled = rows.flatMap((row, i) => (isEmptyRow(row) ? [] : [{ row, i }]));
  if (filled.length === 0) return [{ field: '', problem: { code: 'intake.no-rows' } }];
  const problems = await checkIntake(reader(), actor, filled.map(({ row }) => row));
  return problems.map(({ row, field, problem }) => ({ field: inputName(filled[row]?.i ?? 0, field), problem: renumbered(problem, filled) }));
}

const inputName = (row: number, field: IntakeField): string => `row.${row}.${field}`;

/** "The same as in row 2" means the row on the page, empty ones counted. */
function renumbered(problem: Problem, filled: readonly { i: number }[]): Problem {
  if (problem.code !== 'intake.number-twice') return problem;
  const earlier = filled[Number(problem.params?.['row']) - 1];
  return { ...problem, params: { row: (earlier?.i ?? 0) + 1 } };
}
