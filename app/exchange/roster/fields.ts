import { createHash } from 'node:crypto';
import { foldHeader, headerReader, readNationalNumber, type Line } from '~/people';
import { writtenText } from '~/text';

/** What a roster may say of a person, in the order in which it is shown. */
export const ROSTER_FIELDS = [
  'name', 'familyName', 'givenName', 'recruitmentNumber', 'staffNumber', 'nationalNumber', 'birthDate', 'organisationCode', 'organisation', 'post', 'rank', 'kind', 'startOfDuty', 'phone', 'email', 'status', 'leftOn',
] as const;
export type RosterField = (typeof ROSTER_FIELDS)[number];

/** Which field each column is; null: not used. */
export type Mapping = readonly (RosterField | null)[];

/** Names by which a column is known: width, case, spaces, punctuation and notes in brackets do not matter. The first two are shown. */
const HEADERS: Record<RosterField, readonly string[]> = {
  name: ['姓名', 'Name', '人员姓名', '名字', '职工姓名', '员工姓名', '干部姓名', 'full name', 'person name', 'employee name', 'display name'],
  familyName: ['姓', 'Family name', '姓氏', 'last name', 'lastname', 'surname'],
  givenName: ['名', 'Given name', 'first name', 'firstname', 'forename'],
  recruitmentNumber: ['报考号', 'Recruitment number', '准考证号', '报名号', '报名序号', '考号', 'exam number', 'candidate number', 'registration number', 'applicant number'],
  staffNumber: ['工号', 'Staff number', '职工号', '员工编号', '人员编号', '职工编号', '工作证号', '人员代码', '编号', 'employee number', 'employee id', 'staff id', 'personnel number', 'staff no', 'employee no', 'number', 'username'],
  nationalNumber: ['身份证号', 'National number', '身份证号码', '公民身份号码', '身份证', '公民身份证号码', '证件号码', '证件号', 'id number', 'identity number', 'id card', 'id card number', 'citizen id', 'national id'],
  birthDate: ['出生日期', 'Date of birth', '出生年月日', '生日', '出生年月', 'birth date', 'birthday', 'dob'],
  organisationCode: ['单位代码', 'Organisation code', '机构代码', '部门代码', '单位编码', '机构编码', '部门编码', '用人单位代码', 'organization code', 'unit code', 'department code', 'org code'],
  organisation: ['单位', 'Organisation', '单位名称', '工作单位', '所在单位', '用人单位', '录用单位', '部门', '所在部门', '部门名称', '机构', '机构名称', '科室', 'organization', 'unit', 'department', 'agency', 'office'],
  post: ['岗位', 'Post', '职务', '职位', '岗位名称', '职位名称', '职务名称', '现任职务', '工作岗位', '拟任岗位', '拟任职务', '拟任职位', '录用岗位', '录用职位', '招录职位', '报考职位', '聘用岗位', 'position', 'job title', 'title'],
  rank: ['职级', 'Rank', '级别', '现任职级', '职务层次', '职务级别', 'grade', 'level'],
  kind: ['人员类别', 'Kind', '类别', '人员类型', '人员性质', '任职类别', 'category', 'staff kind', 'type'],
  startOfDuty: ['上岗日期', 'Start of duty', '到岗日期', '到岗时间', '拟上岗日期', '拟上岗时间', '拟到岗日期', '拟到岗时间', '计划上岗日期', '录用日期', '录用时间', '入职日期', '任职日期', '参加工作时间', '到任日期', '上岗时间', '入职时间', '任职时间', '报到日期', 'start date', 'date of joining', 'joined on', 'hire date', 'starts on'],
  phone: ['手机', 'Phone', '手机号', '手机号码', '联系电话', '电话', '移动电话', '联系方式', 'mobile', 'telephone', 'phone number', 'mobile number'],
  email: ['邮箱', 'E-mail', '电子邮箱', '电子邮件', '邮件地址', 'email', 'mail', 'email address'],
  status: ['状态', 'Status', '在职状态', '人员状态', '任职状态', '是否在职', 'employment status', 'active'],
  leftOn: ['离职日期', 'Left on', '离职时间', '离开日期', '退休日期', '调出日期', '离岗日期', '免职日期', 'leaving date', 'end date', 'leave date', 'last day', 'termination date'],
};

const byName = headerReader(HEADERS);
/** Some headers hold two words for one number: 报考号／工号. It is read as a staff number; a recruit's sheet says 报考号 alone. */
export const fieldOfHeader = (title: string): RosterField | null => byName(title) ?? (/[/／、或]/.test(title) ? firstKnown(title.split(/[/／、或]/)) : null);

