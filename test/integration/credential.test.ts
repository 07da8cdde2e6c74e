import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  askRevocation, assignFor, carryOutRevocation, checkCredential, credentialsOf, issueCredential, MissingCharactersError, myDuties, rebuildProjections,
  recordCompletion, recordResult, requestPdf, sweep, type Credential,
} from '~/certification';
import { execute, inTransaction, one, openPersonal, reader, rows } from '~/db';
import { clock, resetClock } from '~/kernel/clock';
import { config, useConfig } from '~/kernel/config';
import { fileExists, readFile } from '~/kernel/files';
import { must } from '~/kernel/result';
import { onEveryDatabase } from '../support/databases';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';

const Id = z.object({ id: z.string() });

onEveryDatabase('credentials', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig({ PUBLIC_URL: 'https://sg.example.gov.cn' }));
    itIs('2026-05-04');
    city = await aCity();
  });
  beforeEach(() => itIs('2026-06-24'));
  afterEach(resetClock);

  /** Somebody who has met every requirement; the credential is not issued yet. */
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
    await issueCredential(assignmentId);
    const [credential] = await credentialsOf(reader(), personId);
    if (!credential) throw new Error('no credential was issued');
    return credential;
  }

  it('are issued exactly once, whatever is retried, with their PDF and one announcement', async () => {
    const { personId, assignmentId } = await cleared();
    await tenTimes(() => issueCredential(assignmentId));
    const held = await credentialsOf(reader(), personId);
    expect(held).toHaveLength(1);
    expect(held[0]).toMatchObject({ state: 'valid', number: expect.stringMatching(/^SG-2026-\d{6}$/), pdf_file: `credentials/2026/${held[0]?.number}.pdf` });
    expect((await readFile(held[0]?.pdf_file ?? '')).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await countOf('outbox', `name = 'certification.issued' AND payload LIKE $id`, { id: `%${held[0]?.id}%` })).toBe(1);
    expect(await countOf('ledger_events', `kind = 'credential.issued' AND person_id = $personId`, { personId })).toBe(1);
  });

  it('are not issued to who is not cleared', async () => {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    const { id } = await one(reader(), Id, 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    await issueCredential(id);
    expect(await credentialsOf(reader(), personId)).toEqual([]);
  });

  it('have numbers without gaps and twins, though many are issued at once and some roll back', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => cleared()));
    const broken = await cleared();
    await inTransaction((tx) => execute(tx, `UPDATE clearances SET requirements = '[{"code":"x","kind":"course","targetId":"gone","state":"met","evidenceRef":"gone","at":1,"reason":{"code":"course-completed","params":{}}}]' WHERE assignment_id = $id`, { id: broken.assignmentId }));
    const outcomes = await Promise.allSettled([...people, broken].map(({ assignmentId }) => issueCredential(assignmentId)));
    expect(outcomes.filter((one) => one.status === 'rejected')).toHaveLength(1);
    const numbers = (await rows(reader(), z.object({ number: z.string() }), 'SELECT number FROM credentials ORDER BY number')).map((row) => Number(row.number.slice(-6)));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    await inTransaction((tx) => execute(tx, 'DELETE FROM clearances WHERE assignment_id = $id', { id: broken.assignmentId }));
  });

  it('hold what was true when they were issued, whatever changes later', async () => {
    const credential = await issued({ name: '苏明远' });
    await inTransaction((tx) => execute(tx, `UPDATE persons SET name = '苏远' WHERE id = $id`, { id: credential.person_id }));
    const [same] = await credentialsOf(reader(), credential.person_id);
    expect(same?.snapshot).toMatchObject({
      name: '苏明远', organisation: '云江市数据局', post: '科员', programmeZh: '新录用人员上岗培训', programmeVersion: 1, startOfDuty: '2026-07-01',
      mayStartOn: '2026-07-01', issuedOn: '2026-06-24', validUntil: null,
      requirements: [{ kind: 'course', on: '2026-06-24', minutes: 90 }, { kind: 'exam', percent: 86.5, cutScore: 60 }],
      checkAddress: `https://sg.example.gov.cn/check/${credential.number}?code=${credential.check_code}`,
    });
  });

  it('get their PDF back, byte for byte, when the file is lost', async () => {
    const credential = await issued();
    const key = credential.pdf_file ?? '';
    const before = await readFile(key);
    await rm(path.join(config().DATA_DIR, 'files', key));
    await requestPdf(credential);
    itIs('2026-08-01');
    await issueCredential(credential.assignment_id);
    expect((await readFile(key)).equals(before)).toBe(true);
  });

  it('are completed after a crash between issuing and rendering', async () => {
    const credential = await issued();
    await rm(path.join(config().DATA_DIR, 'files', credential.pdf_file ?? ''));
    await inTransaction((tx) => execute(tx, 'UPDATE credentials SET pdf_file = NULL WHERE id = $id', { id: credential.id }));
    await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'done' WHERE status <> 'done'`));
    await sweep(clock.now());
    expect(await countOf('outbox', `name = 'certification.cleared' AND status = 'waiting' AND payload LIKE $id`, { id: `%${credential.assignment_id}%` })).toBe(1);
    await issueCredential(credential.assignment_id);
    expect(await fileExists(credential.pdf_file ?? '')).toBe(true);
    expect(await credentialsOf(reader(), credential.person_id)).toHaveLength(1);
  });

  it('are valid even when a character of the name cannot be printed; the job says which', async () => {
    const { personId, assignmentId } = await cleared({ name: '王𬎆' });
    await expect(issueCredential(assignmentId)).rejects.toThrow(MissingCharactersError);
    await expect(issueCredential(assignmentId)).rejects.toThrow('𬎆 (U+2C386)');
    const [credential] = await credentialsOf(reader(), personId);
    expect(credential).toMatchObject({ state: 'valid', pdf_file: null });
    expect(await credentialsOf(reader(), personId)).toHaveLength(1);
  });

  it('are checked by number and code with every fact, by number alone without any about the person', async () => {
    const { number, check_code: code, snapshot } = await issued({ name: '顾清' });
    expect(await checkCredential(reader(), number.toLowerCase(), { code: ` ${code.toLowerCase()} ` })).toEqual({
      found: 'facts', facts: snapshot, links: { replacedBy: null },
      status: {
        number, state: 'not-yet', stateAt: clock.now(), reason: null, issuer: snapshot.issuer, issuedAt: clock.now(), validFrom: '2026-07-01', validUntil: null, isExtended: false, isEndedByLaw: false,
      },
    });
    expect(await checkCredential(reader(), number, { name: ' 顾 清' })).toMatchObject({ found: 'facts' });
    expect(await checkCredential(reader(), number, { name: '顾青' })).toMatchObject({ found: 'status', wrong: 'name' });
    itIs('2026-07-01');
    const masked = await checkCredential(reader(), number, null);
    expect(masked).toMatchObject({ found: 'status', status: { state: 'valid' }, wrong: null });
    expect(JSON.stringify(masked)).not.toContain('顾清');
    expect(await checkCredential(reader(), number, { code: 'AAAAAA' })).toMatchObject({ found: 'status', wrong: 'code' });
    expect(await checkCredential(reader(), 'SG-2026-999999', { code })).toEqual({ found: 'nothing' });
    expect(await checkCredential(reader(), 'nonsense', { code })).toEqual({ found: 'nothing' });
  });

  it('are revoked once, with the kind of reason for everybody and the explanation for the ledger', async () => {
    const { number, check_code: code, person_id: personId, id } = await issued();
    itIs('2026-07-15');
    const asked = must(await askRevocation('account:hr', number, 'result-annulled', '经查实，考试由他人代考。'));
    const revoke = () => carryOutRevocation('account:second', asked, '');
    const outcomes = await Promise.all([revoke(), revoke(), revoke()]);
    expect(outcomes.filter((one) => one.ok)).toHaveLength(1);
    expect(outcomes.filter((one) => !one.ok && one.error.code === 'credential.decided')).toHaveLength(2);
    expect(await checkCredential(reader(), number, { code })).toMatchObject({ status: { state: 'revoked', reason: 'result-annulled', stateAt: clock.now() } });
    expect(await one(reader(), z.object({ status: z.string(), withdrawn_on: z.string(), may_start_on: z.string().nullable() }),
      'SELECT status, withdrawn_on, may_start_on FROM clearances WHERE person_id = $personId', { personId })).toEqual({ status: 'not-cleared', withdrawn_on: '2026-07-15', may_start_on: null });
    expect((await myDuties(reader(), personId, clock.now()))[0]?.next).toEqual({ kind: 'ask-hr' });
    expect((await rebuildProjections({ check: true })).filter((one) => one.personId === personId)).toEqual([]);
    const event = await one(reader(), z.object({ personal: z.string(), body: z.string(), by: z.string() }),
      `SELECT personal, body, by FROM ledger_events WHERE kind = 'credential.revoked' AND subject_id = $id`, { id });
    expect(event.by).toBe('account:second');
    expect(event.body + event.personal).not.toContain('代考');
    expect(await openPersonal(reader(), personId, event.personal)).toEqual({ explanation: '经查实，考试由他人代考。' });
    expect(await askRevocation('account:hr', 'SG-2026-999999', 'misconduct', 'x')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});
