import { z } from 'zod';
import { foldName, foldWidth } from '~/identity';
import type { Problem } from '~/kernel/result';
import { readNationalNumber } from './national-number';
import { isPersonNumber } from './number';

/** The columns of an intake, in the order in which they are asked for. */
export const INTAKE_FIELDS = ['name', 'recruitmentNumber', 'organisationCode', 'post', 'rank', 'email', 'phone', 'nationalNumber'] as const;
export type IntakeField = (typeof INTAKE_FIELDS)[number];

/** One person of an intake as typed; an empty text is an absent value. */
export type IntakeRow = Record<IntakeField, string>;

export const MAX_INTAKE_ROWS = 2000;

/** What is wrong in one cell. `row` counts from 0. */
export interface CellProblem {
  row: number;
  field: IntakeField;
  problem: Problem;
}

const LONGEST: Record<IntakeField, number> = {
  name: 60, recruitmentNumber: 40, organisationCode: 40, post: 60, rank: 40, email: 120, phone: 25, nationalNumber: 18,
};
const REQUIRED: readonly IntakeField[] = ['name', 'recruitmentNumber', 'post'];
const Email = z.email();

/** A row in its one spelling: width folded, spaces trimmed. Missing fields become empty. */
export function tidyRow(typed: Partial<Record<IntakeField, string>>): IntakeRow {
  const text = (field: IntakeField) => (typed[field] ?? '').trim().replace(/\s+/g, ' ');
  const plain = (field: IntakeField) => foldWidth(text(field));
  return {
    name: text('name').normalize('NFC'), recruitmentNumber: plain('recruitmentNumber'), organisationCode: plain('organisationCode'),
    post: text('post'), rank: text('rank'), email: plain('email'), phone: text('phone').normalize('NFKC'),
    nationalNumber: plain('nationalNumber').toUpperCase(),
  };
}

export const isEmptyRow = (row: IntakeRow): boolean => INTAKE_FIELDS.every((field) => row[field] === '');

/** What can be said about the rows without asking the database: empty, too long, malformed, twice. */
export function checkRows(rows: readonly IntakeRow[]): CellProblem[] {
  return [...rows.flatMap((row, i) => checkRow(row).map((found) => ({ row: i, ...found }))), ...twice(rows, 'recruitmentNumber'), ...twice(rows, 'nationalNumber')];
}

function checkRow(row: IntakeRow): { field: IntakeField; problem: Problem }[] {
  return INTAKE_FIELDS.flatMap((field) => {
    const problem = checkCell(field, row[field]);
    return problem ? [{ field, problem }] : [];
  });
}

function checkCell(field: IntakeField, value: string): Problem | null {
  if (value === '') return REQUIRED.includes(field) ? { code: 'field.required' } : null;
  if (value.length > LONGEST[field]) return { code: 'field.too-long', params: { max: LONGEST[field] } };
  switch (field) {
    case 'recruitmentNumber': return isPersonNumber(value) ? null : { code: 'person.number-form' };
    case 'email': return Email.safeParse(value).success ? null : { code: 'field.email' };
    case 'phone': return /^\+?[\d ()-]{5,}$/.test(value) ? null : { code: 'field.invalid' };
    case 'nationalNumber': {
      const read = readNationalNumber(value);
      return read.ok ? null : { code: read.error.code };
    }
    default: return null;
  }
}

/** The second and later rows with a value that must be one person's; each names the first. */
function twice(rows: readonly IntakeRow[], field: IntakeField): CellProblem[] {
  const first = new Map<string, number>();
  return rows.flatMap((row, i) => {
    const value = foldName(row[field]);
    const earlier = first.get(value);
    if (value === '') return [];
    if (earlier === undefined) first.set(value, i);
    return earlier === undefined ? [] : [{ row: i, field, problem: { code: 'intake.number-twice', params: { row: earlier + 1 } } }];
  });
}
