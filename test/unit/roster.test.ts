import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { claimedTwice, columnsUnfound, fieldOfHeader, guessMapping, headersOf, keptMapping, lacking, mappingToKeep, ROSTER_FIELDS, signatureOf, type RosterField } from '~/exchange/roster/fields';
import { letApplyByItself } from '~/exchange/roster/folder-rule';
import { keptCells } from '~/exchange/roster/judged';
import { judge } from '~/exchange/roster/judge';
import type { Facts, KnownAppointment, KnownOrganisation, KnownPerson } from '~/exchange/roster/known';
import { masked } from '~/exchange/roster/pages.service';
import { Organisations } from '~/exchange/roster/places';
import { cellsByField, readEntry, type RosterEntry } from '~/exchange/roster/row';
import { addDays } from '~/kernel/calendar';
import { bornHash, checkCharacter, nameKey, openSheets, plainName } from '~/people';
import { testSecrets } from '../support/databases';
import { example, hasExample } from '../support/examples';

const TODAY = '2026-12-01';
const NATIONAL = '11010519491231002X';

const typed = (given: Partial<Record<RosterField, string>>) => ({ ...cellsByField([], []), name: '王小明', staffNumber: 'G1', ...given });
const faultsOf = (given: Partial<Record<RosterField, string>>) => readEntry(typed(given)).faults.map(({ field, problem }) => `${field} ${problem.code}`);

describe('the columns of a roster', () => {
  it.each([
    ['姓名', 'name'], ['职工姓名', 'name'], ['Full Name', 'name'], ['身份证号码（18位）', 'nationalNumber'], ['ID card no.', null], ['公民身份号码', 'nationalNumber'], ['工号*', 'staffNumber'],
    ['报考号/工号', 'recruitmentNumber'], ['所在单位', 'organisation'], ['单位编码', 'organisationCode'], ['入职日期', 'startOfDuty'], ['手机号码', 'phone'], ['E-mail', 'email'], ['离职时间', 'leftOn'],
    ['lastname', 'familyName'], ['firstname', 'givenName'], ['username', 'staffNumber'], ['备注', null], ['password', null],
  ])('%j is %j', (title, field) => {
    expect(fieldOfHeader(title)).toBe(field);
  });

  it('are known in both languages, each by its own header', () => {
    for (const lang of ['zh', 'en'] as const) {
      const fields = headersOf(lang).map(fieldOfHeader);
      expect(fields).toEqual(ROSTER_FIELDS.filter((field) => field !== 'familyName' && field !== 'givenName'));
      expect(lacking(fields)).toEqual([]);
    }
  });

  it('are guessed by what stands below where the header says nothing', () => {
    const below = [['赵一', NATIONAL, 'z@example.cn', '13800000001'], ['钱二', NATIONAL, 'q@example.cn', '13900000002']].map((cells, i) => ({ line: i + 2, cells }));
    expect(guessMapping(['姓名', '号码', '', '方式'], below)).toEqual(['name', 'nationalNumber', 'email', 'phone']);
    expect(guessMapping(['姓名', 'password'], [{ line: 2, cells: ['a', '13800000001'] }, { line: 3, cells: ['b', '13800000002'] }])).toEqual(['name', null]);
  });

  it('claim a field once', () => {
    expect(guessMapping(['姓名', '名字', '工号'], [])).toEqual(['name', null, 'staffNumber']);
    expect(claimedTwice(['name', 'post', 'name'])).toBe('name');
    expect(lacking(['name', 'post'])).toEqual(['staffNumber']);
    expect(lacking(['familyName', 'givenName', 'nationalNumber'])).toEqual([]);
  });

  it('are known again by their headers, however those are spaced', () => {
    expect(signatureOf(['姓 名', '工号（必填）'])).toBe(signatureOf(['姓名', '工号']));
    expect(signatureOf(['姓名', '工号'])).not.toBe(signatureOf(['工号', '姓名']));
  });

  it('are known again where passwords went and our reasons came', () => {
    const [brought, back] = [['甲', 'password', '乙'], ['甲', '乙', '原因（导入时不用）']];
    expect(signatureOf(back)).toBe(signatureOf(brought));
    expect(keptMapping(back, mappingToKeep(brought, ['name', null, 'staffNumber']))).toEqual(['name', 'staffNumber', null]);
  });

  it('that somebody new needs are named where no column was taken for them and one is left', () => {
    expect(columnsUnfound(['name', 'staffNumber', null])).toEqual(['post', 'startOfDuty']);
    expect(columnsUnfound(['name', 'staffNumber', 'post', null])).toEqual(['startOfDuty']);
    expect(columnsUnfound(['name', 'staffNumber'])).toEqual([]);
  });

  it('with passwords are never kept', () => {
    expect(keptCells(['姓名', 'password', '登录密码'], ['王', 'secret', 'secret'])).toEqual(['王', '', '']);
  });
});

