import { appendEvent, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { authorise, covers, foldName, openAccounts, scopePaths, takenSignInNames, type Actor } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { checkRows, isEmptyRow, MAX_INTAKE_ROWS, tidyRow, type CellProblem, type IntakeField, type IntakeRow } from './intake-rows';
import { insertIntake } from './intake.repository';
import { numberHash } from './number';
import { organisationsByCode, type Organisation } from './organisation.repository';
import { openOrganisation } from './organisations/open.service';
import { knownNumbers, type PersonNumber } from './person.repository';
import { appointAll, createPersons } from './person.service';

export interface IntakeDraft {
  name: string;
  organisationId: string;
  startOfDuty: PlainDate;
  rows: readonly (Pick<IntakeRow, 'name' | 'recruitmentNumber' | 'post'> & Partial<Record<IntakeField, string>>)[];
}

/**
 * Everything that is wrong in the rows, cell by cell, also what only the database knows: unknown
 * organisations, those outside the actor's scope, numbers that belong to somebody.
 */
export async function checkIntake(from: Reader, actor: Actor, rows: readonly IntakeRow[]): Promise<CellProblem[]> {
  const found = [...checkRows(rows), ...(await checkOrganisations(from, actor, rows)), ...(await checkTaken(from, rows))];
  return found.sort((a, b) => a.row - b.row);
}

const codesOf = (rows: readonly IntakeRow[]): string[] => rows.flatMap((row) => (row.organisationCode ? [row.organisationCode] : []));

async function checkOrganisations(from: Reader, actor: Actor, rows: readonly IntakeRow[]): Promise<CellProblem[]> {
  const known = await organisationsByCode(from, codesOf(rows));
  const scope = scopePaths(actor, 'hr');
  return rows.flatMap((row, i): CellProblem[] => {
    const code = row.organisationCode;
    if (code === '') return [];
    const organisation = known.get(code.toLowerCase());
    if (!organisation) return [{ row: i, field: 'organisationCode', problem: { code: 'organisation.unknown', params: { code } } }];
    if (organisation.closedOn !== null) return [{ row: i, field: 'organisationCode', problem: { code: 'organisation.closed', params: { name: organisation.name } } }];
    if (scope.some((path) => covers(path, organisation.path))) return [];
    return [{ row: i, field: 'organisationCode', problem: { code: 'organisation.out-of-scope', params: { code } } }];
  });
}

async function checkTaken(from: Reader, rows: readonly IntakeRow[]): Promise<CellProblem[]> {
  const known = await knownNumbers(from, rows.flatMap(numbersIn));
  const names = await takenSignInNames(from, rows.flatMap((row) => (row.recruitmentNumber ? [row.recruitmentNumber] : [])));
  const taken = (kind: PersonNumber['kind'], value: string) =>
    value !== '' && (known.has(`${kind} ${numberHash(kind, value)}`) || (kind === 'recruitment' && names.has(foldName(value))));
  return rows.flatMap((row, i): CellProblem[] => [
    ...(taken('recruitment', row.recruitmentNumber)
      ? [{ row: i, field: 'recruitmentNumber' as const, problem: { code: 'person.number-taken' as const, params: { value: row.recruitmentNumber } } }] : []),
    ...(taken('national', row.nationalNumber) ? [{ row: i, field: 'nationalNumber' as const, problem: { code: 'national-number.taken' as const } }] : []),
  ]);
}

const numbersIn = (row: IntakeRow): PersonNumber[] => [
  ...(row.recruitmentNumber ? [{ kind: 'recruitment' as const, value: row.recruitmentNumber }] : []),
  ...(row.nationalNumber ? [{ kind: 'national' as const, value: row.nationalNumber }] : []),
];

/**
 * Registers an intake: persons, numbers, appointments, invited accounts; all or nothing.
 * A row without organisation belongs to the intake's own.
 */
export async function createIntake(actor: Actor, draft: IntakeDraft): Promise<Result<{ intakeId: string; personIds: string[] }>> {
  const rows = draft.rows.map(tidyRow).filter((row) => !isEmptyRow(row));
  if (rows.length === 0) return err('intake.no-rows');
  if (rows.length > MAX_INTAKE_ROWS) return err('csv.too-many-rows', { max: MAX_INTAKE_ROWS });
  const opened = await openOrganisation(reader(), draft.organisationId, 'organisationId');
  if (!opened.ok) return opened;
  const home = opened.value;
  authorise(actor, 'make an intake', { organisationPath: home.path });
  const attempt = () => commitIfOk(async (tx) => {
    const problems = await checkIntake(tx, actor, rows);
    if (problems.length > 0) return err('intake.rows-wrong', { count: problems.length });
    return store(tx, actor, { ...draft, home, rows });
  });
  const made = await attempt();
  // Taken between our look and our insert: a second look names the row.
  return !made.ok && TAKEN_MEANWHILE.has(made.error.code) ? attempt() : made;
}

const TAKEN_MEANWHILE: ReadonlySet<string> = new Set(['person.number-taken', 'national-number.taken', 'field.taken']);

async function store(
  tx: Tx, actor: Actor, { name, home, startOfDuty, rows }: { name: string; home: Organisation; startOfDuty: PlainDate; rows: IntakeRow[] },
): Promise<Result<{ intakeId: string; personIds: string[] }>> {
  const intakeId = newId();
  const added = await insertIntake(tx, { id: intakeId, name: name.trim(), organisationId: home.id, startOfDuty, createdBy: actor.by });
  if (!added) return err('intake.name-taken', { value: name.trim() }, 'name');
  const units = await organisationsByCode(tx, codesOf(rows));
  const persons = await createPersons(tx, actor, rows.map((row) => ({ name: row.name, email: row.email || null, phone: row.phone || null, numbers: numbersIn(row) })));
  if (!persons.ok) return persons;
  const personIds = persons.value;
  const whose = rows.map((row, i) => ({ row, personId: personIds[i] ?? '' }));
  await appointAll(tx, actor, whose.map(({ row, personId }) => ({
    personId, organisationId: units.get(row.organisationCode.toLowerCase())?.id ?? home.id, kind: 'recruit',
    post: row.post, rank: row.rank || null, startOfDuty, intakeId,
  })));
  const opened = await openAccounts(tx, actor, whose.map(({ row, personId }) => ({ personId, signInName: row.recruitmentNumber })));
  if (!opened.ok) return opened;
  await appendEvent(tx, {
    kind: 'intake.created', subject: { kind: 'intake', id: intakeId }, by: actor.by, body: { organisationId: home.id, startOfDuty, people: rows.length },
  });
  return ok({ intakeId, personIds });
}
