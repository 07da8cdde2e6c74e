import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { CompactSign, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { canonical, checkRecordFile, recordChecks, rotateKey, takeSignedRecord, type SignedRecord } from '~/certification';
import { reader } from '~/db';
import { publicUrl, useConfig } from '~/kernel/config';
import { clock, minutes, resetClock, setClock } from '~/kernel/clock';
import { action } from '~/routes/check._index';
import { aResult, aCity, countOf, itIs, somebody, type City } from '../support/certification';
import { anActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { answerOf, routeArgs } from '../support/routes';

onEveryDatabase('a record for life that somebody uploads to the check page', (dialect) => {
  let city: City;
  let personId: string;

  beforeAll(async () => {
    useConfig(testConfig({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'record-check-')) }));
    itIs('2026-03-02');
    city = await aCity();
    ({ personId } = await somebody(city, { name: '周宁' }));
    await aResult(personId, city.exam, { percent: 91 });
  });
  afterAll(resetClock);

  let uploads = 0;
  const upload = async (content: string | Buffer) => {
    uploads += 1;
    const form = new FormData();
    form.set('file', new File([new Uint8Array(Buffer.from(content))], 'record.json', { type: 'application/json' }));
    const request = new Request('http://localhost/check', { method: 'POST', body: form, headers: { 'x-shanggang-address': `10.0.1.${uploads % 250}` } });
    request.headers.set('content-length', String(Buffer.byteLength(content) + 300));
    const answer = await answerOf(() => action(routeArgs(request)));
    return JSON.parse(answer.text) as { record?: Record<string, unknown>; check?: Record<string, unknown> };
  };
  const taken = async (): Promise<SignedRecord> => {
    const signed = await takeSignedRecord(anActor({}, personId), personId);
    if (!signed) throw new Error('no record');
    return signed;
  };
  const text = (signed: SignedRecord) => JSON.stringify(signed, null, 2);
  const signedByOther = async (signed: SignedRecord, change: Partial<SignedRecord['record']> = {}): Promise<SignedRecord> => {
    const record = { ...signed.record, ...change };
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const signature = await new CompactSign(new TextEncoder().encode(canonical(record))).setProtectedHeader({ alg: 'EdDSA', kid: 'x'.repeat(22), typ: 'shanggang-record+json' }).sign(privateKey);
    return { record, signature };
  };

  it('is told to be genuine, by whom and when it was signed, with all that it says', async () => {
    const signed = await taken();
    const before = await countOf('ledger_events', `kind = 'record.checked'`);
    const { record } = await upload(text(signed));
    expect(record).toMatchObject({
      verdict: 'genuine', issuer: { url: publicUrl() }, key: { retiredAt: null },
      said: { name: '周宁', madeAt: Date.parse(signed.record.madeAt), sections: expect.arrayContaining([expect.objectContaining({ key: 'exams' })]) as unknown },
    });
    // In one line, and with a mark at its beginning as some editors leave it, it is the same document.
    expect((await upload(`\ufeff${JSON.stringify(signed)}`)).record).toMatchObject({ verdict: 'genuine' });
    expect(await countOf('ledger_events', `kind = 'record.checked'`)).toBe(before + 2);
    expect((await recordChecks(reader(), personId, 20)).length).toBe(2);
  });

  it('is told to be altered, whatever was changed, added or taken out, and nothing in it is shown', async () => {
    const signed = await taken();
    const { external: _, ...less } = signed.record;
    const [exam] = signed.record.exams;
    const changed: unknown[] = [
      { ...signed, record: { ...signed.record, person: { ...signed.record.person, name: '周平' } } },
      { ...signed, record: { ...signed.record, exams: [{ ...exam, result: { ...exam?.result, percent: 99 } }] } },
      { ...signed, record: { ...signed.record, more: 1 } },
      { ...signed, record: less },
      { ...signed, record: { ...signed.record, madeAt: '2027-01-01T00:00:00.000Z' } },
      { ...signed, signature: signed.signature.replace(/.(?=.{5}$)/, (letter) => (letter === 'A' ? 'B' : 'A')) },
    ];
    for (const one of changed) expect((await upload(JSON.stringify(one))).record).toMatchObject({ verdict: 'altered', said: null, key: null });
  });

  it('is told to be somebody else\'s when another key signed it', async () => {
    const signed = await taken();
    expect((await upload(text(await signedByOther(signed)))).record).toMatchObject({ verdict: 'impostor', said: null });
    const elsewhere = await signedByOther(signed, { issuer: { name: '滨海市', url: 'https://sg.binhai.example.cn' } });
    expect((await upload(text(elsewhere))).record).toMatchObject({ verdict: 'elsewhere', issuer: { name: '滨海市', url: 'https://sg.binhai.example.cn' }, said: null });
  });

  it('is still genuine when the key was changed since, and not when that key leaked', async () => {
    const old = await taken();
    setClock(clock.now() + minutes(1));
    await rotateKey('system:a test', { leaked: false });
    expect((await upload(text(old))).record).toMatchObject({ verdict: 'genuine', key: { retiredAt: clock.now() } });
    const next = await taken();
    expect(next.signature.split('.')[0]).not.toBe(old.signature.split('.')[0]);
    await rotateKey('system:a test', { leaked: true });
    expect((await upload(text(next))).record).toMatchObject({ verdict: 'key-leaked', said: null });
    expect((await upload(text(old))).record).toMatchObject({ verdict: 'genuine' });
  });

  it('is not taken for a record when it is something else', async () => {
    for (const one of ['{"a":1}', '[]', 'null', '{"record":{},"signature":"a.b.c"}', '%PDF-1.4', '']) expect(await checkRecordFile(Buffer.from(one))).toBeNull();
    expect((await upload('{"a":1}')).check).toMatchObject({ verdict: 'malformed' });
    if (dialect !== 'sqlite') return;
    const anyJson = fc.record({ record: fc.oneof(fc.jsonValue(), fc.record({ schema: fc.constant('urn:shanggang:record:1'), issuer: fc.jsonValue() })), signature: fc.oneof(fc.string(), fc.constant('e30.e30.e30')) });
    await fc.assert(fc.asyncProperty(anyJson, async (value) => {
      const checked = await checkRecordFile(Buffer.from(JSON.stringify(value)));
      expect(checked?.verdict).not.toBe('genuine');
    }), { numRuns: 200 });
  });
});