describe('a line of a roster', () => {
  it('is read in its one spelling', () => {
    const { entry, faults } = readEntry(typed({ staffNumber: ' Ｇ１２ ', nationalNumber: '11010519491231002x', startOfDuty: '2026年7月1日', leftOn: '', kind: '领导干部', status: '在职', phone: '＋86 138', email: 'Ａ@example.cn' }));
    expect(faults).toEqual([]);
    expect(entry).toMatchObject({ staffNumber: 'G12', nationalNumber: NATIONAL, birthDate: '1949-12-31', startOfDuty: '2026-07-01', kind: 'leader', phone: '+86 138', email: 'A@example.cn', leftOn: null });
  });

  it.each([
    [{ name: '' }, ['name field.required']], [{ name: '王?明' }, ['name roster.name-characters']], [{ name: '=HYPERLINK("http://x")' }, ['name roster.name-characters']],
    [{ name: '𠮷川丽' }, []], [{ name: '刘〇' }, []], [{ name: '阿依古丽·买买提' }, []], [{ name: "Anne O'Neil-Li" }, []], [{ name: '王⿰马川' }, []], [{ staffNumber: '' }, ['staffNumber roster.no-number']], [{ staffNumber: 'a b;' }, ['staffNumber person.number-form']],
    [{ nationalNumber: '110105194912310021' }, ['nationalNumber national-number.check-digit']], [{ nationalNumber: '4.30102E+17' }, ['nationalNumber roster.number-as-figure']],
    [{ nationalNumber: '430102199003070000' }, ['nationalNumber roster.number-as-figure']], [{ nationalNumber: NATIONAL, birthDate: '1950-01-01' }, ['birthDate roster.birth-differs']],
    [{ nationalNumber: NATIONAL, birthDate: '1949年12月' }, []], [{ startOfDuty: '下个月' }, ['startOfDuty roster.date']], [{ kind: '神仙' }, ['kind roster.kind']], [{ email: 'x' }, ['email field.email']],
    [{ phone: '打电话' }, ['phone field.invalid']], [{ status: '离职' }, ['leftOn field.required']], [{ status: '在职', leftOn: '2026-01-01' }, ['status roster.status-contradicts']],
    [{ status: '也许' }, ['status roster.status']], [{ post: '#REF!' }, ['post roster.cell-broken']], [{ status: '退休', leftOn: '2026-01-01' }, []],
  ] as [Partial<Record<RosterField, string>>, string[]][])('%j has the faults %j', (given, faults) => {
    expect(faultsOf(given)).toEqual(faults);
  });

  it('puts a name together from its parts', () => {
    expect(cellsByField(['familyName', 'givenName'], ['王', '小明']).name).toBe('王小明');
    expect(cellsByField(['familyName', 'givenName'], ['Jones', 'Tom']).name).toBe('Tom Jones');
  });

  it('never shows a whole identity number, wherever it stands', () => {
    expect(masked(`见 ${NATIONAL}。`)).toBe('见 110***********002X。');
  });
});

