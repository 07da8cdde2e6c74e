import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventsAbout } from '~/audit';
import {
  answerAll, answerRow, applyRoster, badRowsSheet, cancelRoster, carryOutUndo, checkAgain, countRosterRows, inWayOf, makeRosterSlips, rosterSlipsToMake, setColumns, shownRows, stageRoster, undoRoster,
  uploadRoster, withdrawRoster, type Roster,
} from '~/exchange';
import { inTransaction, one, reader, rows } from '~/db';
import { accountOfPerson, activate, checkCode, newActivationCode, openAccount, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock, days, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { fileExists } from '~/kernel/files';
import { must } from '~/kernel/result';
import { appoint, createPerson, openPersonCard, peopleInScope, personCard, personsByNumber, type Organisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anActor, anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { example, hasExample } from '../support/examples';
import { refusal } from '../support/intakes';
import { anIdentityNumber, aSheet, checkedRoster, officerOf, theRoster } from '../support/rosters';

const USERS = 'roster/moodle-upload_users.csv';
const TITLES = ['姓名', '工号', '身份证号', '单位', '岗位', '上岗日期', '手机'];
const ALL = { filter: null, search: '', page: 1, pageSize: 100 };
const rowsIn = async (actor: Actor, roster: Roster) => (await shownRows(actor, roster, ALL)).rows;
const kindsOf = async (actor: Actor, roster: Roster) => (await rowsIn(actor, roster)).map((row) => row.kind);
const personOf = async (number: string) => (await personsByNumber(reader(), [number])).get(number) ?? null;
const cardOf = async (number: string) => personCard(reader(), await personOf(number) ?? '');
const count = async (table: string) => (await one(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM ${table}`)).n;
const faultsIn = (row: { problems: { field: string; problem: { code: string } }[] } | undefined) => row?.problems.map(({ field, problem }) => `${field} ${problem.code}`);
const csv = (...lines: string[]): Buffer => Buffer.from(lines.join('\n'));

/** Applies a roster and lets everything that follows happen. */
async function applied(actor: Actor, roster: Roster, mode: 'all' | 'good' = 'all'): Promise<Roster> {
  must(await applyRoster(actor, roster.id, mode));
  await drainOutbox();
  return theRoster(actor, roster.id);
}

async function undone(actor: Actor, roster: Roster, rest = false): Promise<Roster> {
  must(await undoRoster(actor, roster.id, { reason: '传错了文件', rest }));
  await drainOutbox();
  return theRoster(actor, roster.id);
}

onEveryDatabase('rosters', () => {
  let bureau: Organisation;
  let office: Organisation;
  let other: Organisation;
  let hr: Actor;
  let serial = 0;
  /** A staff number that nobody has. */
  const fresh = () => `G${(serial += 1)}`;

  beforeAll(async () => {
    useConfig(testConfig());
    bureau = await anOrganisation({ name: '民政局', code: 'MZ' });
    office = await anOrganisation({ parent: bureau, name: '民政局办公室', code: 'MZ-01' });
    other = await anOrganisation({ name: '财政局', code: 'CZ' });
    hr = officerOf(bureau);
  });
  beforeEach(() => resetClock());

  /** Somebody who serves in the bureau already, by a roster of their own. */
  async function known(line: string, header = '姓名,工号,身份证号,岗位,上岗日期', unit = bureau, actor = hr): Promise<void> {
    await applied(actor, await checkedRoster(actor, unit, csv(header, line)));
  }

  it('go from an Excel file over a dry run into effect, and back', async () => {
    const [first, second, number] = [fresh(), fresh(), anIdentityNumber('1988-11-02')];
    const content = await aSheet(TITLES, [['赵一', first, number, '民政局办公室', '科员', '2026-07-01', '13800000001'], ['钱二', second, '', '', '副科长', { date: '2020-05-01' }, '']]);
    const roster = await checkedRoster(hr, bureau, content);
    expect(roster).toMatchObject({ state: 'checked', lines: 2, sheet: '花名册', headerLine: 1, mapping: ['name', 'staffNumber', 'nationalNumber', 'organisation', 'post', 'startOfDuty', 'phone'] });
    expect(await kindsOf(hr, roster)).toEqual(['created', 'created']);
    expect(await personOf(first)).toBeNull();
    expect(await fileExists(roster.fileKey ?? '')).toBe(true);

    const done = await applied(hr, roster);
    expect(done).toMatchObject({ state: 'applied', told: 2, planned: 2, fileKey: null });
    expect(await fileExists(roster.fileKey ?? '')).toBe(false);
    expect(await cardOf(first)).toMatchObject({
      name: '赵一', phone: '13800000001', numbers: [{ kind: 'national', value: `430***********${number.slice(14)}` }, { kind: 'staff', value: first }],
      appointments: [{ organisationName: '民政局办公室', post: '科员', kind: 'staff', startOfDuty: '2026-07-01', endedOn: null }],
    });
    expect(await cardOf(second)).toMatchObject({ appointments: [{ organisationName: '民政局', startOfDuty: '2020-05-01' }] });
    const person = await personOf(first) ?? '';
    expect(await accountOfPerson(reader(), person)).toMatchObject({ signInName: first, state: 'invited' });
    expect((await eventsAbout(reader(), person)).map((event) => event.kind)).toEqual(expect.arrayContaining(['person.registered', 'account.opened', 'person.appointed']));

    expect(await undone(hr, roster)).toMatchObject({ state: 'undone' });
    expect(await personOf(first)).toBeNull();
    expect((await peopleInScope(reader(), { paths: [bureau.path], page: 1 })).count).toBe(0);
    // The same file can be brought again, and its numbers are free.
    expect(await applied(hr, await checkedRoster(hr, bureau, content))).toMatchObject({ state: 'applied', told: 2 });
    expect((await peopleInScope(reader(), { paths: [bureau.path], page: 1 })).people.map((one) => one.name).sort()).toEqual(['赵一', '钱二'].sort());
    expect(await accountOfPerson(reader(), await personOf(first) ?? '')).toMatchObject({ signInName: first });
  });

  it('say per row what is changed, moved, left and unchanged, and do exactly that', async () => {
    const [a, b, c, d, id] = [fresh(), fresh(), fresh(), fresh(), anIdentityNumber()];
    await known([`孙三,${a},${id},科员,2020-01-01`, `李四,${b},,科员,2020-01-01`, `周五,${c},,科员,2020-01-01`, `吴六,${d},,科员,2020-01-01`].join('\n'));
    const today = dateAt(clock.now(), 'Asia/Shanghai');
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,身份证号,单位,岗位,手机,状态,离职日期',
      `孙三,,${id},,科长,13900000000,,`, `李四,${b},,民政局办公室,,,,`, `周五,${c},,,,,退休,${today}`, `吴六,${d},,,,,在职,`));
    const found = await rowsIn(hr, roster);
    expect(found.map(({ kind, changes }) => [kind, ...changes.map(({ field, from, to }) => `${field}: ${from} → ${to}`)])).toEqual([
      ['changed', 'phone: null → 13900000000', 'post: 科员 → 科长'], ['moved', 'organisation: 民政局 → 民政局办公室', `startOfDuty: 2020-01-01 → ${today}`], ['left', `leftOn: null → ${today}`], ['unchanged'],
    ]);
    await applied(hr, roster);
    expect(await cardOf(a)).toMatchObject({ phone: '13900000000', appointments: [{ post: '科长', startOfDuty: '2020-01-01' }] });
    expect((await cardOf(b))?.appointments.map((one) => [one.organisationName, one.startOfDuty, one.endedOn !== null])).toEqual([['民政局办公室', today, false], ['民政局', '2020-01-01', true]]);
    expect((await cardOf(c))?.appointments).toMatchObject([{ endedOn: today }]);
    // Who has left signs in no more, from the day after.
    expect(await accountOfPerson(reader(), await personOf(c) ?? '')).toMatchObject({ state: 'invited' });
    setClock(clock.now() + days(1.5));
    await drainOutbox();
    expect(await accountOfPerson(reader(), await personOf(c) ?? '')).toMatchObject({ state: 'closed' });

    expect(await undone(hr, roster)).toMatchObject({ state: 'undone' });
    expect(await cardOf(a)).toMatchObject({ phone: null, appointments: [{ post: '科员' }] });
    expect((await cardOf(b))?.appointments.filter((one) => one.endedOn === null)).toMatchObject([{ organisationName: '民政局', startOfDuty: '2020-01-01' }]);
    expect((await cardOf(c))?.appointments).toMatchObject([{ endedOn: null }]);
    expect(await accountOfPerson(reader(), await personOf(c) ?? '')).toMatchObject({ state: 'invited' });
  });

  it('are idempotent: a file applied twice changes nothing the second time', async () => {
    const content = csv('姓名,工号,岗位,上岗日期,手机', `郑七,${fresh()},科员,2020-01-01,138`.replace('138', '13800001111'), `王八,${fresh()},科员,2020-01-01,`);
    await applied(hr, await checkedRoster(hr, bureau, content));
    const [people, events] = [await count('persons'), await count('appointments')];
    const again = await checkedRoster(hr, bureau, content);
    expect(await kindsOf(hr, again)).toEqual(['unchanged', 'unchanged']);
    expect(await applyRoster(hr, again.id, 'all')).toMatchObject({ error: { code: 'roster.nothing-to-do' } });
    expect([await count('persons'), await count('appointments')]).toEqual([people, events]);
    // While one is under way, the same bytes are the same roster.
    expect(must(await uploadRoster(hr, { organisationId: bureau.id, fileName: 'x', content }))).toBe(again.id);
    must(await withdrawRoster(hr, again.id));
    expect(await theRoster(hr, again.id)).toMatchObject({ state: 'withdrawn', fileKey: null });
  });

  it('name each fault beside its cell, and give the bad rows back as a file', async () => {
    const [a, id] = [fresh(), anIdentityNumber()];
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,身份证号,单位,岗位,上岗日期,备注', `甲,${a},${id},财政局,科员,2026-07-01,=1+1`, `乙,${a},,,科员,2026-07-01,`, `丙,${fresh()},${id},没有,科员,下月,`, `丁,${fresh()},,,科员,2026-07-01,`));
    const found = await rowsIn(hr, roster);
    expect(found.map(faultsIn)).toEqual([
      ['organisation roster.organisation-out-of-scope'], ['staffNumber roster.twice'], ['startOfDuty roster.date', 'nationalNumber roster.twice', 'organisation organisation.unknown'], [],
    ]);
    expect(found[2]?.problems.map(({ typed }) => typed)).toEqual(['下月', '', '没有']);
    expect(JSON.stringify(found)).not.toContain(id);
    expect(await applyRoster(hr, roster.id, 'all')).toMatchObject({ error: { code: 'roster.not-all-good', params: { wrong: 3, open: 0 } } });

    const sheet = badRowsSheet(roster, 'zh');
    const bad: unknown[][] = [];
    for await (const some of sheet.rows) bad.push(...some);
    expect(sheet.columns.map(({ title }) => title)).toEqual(['姓名', '工号', '身份证号', '单位', '岗位', '上岗日期', '备注', '原因（导入时不用）']);
    expect(bad.map((row) => row.slice(0, 7))).toEqual([['甲', a, id, '财政局', '科员', '2026-07-01', '=1+1'], ['乙', a, '', '', '科员', '2026-07-01', ''], ['丙', found[2]?.number, id, '没有', '科员', '下月', '']]);
    expect(bad[1]?.[7]).toBe('工号：与第 2 行的号码重复。');

    // Corrected, the file is brought back as it is; the reasons are no column.
    const corrected = await aSheet(sheet.columns.map(({ title }) => title), bad.slice(0, 1).map((row) => row.map((cell) => (cell === '财政局' ? '民政局' : String(cell)))));
    const done = await applied(hr, roster, 'good');
    expect(await countRosterRows(reader(), roster.id)).toMatchObject({ states: { applied: 1, checked: 3 } });
    expect(done.planned).toBe(1);
    expect(await kindsOf(hr, await checkedRoster(hr, bureau, corrected))).toEqual(['created']);
  });

  it('belong to those who are in charge, and tell nothing about people elsewhere', async () => {
    const number = fresh();
    await known(`外人,${number},,科员,2020-01-01`, undefined, other, officerOf(other));
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,岗位,上岗日期', `猜的,${number},科员,2026-07-01`));
    const [row] = await rowsIn(hr, roster);
    expect(faultsIn(row)).toEqual(['staffNumber roster.person-elsewhere']);
    expect(JSON.stringify(row)).not.toContain('外人');
    expect(row?.personId).toBeNull();
    expect(await refusal(theRoster(officerOf(other), roster.id))).toBe('access.denied');
    expect(await refusal(applyRoster(officerOf(other), roster.id, 'all'))).toBe('access.denied');
    expect(await uploadRoster(hr, { organisationId: other.id, fileName: 'x', content: csv('姓名,工号', 'a,b') })).toMatchObject({ error: { code: 'field.choose' } });
    expect(await refusal(uploadRoster(anActor({ author: [bureau.path] }), { organisationId: bureau.id, fileName: 'x', content: csv('姓名,工号', 'a,b') }))).toBeNull();
  });

  it('ask whether somebody is known already: by name and day of birth, or by another spelling', async () => {
    const born = anIdentityNumber('1979-02-03');
    await known(`欧阳雪,${fresh()},${born},科员,2020-01-01`);
    const [n1, n2] = [fresh(), fresh()];
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,出生日期,岗位,上岗日期', `OUYANG Xue,${n1},1979-02-03,科员,2020-01-01`, `欧阳雪,${n2},1980-01-01,科员,2020-01-01`, `王一,${fresh()},1999-09-09,科员,2026-07-01`, `王 一,${fresh()},1999-09-09,科员,2026-07-01`));
    const found = await rowsIn(hr, roster);
    expect(found.map((row) => [row.kind, row.question, row.alike.length])).toEqual([['created', 'duplicate', 1], ['created', null, 0], ['created', null, 0], ['created', 'duplicate', 1]]);
    expect(found[0]?.alike).toMatchObject([{ name: '欧阳雪', organisation: '民政局', post: '科员' }]);
    expect(found[3]?.alike).toEqual([{ line: 4 }]);
    expect(await applyRoster(hr, roster.id, 'all')).toMatchObject({ error: { code: 'roster.not-all-good', params: { open: 2 } } });
    const alike = found[0]?.alike[0];
    const personId = alike && 'personId' in alike ? alike.personId : '';
    expect(await answerRow(hr, roster.id, { line: 2, answer: 'same', personId: null })).toMatchObject({ error: { code: 'field.choose' } });
    must(await answerRow(hr, roster.id, { line: 2, answer: 'same', personId }));
    must(await answerAll(hr, roster.id, 'duplicate', 'skip'));
    expect((await rowsIn(hr, roster)).map((row) => [row.kind, row.answer])).toEqual([['wrong', 'same'], ['created', null], ['created', null], ['created', 'skip']]);
    // The known person has a staff number already, so the row is wrong after all and says so.
    expect(faultsIn((await rowsIn(hr, roster))[0])).toEqual(['staffNumber roster.staff-number-differs']);
    await applied(hr, roster, 'good');
    expect(await personOf(n1)).toBeNull();
    expect(await personOf(n2)).not.toBeNull();
  });

  it('link a number to somebody who was recognised, and ask before a known person gets another name', async () => {
    const recruit = `R-${fresh()}`;
    const personId = await inTransaction(async (tx) => {
      const id = must(await createPerson(tx, { by: 'system:a test' }, { name: '司马迁', numbers: [{ kind: 'recruitment', value: recruit }, { kind: 'national', value: anIdentityNumber('1971-01-01') }] }));
      await appoint(tx, { by: 'system:a test' }, { personId: id, organisationId: bureau.id, kind: 'staff', post: '科员', startOfDuty: '2020-01-01' });
      must(await openAccount(tx, { by: 'system:a test' }, { personId: id, signInName: recruit }));
      return id;
    });
    const staff = fresh();
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,出生日期,岗位,上岗日期', `司馬遷,${staff},1971-01-01,科员,2020-01-01`));
    expect((await rowsIn(hr, roster))[0]).toMatchObject({ kind: 'created', question: 'duplicate' });
    must(await answerRow(hr, roster.id, { line: 2, answer: 'same', personId }));
    await applied(hr, roster);
    expect(await personOf(staff)).toBe(personId);
    expect((await cardOf(staff))?.name).toBe('司馬遷');

    const renamed = await checkedRoster(hr, bureau, csv('姓名,工号', `司马谈,${staff}`));
    expect((await rowsIn(hr, renamed))[0]).toMatchObject({ kind: 'changed', question: 'name', knownName: '司馬遷' });
    expect(await applyRoster(hr, renamed.id, 'all')).toMatchObject({ error: { code: 'roster.not-all-good' } });
    must(await answerRow(hr, renamed.id, { line: 2, answer: 'same', personId: null }));
    await applied(hr, renamed);
    expect((await cardOf(staff))?.name).toBe('司马谈');
    // Either number signs in.
    const code = await inTransaction(async (tx) => newActivationCode(tx, { by: 'system:a test' }, (await accountOfPerson(tx, personId))?.id ?? '', 'activate'));
    expect(await checkCode({ name: staff, code, address: '10.0.0.9' })).toMatchObject({ ok: true });
  });

  it('apply nothing when somebody changed a person after the check, or only the other rows', async () => {
    const [a, b] = [fresh(), fresh()];
    await known([`韩一,${a},,科员,2020-01-01`, `韩二,${b},,科员,2020-01-01`].join('\n'));
    const content = csv('姓名,工号,岗位', `韩一,${a},科长`, `韩二,${b},科长`);
    const roster = await checkedRoster(hr, bureau, content);
    await known(`韩一,${a},,处长,2020-01-01`);
    const stopped = await applied(hr, roster);
    expect(stopped).toMatchObject({ state: 'checked', problem: { code: 'roster.overtaken', params: { count: 1 } }, staged: 0 });
    expect((await cardOf(b))?.appointments[0]?.post).toBe('科员');
    expect(await count('roster_plans WHERE import_id = \'' + roster.id + '\'')).toBe(0);

    must(await checkAgain(hr, roster.id));
    await drainOutbox();
    await known(`韩二,${b},,主任,2020-01-01`);
    const done = await applied(hr, await theRoster(hr, roster.id), 'good');
    expect(done).toMatchObject({ state: 'applied', planned: 1 });
    expect((await cardOf(a))?.appointments[0]?.post).toBe('科长');
    expect((await cardOf(b))?.appointments[0]?.post).toBe('主任');
  });

  it('can be stopped before they take effect; nothing of them is left', async () => {
    const tables = ['persons', 'identifiers', 'appointments', 'accounts', 'sign_in_names', 'person_likeness', 'roster_plans', 'roster_numbers'];
    const before = await Promise.all(tables.map(count));
    const numbers = Array.from({ length: 250 }, fresh);
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,岗位,上岗日期', ...numbers.map((number, i) => `人员${i},${number},科员,2026-07-01`)));
    must(await applyRoster(hr, roster.id, 'all'));
    // The job dies after some of the rows: others are ready, nobody is seen.
    const [first] = numbers;
    const cancelled = stageRoster(roster.id);
    must(await cancelRoster(hr, roster.id).then((result) => result));
    await cancelled;
    await drainOutbox();
    expect(await theRoster(hr, roster.id)).toMatchObject({ state: 'checked', staged: 0 });
    expect(await personOf(first ?? '')).toBeNull();
    expect(await Promise.all(tables.map(count))).toEqual(before);
    expect(await applied(hr, await theRoster(hr, roster.id))).toMatchObject({ state: 'applied', told: 250 });
    expect(await cancelRoster(hr, roster.id)).toMatchObject({ error: { code: 'roster.too-late' } });
  });

  it('are switched over once, however often their jobs run', async () => {
    const number = fresh();
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,岗位,上岗日期', `一次,${number},科员,2026-07-01`));
    must(await applyRoster(hr, roster.id, 'all'));
    await stageRoster(roster.id);
    await stageRoster(roster.id);
    await drainOutbox();
    expect((await cardOf(number))?.appointments).toHaveLength(1);
    const events = await eventsAbout(reader(), await personOf(number) ?? '');
    expect(events.filter((event) => event.kind === 'person.registered')).toHaveLength(1);
    expect(events.find((event) => event.kind === 'person.registered')?.body).toMatchObject({ rosterId: roster.id, line: 2 });
  });

  it('are not undone once somebody acted, and say who stands in the way; the rest can be', async () => {
    const [a, b] = [fresh(), fresh()];
    const roster = await applied(hr, await checkedRoster(hr, bureau, csv('姓名,工号,岗位,上岗日期', `动了,${a},科员,2026-07-01`, `没动,${b},科员,2026-07-01`)));
    const personId = await personOf(a) ?? '';
    // Reading somebody's card and printing codes is no hindrance.
    await openPersonCard(hr, await personOf(b) ?? '');
    must(await makeRosterSlips(hr, roster.id, null));
    expect((await inWayOf(roster)).count).toBe(0);
    const code = await inTransaction(async (tx) => newActivationCode(tx, { by: 'system:a test' }, (await accountOfPerson(tx, personId))?.id ?? '', 'activate'));
    must(await activate({ name: a, code, address: '10.0.0.9', agent: 'x', password: '竹影扫阶尘不动 Kx7' }));
    expect(await inWayOf(roster)).toMatchObject({ count: 1, people: [{ person_id: personId, name: '动了' }] });
    expect(await undoRoster(hr, roster.id, { reason: '错了', rest: false })).toMatchObject({ error: { code: 'roster.stands-in-way', params: { count: 1 } } });
    expect(await undone(hr, roster, true)).toMatchObject({ state: 'undone' });
    expect(await countRosterRows(reader(), roster.id)).toMatchObject({ states: { kept: 1, undone: 1 } });
    expect((await cardOf(a))?.appointments[0]?.endedOn).toBeNull();
    expect(await personOf(b)).toBeNull();
    await carryOutUndo(roster.id);
  });

  it('print slips for who came by them, unit by unit', async () => {
    const [a, b] = [fresh(), fresh()];
    const roster = await applied(hr, await checkedRoster(hr, bureau, csv('姓名,工号,单位,岗位,上岗日期', `无邮箱,${a},,科员,2026-07-01`, `无手机,${b},民政局办公室,科员,2026-07-01`)));
    expect(await rosterSlipsToMake(reader(), hr, roster.id)).toMatchObject([{ organisationName: '民政局', people: 1 }, { organisationName: '民政局办公室', people: 1 }]);
    const all = must(await makeRosterSlips(hr, roster.id, null));
    expect(all.units.map((unit) => unit.slips.map((slip) => slip.signInName))).toEqual([[a], [b]]);
    const one = must(await makeRosterSlips(hr, roster.id, office.id));
    expect(one.units).toHaveLength(1);
    expect(await checkCode({ name: b, code: one.units[0]?.slips[0]?.code ?? '', address: '10.0.0.9' })).toMatchObject({ ok: true });
    expect(await rosterSlipsToMake(reader(), officerOf(office), roster.id)).toHaveLength(1);
  });

  it('wait for their columns to be set, and remember them for the unit', async () => {
    const number = fresh();
    const content = (n: string) => csv('甲,乙,丙,丁', `戊己,${n},科员,2026-07-01`);
    const id = must(await uploadRoster(hr, { organisationId: bureau.id, fileName: 'x.csv', content: content(number) }));
    expect(await theRoster(hr, id)).toMatchObject({ state: 'columns', mapping: [null, null, null, null] });
    expect(await setColumns(hr, id, ['name', 'name', null, null])).toMatchObject({ error: { code: 'roster.column-twice' } });
    expect(await setColumns(hr, id, ['name', null, null, null])).toMatchObject({ error: { code: 'roster.number-column-missing' } });
    must(await setColumns(hr, id, ['name', 'staffNumber', 'post', 'startOfDuty']));
    await drainOutbox();
    expect(await kindsOf(hr, await theRoster(hr, id))).toEqual(['created']);
    expect(await checkedRoster(hr, bureau, content(fresh()))).toMatchObject({ state: 'checked', mapping: ['name', 'staffNumber', 'post', 'startOfDuty'] });
    // Rows to correct know their columns again, behind which the reasons stand.
    const wrong = badRowsSheet(await checkedRoster(hr, bureau, content('a b;')), 'zh');
    for await (const bad of wrong.rows) {
      expect(await checkedRoster(hr, bureau, await aSheet(wrong.columns.map(({ title }) => title), bad))).toMatchObject({ mapping: ['name', 'staffNumber', 'post', 'startOfDuty', null] });
    }
    expect(await theRoster(officerOf(office), must(await uploadRoster(officerOf(office), { organisationId: office.id, fileName: 'x', content: content(fresh()) })))).toMatchObject({ state: 'columns' });
  });

  it('keep no identity number readable, and nothing of passwords', async () => {
    const id = anIdentityNumber();
    const roster = await checkedRoster(hr, bureau, csv('姓名,工号,身份证号,password,岗位,上岗日期', `密,${fresh()},${id},geheim77,科员,2026-07-01`, `错,${fresh()},${id},geheim77,科员,2026-07-01`));
    await applied(hr, roster, 'good');
    for (const table of ['roster_imports', 'roster_rows', 'roster_plans', 'roster_numbers', 'ledger_events', 'outbox', 'person_likeness', 'identifiers', 'persons']) {
      const stored = JSON.stringify(await rows(reader(), z.record(z.string(), z.unknown()), `SELECT * FROM ${table}`));
      expect(stored).not.toContain(id);
      expect(stored).not.toContain('geheim77');
    }
  });

  describe('with files of others', () => {
    it.skipIf(!hasExample(USERS))('find no roster in a list of users without people known, and say what each lacks', async () => {
      const roster = await checkedRoster(hr, bureau, example(USERS), 'moodle-upload_users.csv');
      expect(roster).toMatchObject({ state: 'checked', mapping: ['staffNumber', null, 'givenName', 'familyName', 'email', null, null] });
      expect((await rowsIn(hr, roster)).map((row) => [row.name, row.number, faultsIn(row)])).toEqual([
        ['Tom Jones', 'jonest', ['post field.required', 'startOfDuty field.required']], ['Trent Reznor', 'reznor', ['post field.required', 'startOfDuty field.required']],
      ]);
    });
  });
});
