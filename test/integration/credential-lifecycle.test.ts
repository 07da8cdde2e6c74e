import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  actsOf, allTemplates, anotherDecides, askRevocation, assignFor, carryOutRevocation, changeDraft, checkCredential, checksOf, continueRun, correctCredential, credentialsOf,
  failedItems, factsOfPdf, issueCredential, issueUnprinted, linksOf, makeIssuer, makeTemplate, noteCheck, openRun, openTemplate, previewRun, publishTemplate, rebuildProjections,
  recordCompletion, recordResult, refuseRevocation, reinstateCredential, renameIssuer, resumeRun, retryRun, startRun, STANDARD, stopRun, suspendCredential, sweep, withdrawRevocation,
  type Credential, type RunFilter, type TemplateWords,
} from '~/certification';
import { execute, inTransaction, insert, one, reader } from '~/db';
import { clock, resetClock } from '~/kernel/clock';
import { config, useConfig } from '~/kernel/config';
import { readFile } from '~/kernel/files';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { announceCredentialChange, noticesOf } from '~/notices';
import { aSignedInAccount } from '../support/actors';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

const Id = z.object({ id: z.string() });
const WHY = '经核查确有其事。';

onEveryDatabase('the life of a credential', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig({ PUBLIC_URL: 'https://sg.example.gov.cn' }));
    itIs('2026-05-04');
    city = await aCity();
  });
  beforeEach(() => itIs('2026-07-02'));
  afterEach(resetClock);

  async function cleared(given: { name?: string } = {}): Promise<{ personId: string; assignmentId: string }> {
    const { personId, appointmentId } = await somebody(city, given);
    await assignFor(appointmentId);
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 86.5 }));
    const { id } = await one(reader(), Id, 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    return { personId, assignmentId: id };
  }

  async function issued(given: { name?: string } = {}): Promise<Credential> {
    const { personId, assignmentId } = await cleared(given);
    await issueUnprinted(assignmentId);
    return newest(personId);
  }

  async function newest(personId: string): Promise<Credential> {
    const [credential] = await credentialsOf(reader(), personId);
    if (!credential) throw new Error('there is no credential');
    return credential;
  }

  const clearanceOf = (personId: string) => one(reader(), z.object({ status: z.string(), suspended_on: z.string().nullable() }),
    'SELECT status, suspended_on FROM clearances WHERE person_id = $personId', { personId });
  const differences = async (personId: string) => (await rebuildProjections({ check: true })).filter((each) => each.personId === personId);

  it('is not ended by who asks for it, and until another has decided nothing changes', async () => {
    const { number, person_id: personId, id } = await issued();
    const asked = must(await askRevocation('account:a', number, 'misconduct', WHY));
    expect(await askRevocation('account:c', number, 'left-service', WHY)).toMatchObject({ ok: false, error: { code: 'credential.asked-already' } });
    expect(await carryOutRevocation('account:a', asked, WHY)).toMatchObject({ ok: false, error: { code: 'credential.second-person' } });
    expect(await refuseRevocation('account:a', asked, WHY)).toMatchObject({ ok: false, error: { code: 'credential.second-person' } });
    expect((await newest(personId)).state).toBe('valid');
    expect((await clearanceOf(personId)).status).toBe('cleared');
    // Not even past the program.
    await expect(inTransaction((tx) => execute(tx, `UPDATE credential_acts SET state = 'carried-out', decided_by = asked_by WHERE id = $asked`, { asked }))).rejects.toThrow();
    await expect(inTransaction((tx) => execute(tx, `UPDATE credential_acts SET state = 'carried-out' WHERE id = $asked`, { asked }))).rejects.toThrow();

    must(await refuseRevocation('account:b', asked, WHY));
    const again = must(await askRevocation('account:a', number, 'misconduct', WHY));
    expect(await withdrawRevocation('account:b', again)).toMatchObject({ ok: false });
    must(await withdrawRevocation('account:a', again));
    const last = must(await askRevocation('account:a', number, 'misconduct', WHY));
    await tenTimes(() => carryOutRevocation('account:b', last, WHY));
    expect(await newest(personId)).toMatchObject({ state: 'revoked', state_cause: 'personnel', state_reason: 'misconduct' });
    expect((await clearanceOf(personId)).status).toBe('not-cleared');
    expect((await actsOf(reader(), id)).map(({ state }) => state).sort()).toEqual(['carried-out', 'refused', 'withdrawn']);
    expect(await countOf('ledger_events', `kind = 'credential.revoked' AND person_id = $personId`, { personId })).toBe(1);
    expect(await differences(personId)).toEqual([]);
  });

  it('rests while it is suspended, and goes on when another person reinstates it', async () => {
    const { number, person_id: personId, id, check_code: code } = await issued();
    must(await suspendCredential('account:a', number, 'inquiry', WHY));
    expect(await suspendCredential('account:b', number, 'inquiry', WHY)).toMatchObject({ ok: false, error: { code: 'credential.settled' } });
    expect(await clearanceOf(personId)).toEqual({ status: 'not-cleared', suspended_on: '2026-07-02' });
    expect(await checkCredential(reader(), number, null)).toMatchObject({ status: { state: 'suspended', reason: 'inquiry', stateAt: clock.now() } });
    expect(await issueUnprinted((await newest(personId)).assignment_id)).toBe(id);
    const [act] = await actsOf(reader(), id);
    itIs('2026-07-06');
    expect(await reinstateCredential('account:a', act?.id ?? '', 'inquiry-closed', WHY)).toMatchObject({ ok: false, error: { code: 'credential.second-person' } });
    must(await reinstateCredential('account:b', act?.id ?? '', 'inquiry-closed', WHY));
    expect(await clearanceOf(personId)).toEqual({ status: 'cleared', suspended_on: null });
    expect(await checkCredential(reader(), number, { code })).toMatchObject({ found: 'facts', status: { state: 'valid', reason: 'inquiry-closed' } });
    expect(await credentialsOf(reader(), personId)).toHaveLength(1);
    expect(await differences(personId)).toEqual([]);
    for (const change of ['suspend', 'suspend', 'reinstate'] as const) await announceCredentialChange(id, change);
    expect((await noticesOf(reader(), personId, { limit: 9, offset: 0 })).map(({ content }) => content.kind).sort()).toEqual(['credential-reinstated', 'credential-suspended']);
  });

  it('tells a lonely officer that there is no second one', async () => {
    const { accountId } = await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    expect(await anotherDecides(reader(), city.bureau.path, accountId)).toBe(false);
    await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    expect(await anotherDecides(reader(), city.bureau.path, accountId)).toBe(true);
  });

  it('is followed by a corrected one with the next number, each naming the other', async () => {
    const wrong = await issued({ name: '顾清原' });
    expect(await correctCredential('account:a', wrong.number, { name: ' 顾清原 ' }, WHY)).toMatchObject({ ok: false, error: { code: 'credential.nothing-corrected' } });
    expect(await correctCredential('account:a', wrong.number, { name: '顾𬎆' }, WHY)).toMatchObject({ ok: false, error: { code: 'credential.missing-characters', params: { characters: '𬎆' } } });
    const number = must(await correctCredential('account:a', wrong.number, { name: '顾清源' }, WHY));
    const [right, old] = await credentialsOf(reader(), wrong.person_id);
    expect(right).toMatchObject({ number, state: 'valid', replaces: wrong.id, snapshot: { name: '顾清源', replaces: wrong.number, replacing: 'corrected', mayStartOn: wrong.snapshot.mayStartOn } });
    expect(old).toMatchObject({ state: 'superseded', state_reason: 'corrected', snapshot: wrong.snapshot });
    expect(Number(number.slice(-6))).toBe(Number(wrong.number.slice(-6)) + 1);
    if (!right || !old) throw new Error('there are not two');
    expect(await linksOf(reader(), right)).toEqual({ replaces: old.number, replacedBy: null });
    expect(await checkCredential(reader(), old.number, { code: old.check_code })).toMatchObject({ status: { state: 'superseded', reason: 'corrected' }, links: { replacedBy: number } });
    expect(JSON.stringify(await checkCredential(reader(), old.number, null))).not.toContain(number);
    expect((await clearanceOf(wrong.person_id)).status).toBe('cleared');
    expect(await issueUnprinted(wrong.assignment_id)).toBe(right.id);
  });

  it('ends when that of the next cycle is issued, which names it', async () => {
    const first = await issued();
    const next = newId();
    await inTransaction(async (tx) => {
      await execute(tx, `INSERT INTO assignments (id, person_id, appointment_id, programme_version_id, cycle, follows, assigned_at, due_on, start_of_duty)
        SELECT $next, person_id, appointment_id, programme_version_id, 2, id, assigned_at, due_on, start_of_duty FROM assignments WHERE id = $id`, { next, id: first.assignment_id });
      await execute(tx, `INSERT INTO clearances (assignment_id, person_id, appointment_id, gate, status, may_start_on, due_on, start_of_duty, done, total, periods, requirements, computed_at)
        SELECT $next, person_id, appointment_id, gate, status, may_start_on, due_on, start_of_duty, done, total, periods, requirements, computed_at
        FROM clearances WHERE assignment_id = $id`, { next, id: first.assignment_id });
    });
    await tenTimes(() => issueUnprinted(next));
    const [second, former] = await credentialsOf(reader(), first.person_id);
    expect([second?.state, former?.state]).toEqual(['valid', 'superseded']);
    expect(second).toMatchObject({ assignment_id: next, replaces: first.id, snapshot: { replaces: first.number, replacing: 'renewed' } });
    expect(await issueUnprinted(first.assignment_id)).toBe(first.id);
    expect(await credentialsOf(reader(), first.person_id)).toHaveLength(2);
    await inTransaction((tx) => execute(tx, 'DELETE FROM clearances WHERE assignment_id = $next', { next }));
  });

  it('is numbered by its issuer, without gaps, whoever else issues at the same time', async () => {
    const before = await issued();
    must(await makeIssuer('account:a', city.bureau.id, 'yjsj'));
    expect(await makeIssuer('account:a', city.bureau.id, 'OTHER')).toMatchObject({ ok: false });
    const people = await Promise.all(Array.from({ length: 4 }, () => cleared()));
    await Promise.all(people.map(({ assignmentId }) => issueUnprinted(assignmentId)));
    const numbers = (await Promise.all(people.map(({ personId }) => newest(personId)))).map(({ number }) => number).sort();
    expect(numbers).toEqual([1, 2, 3, 4].map((serial) => `YJSJ-2026-00000${serial}`));
    expect((await newest(people[0]?.personId ?? '')).snapshot.issuer).toBe(city.bureau.name);
    expect(before.number).toMatch(/^SG-/);
    expect(await renameIssuer('account:a', city.bureau.id, 'NEW')).toMatchObject({ ok: false, error: { code: 'credential.prefix-used' } });
    expect(await renameIssuer('account:a', city.bureau.id, 'SG')).toMatchObject({ ok: false, error: { code: 'credential.prefix-taken' } });
    await inTransaction((tx) => execute(tx, 'UPDATE credential_issuers SET ended_at = 1 WHERE organisation_id = $id', { id: city.bureau.id }));
  });

  it('looks as the template said when it was issued, byte for byte, whatever is published later', async () => {
    const { assignmentId, personId } = await cleared();
    const id = must(await makeTemplate('account:a', '测试模板', null));
    const { emblem: _, ...standard } = STANDARD;
    const design = async (words: TemplateWords, png: Buffer | null) => {
      const draft = (await openTemplate(reader(), id))?.draft;
      must(await changeDraft(id, { version: draft?.version ?? 0, words, emblem: png ? { png } : 'keep' }));
      return must(await publishTemplate('account:a', id, (draft?.version ?? 0) + 1));
    };
    expect(await changeDraft(id, { version: 1, words: standard, emblem: { png: Buffer.from('not a picture at all, but long enough to be one') } })).toMatchObject({ ok: false, error: { code: 'credential.emblem-form' } });
    await design({ ...standard, titleZh: '培训合格证书', palette: 'red', orientation: 'landscape', facts: ['english'] }, aPng());
    await issueCredential(assignmentId);
    const old = await newest(personId);
    expect(old.snapshot.template).toMatchObject({ name: '测试模板', number: 1, content: { palette: 'red' } });
    const bytes = await readFile(old.pdf_file ?? '');
    await inTransaction((tx) => insert(tx, 'credential_template_versions', [{
      id: newId(), template_id: id, number: 2, state: 'draft', content: JSON.stringify(STANDARD), made_at: tx.now, made_by: 'account:a',
    }]));
    await design({ ...standard, titleZh: '新版证书', palette: 'blue' }, null);
    const later = await issued();
    expect(later.snapshot.template).toMatchObject({ number: 2, content: { titleZh: '新版证书' } });
    await rm(path.join(config().DATA_DIR, 'files', old.pdf_file ?? ''));
    await issueCredential(assignmentId);
    expect((await readFile(old.pdf_file ?? '')).equals(bytes)).toBe(true);
    expect(await factsOfPdf(reader(), createHash('sha256').update(bytes).digest('hex'))).toMatchObject({ found: 'facts', facts: { number: old.number } });
    expect(await factsOfPdf(reader(), createHash('sha256').update('altered').digest('hex'))).toEqual({ found: 'nothing' });
    expect(await allTemplates(reader())).toMatchObject([{ name: '测试模板', programme_id: null }]);
    await inTransaction((tx) => execute(tx, `UPDATE credential_template_versions SET state = 'retired'`));
  });

  it('is issued in bulk, which can be stopped, killed and taken up, and where one failure stops nothing', async () => {
    // What other tests left unprinted is not this run's.
    await inTransaction((tx) => execute(tx, `UPDATE credentials SET pdf_file = 'credentials/none.pdf' WHERE pdf_file IS NULL`));
    const people = [await cleared(), await cleared({ name: '王𬎆' }), await cleared()];
    const filter: RunFilter = { paths: [city.bureau.path], programmeId: null, intakeId: null, organisationId: city.bureau.id, zh: '全部', en: 'All' };
    expect(await previewRun(reader(), filter, '2026-07-02')).toEqual({ issue: 3, print: 0 });
    const run = must(await startRun('account:a', filter));
    must(await stopRun('account:a', run));
    await continueRun(run);
    expect(await openRun(run, [city.bureau.path])).toMatchObject({ state: 'stopped', total: 3, waiting: 3 });
    must(await resumeRun('account:a', run));
    // Killed in the middle: its job is gone, one credential is issued but not noted.
    await issueUnprinted(people[0]?.assignmentId ?? '');
    await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'done' WHERE status <> 'done'`));
    await sweep(clock.now());
    expect(await countOf('outbox', `name = 'certification.credential-run' AND status = 'waiting' AND payload LIKE $run`, { run: `%${run}%` })).toBe(1);
    await Promise.all([continueRun(run), continueRun(run)]);
    expect(await openRun(run, [city.bureau.path])).toMatchObject({ state: 'done', total: 3, waiting: 0, failed: 1 });
    expect(await failedItems(reader(), run)).toMatchObject([{ name: '王𬎆', reason: 'missing-characters', detail: '𬎆' }]);
    for (const { personId } of people) expect(await credentialsOf(reader(), personId)).toHaveLength(1);
    must(await retryRun('account:a', run));
    await continueRun(run);
    expect(await openRun(run, [city.bureau.path])).toMatchObject({ state: 'done', failed: 1 });
    expect(await openRun(run, ['/elsewhere/'])).toBeNull();
    expect(await previewRun(reader(), filter, '2026-07-02')).toEqual({ issue: 0, print: 1 });
  });

  it('shows its holder who checked it: the day, the way and the kind of network', async () => {
    const { id, number } = await issued();
    for (let i = 0; i < 3; i += 1) await noteCheck(number, 'number', '203.0.113.9');
    await noteCheck(number.toLowerCase(), 'qr', '10.2.3.4');
    await noteCheck('SG-2026-999999', 'number', '203.0.113.9');
    expect((await checksOf(reader(), id)).map(({ day, how, network, times }) => ({ day, how, network, times }))).toEqual(expect.arrayContaining([
      { day: '2026-07-02', how: 'number', network: 'public', times: 3 }, { day: '2026-07-02', how: 'qr', network: 'internal', times: 1 },
    ]));
    expect(JSON.stringify(await checksOf(reader(), id))).not.toMatch(/203|10\.2/);
  });
});

/** A red square of four pixels, half transparent. */
function aPng(): Buffer {
  const chunk = (kind: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 6, 0, 0, 0]);
  const row = [0, 200, 16, 46, 128, 200, 16, 46, 255];
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.from([...row, ...row]))), chunk('IEND', Buffer.alloc(0))]);
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let i = 0; i < 8; i += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