const organisation = (id: string, given: Partial<KnownOrganisation> = {}): KnownOrganisation => ({ id, code: id.toUpperCase(), name: `单位${id}`, path: `/root/${id}/`, closedOn: null, inScope: true, ...given });
const A = organisation('a');
const B = organisation('b');
const ELSEWHERE = organisation('x', { inScope: false });

const appointment = (given: Partial<KnownAppointment> = {}): KnownAppointment => ({
  id: 'ap1', organisation: A, kind: 'staff', nature: 'main', post: '科员', rank: null, startOfDuty: '2020-05-01', endsOn: null, version: 1, started: false, transferOpen: false, ...given,
});
const person = (given: Partial<KnownPerson> = {}): KnownPerson => ({
  id: 'p1', name: '王小明', email: null, phone: null, version: 1, inScope: true, numbers: new Set(['staff h']), kindsHeld: new Set(['staff'] as const), appointments: [appointment()], lastEnded: null, account: null, ...given,
});
const entry = (given: Partial<RosterEntry> = {}): RosterEntry => ({
  name: '王小明', recruitmentNumber: null, staffNumber: 'G1', nationalNumber: null, birthDate: null, organisationCode: null, organisation: null, post: null, rank: null, kind: null, startOfDuty: null,
  phone: null, email: null, leftOn: null, ...given,
});
const facts = (given: Partial<Facts> & { owner?: KnownPerson | null } = {}): Facts => ({
  today: TODAY, placed: { found: A }, owners: { recruitment: null, staff: given.owner ?? null, national: null }, hashes: { recruitment: null, staff: 'h', national: null }, alike: [], takenNames: [], answer: null, ...given,
});
const codes = (judged: ReturnType<typeof judge>) => judged.faults.map(({ field, problem }) => `${field} ${problem.code}`);