const firstKnown = (titles: string[]): RosterField | null => titles.map(byName).find((field) => field !== null) ?? null;

/** How a field's header is written. */
export const headerOf = (field: RosterField, lang: 'zh' | 'en'): string => HEADERS[field][lang === 'zh' ? 0 : 1] ?? field;

/** The columns of a file to begin with. */
export const headersOf = (lang: 'zh' | 'en'): string[] => ROSTER_FIELDS.filter((field) => field !== 'familyName' && field !== 'givenName').map((field) => headerOf(field, lang));

/** Columns that are never kept, whatever they are for. */
export const isSecret = (title: string): boolean => /pass\s*word|passwd|密码|口令/i.test(title.normalize('NFKC'));

/** How few known columns make a line the header row. */
export const LEAST_COLUMNS = 2;
const SAMPLES = 50;

/**
 * Guesses which column is which: by the headers; what no header names, by what stands below it when that is of one kind. A
 * field is taken once: of two columns with its name the first.
 */
export function guessMapping(headers: readonly string[], below: readonly Line[]): (RosterField | null)[] {
  const taken = new Set<RosterField>();
  const take = (field: RosterField | null): RosterField | null => {
    if (field === null || taken.has(field)) return null;
    taken.add(field);
    return field;
  };
  const named = headers.map((title) => (isSecret(title) ? null : take(fieldOfHeader(title))));
  return named.map((field, i) => field ?? (hasCells(below, i) && !isSecret(headers[i] ?? '') ? take(fieldOfCells(below.slice(0, SAMPLES).map(({ cells }) => (cells[i] ?? '').trim()).filter(Boolean))) : null));
}

const hasCells = (below: readonly Line[], column: number): boolean => below.some(({ cells }) => (cells[column] ?? '').trim() !== '');

/** Only what cannot be anything else: identity numbers, mail addresses, mobile numbers. */
function fieldOfCells(cells: readonly string[]): RosterField | null {
  if (cells.length < 2) return null;
  const mostly = (test: (cell: string) => boolean) => cells.filter(test).length >= cells.length * 0.8;
  if (mostly((cell) => readNationalNumber(cell).ok)) return 'nationalNumber';
  if (mostly((cell) => /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(cell))) return 'email';
  return mostly((cell) => /^(?:\+?86)?1[3-9]\d{9}$/.test(cell.replace(/[\s-]/g, ''))) ? 'phone' : null;
}

const REASONS: ReadonlySet<string> = new Set((['zh', 'en'] as const).map((lang) => writtenText(lang, 'roster.bad-reason')));
/** Columns that make a file another one. Rows that come back corrected have our reasons behind them, and no passwords any more. */
const tells = (title: string): boolean => !isSecret(title) && !REASONS.has(title);

/** By which a file with the same headers is known again. */
export const signatureOf = (headers: readonly string[]): string => createHash('sha256').update(JSON.stringify(headers.filter(tells).map(foldHeader))).digest('hex');

/** What is kept of a mapping, for files with the same signature. */
export const mappingToKeep = (headers: readonly string[], mapping: Mapping): Mapping => mapping.filter((_, i) => tells(headers[i] ?? ''));

/** A kept mapping for a file with these headers. */
export function keptMapping(headers: readonly string[], kept: Mapping): Mapping {
  const left = [...kept];
  return headers.map((title) => (tells(title) ? left.shift() ?? null : null));
}

/** What somebody new cannot do without, and no column was taken for: perhaps the file calls it otherwise. */
export const columnsUnfound = (mapping: Mapping): RosterField[] => (mapping.includes(null) ? (['post', 'startOfDuty'] as const).filter((field) => !mapping.includes(field)) : []);

/** Any of these says who somebody is. */
export const NUMBER_FIELDS = ['recruitmentNumber', 'staffNumber', 'nationalNumber'] as const satisfies readonly RosterField[];

/** What a mapping lacks before the file can be read: the name, and a number of whatever kind. */
export function lacking(mapping: Mapping): RosterField[] {
  const used = new Set(mapping);
  const named = used.has('name') || (used.has('familyName') && used.has('givenName'));
  return [...(named ? [] : ['name' as const]), ...(NUMBER_FIELDS.some((field) => used.has(field)) ? [] : ['staffNumber' as const])];
}

/** A field that two columns of a mapping claim; null when none is. */
export const claimedTwice = (mapping: Mapping): RosterField | null => mapping.find((field, i) => field !== null && mapping.indexOf(field) !== i) ?? null;
