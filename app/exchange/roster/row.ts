import { z } from 'zod';
import { foldName, foldWidth } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import type { Problem } from '~/kernel/result';
import { birthDateIn, isPersonNumber, readDay, readNationalNumber, type AppointmentKind } from '~/people';
import { NUMBER_FIELDS, ROSTER_FIELDS, type Mapping, type RosterField } from './fields';

/** What is wrong in one cell. */
export interface CellFault {
  field: RosterField;
  problem: Problem;
}

/** What a line says, as far as it can be understood; an absent value is null. */
export interface RosterEntry {
  name: string;
  recruitmentNumber: string | null;
  staffNumber: string | null;
  nationalNumber: string | null;
  birthDate: PlainDate | null;
  organisationCode: string | null;
  organisation: string | null;
  post: string | null;
  rank: string | null;
  kind: AppointmentKind | null;
  startOfDuty: PlainDate | null;
  phone: string | null;
  email: string | null;
  /** The last day, of somebody who has left. */
  leftOn: PlainDate | null;
}

const LONGEST: Partial<Record<RosterField, number>> = { name: 60, recruitmentNumber: 40, staffNumber: 40, organisationCode: 40, organisation: 120, post: 60, rank: 40, email: 120, phone: 25 };

const KINDS: Record<string, AppointmentKind> = {
  新录用人员: 'recruit', 新录用: 'recruit', 录用人员: 'recruit', 试用期: 'recruit', 试用期人员: 'recruit', 新入职: 'recruit', recruit: 'recruit', probationer: 'recruit',
  在职人员: 'staff', 在职: 'staff', 工作人员: 'staff', 一般干部: 'staff', 干部: 'staff', 职工: 'staff', 公务员: 'staff', 事业编: 'staff', 事业人员: 'staff', staff: 'staff', employee: 'staff',
  领导干部: 'leader', 领导: 'leader', 领导班子成员: 'leader', 班子成员: 'leader', 负责人: 'leader', leader: 'leader', manager: 'leader', head: 'leader',
};
const SERVES = new Set(['在职', '在岗', '在编', '在任', '是', 'y', 'yes', 'true', '1', 'active', 'serving', 'employed', '正常', '试用', '试用期']);
const LEFT = new Set(['离职', '已离职', '辞职', '已辞职', '退休', '已退休', '离休', '调出', '已调出', '调离', '辞退', '开除', '死亡', '去世', '免职', '离岗', '否', 'n', 'no', 'false', '0', 'left', 'inactive', 'retired', 'resigned', 'dismissed', 'terminated', 'deceased']);