describe('what a line will do', () => {
  it('creates somebody new, as a recruit or as staff', () => {
    const made = judge(entry({ post: '科员', startOfDuty: '2026-07-01' }), [], facts());
    expect(made).toMatchObject({ kind: 'created', plan: { act: 'create', signInName: 'G1', fresh: { kind: 'staff', organisationId: 'a', startOfDuty: '2026-07-01' } } });
    const recruit = judge(entry({ staffNumber: null, recruitmentNumber: 'R1', post: '科员', startOfDuty: '2026-07-01' }), [], facts());
    expect(recruit.plan).toMatchObject({ signInName: 'R1', fresh: { kind: 'recruit' } });
  });

  it('names what somebody new lacks', () => {
    expect(codes(judge(entry({ staffNumber: null, nationalNumber: NATIONAL }), [], facts()))).toEqual(['staffNumber roster.new-needs-number', 'post field.required', 'startOfDuty field.required']);
    expect(codes(judge(entry({ leftOn: '2026-01-01', post: 'x', startOfDuty: '2026-01-01' }), [], facts()))).toEqual(['staffNumber roster.left-unknown']);
    expect(codes(judge(entry({ post: 'x', startOfDuty: '2026-07-01' }), [], facts({ placed: { found: ELSEWHERE } })))).toEqual(['organisation roster.organisation-out-of-scope']);
    expect(codes(judge(entry({ post: 'x', startOfDuty: '2026-07-01' }), [], facts({ placed: { found: organisation('c', { closedOn: '2026-01-01' }) } })))).toEqual(['organisation roster.organisation-closed']);
    expect(codes(judge(entry({ post: 'x', startOfDuty: '1899-12-30' }), [], facts()))).toEqual(['startOfDuty roster.date-unlikely']);
    expect(codes(judge(entry({ post: 'x', startOfDuty: '2026-07-01' }), [], facts({ takenNames: ['staffNumber'] })))).toEqual(['staffNumber person.number-taken']);
  });

  it('leaves alone what is not said, and a name that only spaces tell apart', () => {
    expect(judge(entry({ name: '王 小明' }), [], facts({ owner: person({ phone: '138', email: 'a@b.cn' }) }))).toMatchObject({ kind: 'unchanged', plan: null, changes: [] });
  });

  it('says which fields change, from what to what', () => {
    const judged = judge(entry({ post: '科长', phone: '139' }), [], facts({ owner: person({ phone: '138' }) }));
    expect(judged).toMatchObject({ kind: 'changed', changes: [{ field: 'phone', from: '138', to: '139' }, { field: 'post', from: '科员', to: '科长' }], plan: { altered: { post: '科长', startOfDuty: '2020-05-01' } } });
  });

  it('leaves somebody where they are when the line does not say where', () => {
    expect(judge(entry({ phone: '139' }), [], facts({ owner: person(), placed: { found: B, unsaid: true } }))).toMatchObject({ kind: 'changed', changes: [{ field: 'phone', from: null, to: '139' }] });
  });

  it('asks when a number is known under another name', () => {
    expect(judge(entry({ name: '李四' }), [], facts({ owner: person() }))).toMatchObject({ kind: 'changed', question: 'name', changes: [{ field: 'name', from: '王小明', to: '李四' }] });
  });

  it('refuses numbers of two people, another staff or identity number, and people who are not in charge', () => {
    const two = facts({ owners: { recruitment: null, staff: person(), national: person({ id: 'p2' }) } });
    expect(codes(judge(entry({ nationalNumber: NATIONAL }), [], two))).toEqual(['nationalNumber roster.two-people', 'staffNumber roster.two-people']);
    expect(codes(judge(entry({ nationalNumber: NATIONAL }), [], facts({ owner: person({ kindsHeld: new Set(['staff', 'national'] as const) }) })))).toEqual(['nationalNumber roster.national-differs']);
    const other = judge(entry(), [], facts({ owner: person({ inScope: false }) }));
    expect(codes(other)).toEqual(['staffNumber roster.person-elsewhere']);
    expect(other.person).toBeNull();
  });

  it('moves somebody: the former appointment ends the day before', () => {
    const later = judge(entry({ startOfDuty: '2027-01-01' }), [], facts({ owner: person(), placed: { found: B } }));
    expect(later).toMatchObject({ kind: 'moved', plan: { act: 'move', endsOn: '2026-12-31', fresh: { organisationId: 'b', post: '科员', startOfDuty: '2027-01-01' } }, changes: [{ field: 'organisation', from: '单位a', to: '单位b' }, { field: 'startOfDuty', from: '2020-05-01', to: '2027-01-01' }] });
    const former = judge(entry({ startOfDuty: '2020-05-01' }), [], facts({ owner: person(), placed: { found: B } }));
    expect(former.plan).toMatchObject({ endsOn: '2026-11-30', fresh: { startOfDuty: TODAY } });
    const notBegun = judge(entry(), [], facts({ owner: person({ appointments: [appointment({ startOfDuty: '2027-03-01' })] }), placed: { found: B } }));
    expect(notBegun.plan).toMatchObject({ endsOn: TODAY, fresh: { startOfDuty: '2027-03-01' } });
  });

  it('does not let a sheet take recruits past the gate, or rewrite a start that is a fact', () => {
    const recruit = person({ appointments: [appointment({ kind: 'recruit', startOfDuty: '2026-07-01' })] });
    expect(codes(judge(entry({ kind: 'staff' }), [], facts({ owner: recruit })))).toEqual(['kind roster.recruit-not-started']);
    expect(codes(judge(entry({ kind: 'leader' }), [], facts({ owner: recruit, placed: { found: B } })))).toEqual(['kind roster.recruit-not-started']);
    const started = person({ appointments: [appointment({ kind: 'recruit', started: true })] });
    expect(judge(entry({ kind: 'staff' }), [], facts({ owner: started })).kind).toBe('changed');
    expect(codes(judge(entry({ startOfDuty: '2021-01-01' }), [], facts({ owner: started })))).toEqual(['startOfDuty roster.start-recorded']);
  });

  it('ends the appointment of who has left, once', () => {
    expect(judge(entry({ leftOn: '2026-11-30' }), [], facts({ owner: person() }))).toMatchObject({ kind: 'left', plan: { act: 'leave', endsOn: '2026-11-30' } });
    expect(judge(entry({ leftOn: '2026-11-30' }), [], facts({ owner: person({ appointments: [], lastEnded: '2026-11-30' }) })).kind).toBe('unchanged');
    expect(judge(entry({ leftOn: '2026-12-31' }), [], facts({ owner: person({ appointments: [appointment({ endsOn: '2026-12-31' })] }) })).kind).toBe('unchanged');
    expect(codes(judge(entry({ leftOn: '2019-01-01' }), [], facts({ owner: person() })))).toEqual(['leftOn roster.left-before-start']);
    expect(judge(entry({ leftOn: TODAY }), [], facts({ owner: person({ appointments: [appointment({ startOfDuty: '2027-01-01' })] }) })).kind).toBe('left');
    expect(codes(judge(entry({ leftOn: TODAY }), [], facts({ owner: person({ appointments: [appointment(), appointment({ id: 'ap2', nature: 'concurrent' })] }) })))).toEqual(['leftOn roster.several-appointments']);
    expect(codes(judge(entry({ leftOn: TODAY }), [], facts({ owner: person({ account: { id: 'c', state: 'active', own: true, lastAdministrator: false } }) })))).toEqual(['status account.own']);
  });

  it('takes somebody back who had left, from a day after that', () => {
    const gone = person({ appointments: [], lastEnded: '2026-06-30' });
    expect(judge(entry({ post: '科员', startOfDuty: '2026-09-01' }), [], facts({ owner: gone }))).toMatchObject({ kind: 'moved', plan: { act: 'return', fresh: { startOfDuty: '2026-09-01' } } });
    expect(codes(judge(entry({ post: '科员', startOfDuty: '2020-05-01' }), [], facts({ owner: gone })))).toEqual(['startOfDuty roster.left-already']);
  });

  it('asks about somebody who looks like a known one, and does as it was told', () => {
    const alike = [{ person: person({ id: 'p9', numbers: new Set(['staff other']), kindsHeld: new Set(['recruitment'] as const) }), why: 'born' as const }];
    const fresh = entry({ post: '科员', startOfDuty: '2020-05-01' });
    expect(judge(fresh, [], facts({ alike }))).toMatchObject({ kind: 'created', question: 'duplicate' });
    const same = judge(fresh, [], facts({ alike, answer: { kind: 'same', personId: 'p9' } }));
    expect(same).toMatchObject({ kind: 'changed', question: 'duplicate', person: { id: 'p9' }, changes: [{ field: 'staffNumber', from: null, to: 'G1' }] });
    expect(judge(fresh, [], facts({ alike, answer: { kind: 'other', personId: null } })).kind).toBe('created');
  });

  const day = fc.integer({ min: -4000, max: 800 }).map((n) => addDays(TODAY, n));
  const anEntry = fc.record({
    name: fc.constantFrom('王小明', '王 小明', '李四'), staffNumber: fc.constantFrom('G1', null), recruitmentNumber: fc.constantFrom('R1', null), post: fc.constantFrom('科员', '科长', null), rank: fc.constantFrom('一级', null),
    kind: fc.constantFrom('recruit' as const, 'staff' as const, null), startOfDuty: fc.option(day), leftOn: fc.option(day), phone: fc.constantFrom('138', null),
  }).map((given) => entry(given as Partial<RosterEntry>));
  const aPerson = fc.option(fc.record({
    kind: fc.constantFrom('recruit' as const, 'staff' as const), startOfDuty: day, started: fc.boolean(), endsOn: fc.constant(null), open: fc.boolean(), inScope: fc.boolean(),
  }).map(({ open, inScope, ...given }) => person({ inScope, appointments: open ? [appointment(given)] : [], lastEnded: open ? null : '2026-01-01' })));

  it('either has faults and no plan, or none and at most one plan that keeps what is not said', () => {
    fc.assert(fc.property(anEntry, aPerson, fc.constantFrom(A, B, ELSEWHERE), (line, owner, place) => {
      const judged = judge(line, [], facts({ owner, placed: { found: place } }));
      expect(judged.faults.length > 0).toBe(judged.kind === 'wrong');
      if (judged.kind === 'wrong' || judged.kind === 'unchanged') expect(judged.plan).toBeNull();
      else expect(judged.plan).not.toBeNull();
      if (!judged.plan) return;
      const { plan } = judged;
      // Nobody is put where the reader has no say, and nobody is touched who is not in charge.
      if (plan.fresh) expect(place.inScope).toBe(true);
      if (plan.person) expect(plan.person.inScope).toBe(true);
      expect(plan.act === 'create').toBe(owner === null);
      if (owner) expect(judged.changes.length).toBeGreaterThan(0);
      if (plan.endsOn && plan.fresh) expect(plan.endsOn < plan.fresh.startOfDuty || plan.endsOn === plan.appointment?.startOfDuty || (plan.appointment?.startOfDuty ?? '') > TODAY).toBe(true);
    }), { numRuns: 2000 });
  });

  it('does nothing the second time: what was applied is unchanged', () => {
    fc.assert(fc.property(anEntry, (line) => {
      const owner = person({ appointments: [appointment({ startOfDuty: '2020-05-01' })] });
      const first = judge({ ...line, leftOn: null, startOfDuty: null }, [], facts({ owner }));
      if (first.plan?.act !== 'change') return;
      const after = person({
        ...first.plan.contact, numbers: new Set(['staff h', 'recruitment r']), kindsHeld: new Set(['staff', 'recruitment'] as const),
        appointments: [appointment({ ...first.plan.altered })],
      });
      expect(judge({ ...line, leftOn: null, startOfDuty: null }, [], facts({ owner: after, hashes: { recruitment: 'r', staff: 'h', national: null } })).kind).toBe('unchanged');
    }));
  });
});

describe('the organisation of a line', () => {
  const office1 = organisation('o1', { name: '办公室', code: 'A-1', path: '/root/a/o1/' });
  const office2 = organisation('o2', { name: '办公室', code: 'B-1', path: '/root/b/o2/' });
  const root = organisation('root', { path: '/root/', name: '全市' });
  const found = (home: KnownOrganisation, code: string | null, name: string | null) => {
    const placed = new Organisations([root, A, B, office1, office2, ELSEWHERE], home).place(code, name);
    return 'found' in placed ? placed.found.id : placed.fault;
  };

  it.each([
    [A, null, null, 'a'], [root, 'b', null, 'b'], [root, 'ｂ-1', null, 'o2'], [root, 'nowhere', null, 'organisation.unknown'], [root, null, '单位a', 'a'], [root, null, '单位 a', 'a'], [root, null, '没有', 'organisation.unknown'],
    [root, null, '办公室', 'roster.organisation-ambiguous'], [A, null, '办公室', 'o1'], [root, null, '单位b/办公室', 'o2'], [root, null, '单位b－办公室', 'o2'], [root, 'A-1', '办公室', 'o1'], [root, 'A-1', '简称', 'o1'],
    [root, 'A-1', '单位b', 'roster.organisation-differs'], [root, null, 'B-1', 'o2'],
  ] as const)('of %o: code %j and name %j lead to %j', (home, code, name, id) => {
    expect(found(home, code, name)).toBe(id);
  });
});