const Email = z.email();
/** Letters of any script, rare ones written by their parts too. A question mark or an empty box is what programs leave of a character they do not know. */
const NAME = /^[\p{L}\p{Nl}\p{Co}\u2FF0-\u2FFB][\p{L}\p{M}\p{N}\p{Co}\u2FF0-\u2FFB ·•‧・．.’'()（）-]*$/u;

/** The cells of a line by field, each in its one spelling. */
export function cellsByField(mapping: Mapping, cells: readonly string[]): Record<RosterField, string> {
  const typed = Object.fromEntries(ROSTER_FIELDS.map((field) => [field, ''])) as Record<RosterField, string>;
  mapping.forEach((field, i) => { if (field) typed[field] = (cells[i] ?? '').normalize('NFC').replace(/\s+/g, ' ').trim(); });
  if (typed.name === '') typed.name = joined(typed.familyName, typed.givenName);
  return typed;
}

/** 王 and 小明 stand together, Li and Na apart and the other way round. */
const joined = (family: string, given: string): string => (/\p{Script=Han}/u.test(family + given) ? family + given : [given, family].filter(Boolean).join(' '));

/** Reads a line and names everything in it that can be seen to be wrong without asking who is known. */
export function readEntry(typed: Readonly<Record<RosterField, string>>): { entry: RosterEntry; faults: CellFault[] } {
  const faults: CellFault[] = [];
  const fault = (field: RosterField, code: Problem['code'], params?: Problem['params']): null => {
    faults.push({ field, problem: { code, ...(params && { params }) } });
    return null;
  };
  for (const field of ROSTER_FIELDS) {
    const max = LONGEST[field];
    if (max !== undefined && typed[field].length > max) fault(field, 'field.too-long', { max });
    if (/^#(?:REF|VALUE|N\/A|NAME\?|DIV\/0|NULL|NUM)!?$/i.test(typed[field])) fault(field, 'roster.cell-broken');
  }
  if (typed.name === '') fault('name', 'field.required');
  else if (!NAME.test(typed.name)) fault('name', 'roster.name-characters');
  const number = (field: 'recruitmentNumber' | 'staffNumber'): string | null =>
    (typed[field] === '' ? null : isPersonNumber(typed[field]) ? foldWidth(typed[field]) : fault(field, 'person.number-form'));
  const day = (field: 'birthDate' | 'startOfDuty' | 'leftOn'): PlainDate | null => (typed[field] === '' ? null : readDay(typed[field]) ?? fault(field, 'roster.date'));
  const nationalNumber = readNational(typed.nationalNumber, fault);
  const entry: RosterEntry = {
    name: typed.name, recruitmentNumber: number('recruitmentNumber'), staffNumber: number('staffNumber'), nationalNumber, birthDate: readBirth(typed.birthDate, nationalNumber, fault),
    organisationCode: foldWidth(typed.organisationCode) || null, organisation: typed.organisation || null, post: typed.post || null, rank: typed.rank || null,
    kind: typed.kind === '' ? null : KINDS[foldName(typed.kind)] ?? fault('kind', 'roster.kind'),
    startOfDuty: day('startOfDuty'), phone: readPhone(typed.phone, fault), email: readEmail(typed.email, fault), leftOn: day('leftOn'),
  };
  if (NUMBER_FIELDS.every((field) => typed[field] === '')) fault('staffNumber', 'roster.no-number');
  judgeStatus(typed, entry, fault);
  return { entry, faults };
}

type Fault = (field: RosterField, code: Problem['code'], params?: Problem['params']) => null;

function readNational(typed: string, fault: Fault): string | null {
  if (typed === '') return null;
  const read = readNationalNumber(typed);
  if (read.ok) return read.value;
  // A spreadsheet keeps 15 digits of a figure; the rest is lost for good.
  const figure = /^\d(?:\.\d+)?E\+?\d+$|^[1-9]\d{14}000$/i.test(typed);
  return fault('nationalNumber', figure ? 'roster.number-as-figure' : read.error.code);
}

/** Only to compare with: it is not kept. A month alone, as personnel files have it, is left aside. */
function readBirth(typed: string, nationalNumber: string | null, fault: Fault): PlainDate | null {
  const inNumber = nationalNumber === null ? null : birthDateIn(nationalNumber);
  if (typed === '' || /^\d{4}[-/.年]?\d{1,2}月?$/.test(typed.normalize('NFKC').replace(/\s/g, ''))) return inNumber;
  const day = readDay(typed);
  if (day === null) return fault('birthDate', 'roster.date');
  if (inNumber !== null && inNumber !== day) return fault('birthDate', 'roster.birth-differs');
  return day;
}

function readPhone(typed: string, fault: Fault): string | null {
  const plain = typed.normalize('NFKC');
  if (plain === '') return null;
  return /^\+?[\d ()-]{5,}$/.test(plain) ? plain : fault('phone', 'field.invalid');
}

function readEmail(typed: string, fault: Fault): string | null {
  const plain = foldWidth(typed);
  if (plain === '') return null;
  return Email.safeParse(plain).success ? plain : fault('email', 'field.email');
}

function judgeStatus(typed: Readonly<Record<RosterField, string>>, entry: RosterEntry, fault: Fault): void {
  const status = foldName(typed.status);
  const left = status === '' ? typed.leftOn !== '' : LEFT.has(status) ? true : SERVES.has(status) ? false : fault('status', 'roster.status');
  if (left === true && typed.leftOn === '') fault('leftOn', 'field.required');
  if (left === false && typed.leftOn !== '') fault('status', 'roster.status-contradicts');
}