const PROVINCE = 'roster/gbt2260-hunan.json';

describe.skipIf(!hasExample(PROVINCE))('the organisations of a whole province', () => {
  const Place = z.object({ code: z.string(), name: z.string() });
  const Province = z.object({ province: Place, cities: z.array(Place), areas: z.array(Place.extend({ cityCode: z.string() })) });
  const nothing = { province: { code: '', name: '' }, cities: [], areas: [] };
  const { province, cities, areas } = Province.parse(hasExample(PROVINCE) ? JSON.parse(example(PROVINCE).toString('utf8')) : nothing);
  const top = organisation(province.code, { code: province.code, name: province.name, path: `/${province.code}/` });
  const placed = [
    top, ...cities.map((one) => organisation(one.code, { ...one, path: `/${province.code}/${one.code}/` })),
    ...areas.map((one) => organisation(one.code, { ...one, path: `/${province.code}/${one.cityCode}/${one.code}/` })),
  ];
  const organisations = new Organisations(placed, top);

  it('are found by code, all of them, and by name with their city before it', () => {
    for (const { code } of placed) expect(organisations.place(code, null)).toMatchObject({ found: { code } });
    for (const { code, name, cityCode } of areas) {
      const city = cities.find((one) => one.code === cityCode);
      expect(organisations.place(null, `${city?.name}/${name}`)).toMatchObject({ found: { code } });
    }
  });

  it('are ambiguous only where two have one name, and then say which codes', () => {
    const names = areas.map(({ name }) => name);
    for (const { code, name } of areas) {
      const found = organisations.place(null, name);
      if (names.filter((one) => one === name).length === 1) expect(found).toMatchObject({ found: { code } });
      else expect(found).toMatchObject({ fault: 'roster.organisation-ambiguous' });
    }
  });

  it('are no roster themselves', async () => {
    const opened = await openSheets(example(PROVINCE), { packed: 1e7, unpacked: 1e7 });
    expect(opened).toMatchObject({ ok: false, error: { code: 'sheet.unreadable' } });
  });
});

describe('who looks like whom', () => {
  beforeAll(testSecrets);

  it.each([['王小明', 'ｗａｎｇ Xiaoming'], ['王小明', '王 小 明'], ['单雄信', 'Shan Xiongxin'], ['买买提·艾力', '买买提艾力'], ['章伟', '张玮']])('%s and %s sound alike', (a, b) => {
    expect(nameKey(a)).toBe(nameKey(b));
    expect(bornHash(a, '1990-01-01')).toBe(bornHash(b, '1990-01-01'));
  });

  it('needs the same day of birth, and letters tell names apart', () => {
    expect(bornHash('王小明', '1990-01-01')).not.toBe(bornHash('王小明', '1990-01-02'));
    expect(plainName('章伟')).not.toBe(plainName('张伟'));
    expect(plainName('买买提·艾力')).toBe(plainName('买买提• 艾力'));
  });
});

describe('a roster from the folder', () => {
  const counts = (given: Partial<Record<'created' | 'changed' | 'moved' | 'left' | 'unchanged' | 'wrong', number>>, open = 0) => {
    const kinds = { created: 0, changed: 0, moved: 0, left: 0, unchanged: 0, wrong: 0, ...given };
    return { kinds, open, total: Object.values(kinds).reduce((sum, n) => sum + n, 0) };
  };

  it.each([
    [counts({ unchanged: 90, changed: 10 }), null], [counts({ unchanged: 89, changed: 11 }), 'share'], [counts({ unchanged: 99, wrong: 1 }), 'faults'], [counts({ unchanged: 99, changed: 1 }, 1), 'decisions'],
    [counts({ unchanged: 95, left: 3, moved: 3, created: 5 }), 'share'], [counts({ unchanged: 10 }), null],
  ])('%j waits for %j when ten of a hundred may change', (given, waits) => {
    expect(letApplyByItself(given, 10)).toBe(waits);
  });
});

describe('identity numbers made for tests', () => {
  it('have the right check character', () => {
    expect(checkCharacter(NATIONAL.slice(0, 17))).toBe('X');
  });
});
