import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  assignFor, credentialsOf, forgetLists, isBadgeForm, issueCredential, issuerDocument, issueUnprinted, readBadge, recordCompletion, recordResult, rotateKey, signedBadge, signingKey,
  statusList, verifyBadge, type BadgeForm, type Credential,
} from '~/certification';
import { badgeOf } from '~/certification/badges/badge';
import { newKeyPair, withProof } from '~/certification/badges/proof';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { advanceClock, clock, minutes, resetClock } from '~/kernel/clock';
import { config, useConfig } from '~/kernel/config';
import { decrypt } from '~/kernel/secrets';
import { action as checkFile } from '~/routes/check._index';
import { loader as readIssuer } from '~/routes/issuer';
import { loader as readList } from '~/routes/status.$list';
import { anActor } from '../support/actors';
import { foreignBadge, foreignBadges, toBadge } from '../support/badges';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { answerOf, routeArgs, type RouteAnswer } from '../support/routes';
import { accepted, independentVerdict } from '../support/independent-verifier';

const PUBLIC = 'https://sg.example.gov.cn';

onEveryDatabase('badges', (dialect) => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig({ PUBLIC_URL: PUBLIC }));
    itIs('2026-05-04');
    city = await aCity();
  });
  beforeEach(() => {
    itIs('2026-07-02');
    forgetLists();
  });
  afterEach(resetClock);

  async function issued(name?: string, issue: (assignmentId: string) => Promise<unknown> = issueUnprinted): Promise<Credential> {
    const { personId, appointmentId } = await somebody(city, name === undefined ? {} : { name });
    await assignFor(appointmentId);
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 86.5 }));
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    await issue(id);
    return again(personId);
  }

  async function again(personId: string): Promise<Credential> {
    const [credential] = await credentialsOf(reader(), personId);
    if (!credential) throw new Error('no credential was issued');
    return credential;
  }

  const become = (credential: Credential, state: Credential['state'], reason: string | null = null) =>
    inTransaction((tx) => execute(tx, 'UPDATE credentials SET state = $state, state_reason = $reason, state_at = $now WHERE id = $id', { state, reason, now: tx.now, id: credential.id }));

  async function fileOf(credential: Credential, form: BadgeForm): Promise<Buffer> {
    const file = await readBadge(anActor({}, credential.person_id), credential, form);
    if (!file) throw new Error('no badge is handed out');
    return file.body;
  }

  const jsonOf = (badge: object): Buffer => Buffer.from(JSON.stringify(badge));

  it('are genuine, issued here and valid, as data, in a picture and in a drawing', async () => {
    const credential = await issued('沈知遥');
    for (const form of ['json', 'png', 'svg'] as const) {
      expect(await verifyBadge(await fileOf(credential, form))).toMatchObject({
        kind: form, verdict: 'ours', standing: 'valid', number: credential.number, fetchAnew: false,
        facts: { name: '沈知遥', issuer: credential.snapshot.issuer, publicKey: (await signingKey()).publicKey },
      });
    }
    expect(isBadgeForm('pdf')).toBe(false);
  });

  it('are accepted by a verifier that this project did not write, with and without network', async () => {
    const badge = await signedBadge(await issued());
    const online = await independentVerdict(badge, { online: true });
    expect(online.errors).toBeUndefined();
    expect(online.log?.filter((step) => step.error ?? step.valid === false).map((step) => step.id)).toEqual(['registered_issuer']);
    expect(accepted(online)).toBe(true);
    expect(online.log?.map((step) => step.id)).toEqual(expect.arrayContaining(['valid_signature', 'expiration', 'revocation_status']));
    const offline = await independentVerdict(badge, { online: false });
    expect(offline.log?.find((step) => step.id === 'valid_signature')).toMatchObject({ valid: true });
    expect(offline.asked.every((url) => url.includes('/status/') || url.includes('schema'))).toBe(true);
  });

  it.skipIf(!foreignBadges)('meet the schema of the standard (../shared/examples/openbadges-3)', async () => {
    const { default: Ajv } = await import('ajv-draft-04');
    const { default: formats } = await import('ajv-formats');
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats(ajv);
    const valid = ajv.compile(JSON.parse(foreignBadge('DERIVED-ob3-achievementcredential-vc2.schema.json').toString()) as object);
    const badge = await signedBadge(await issued());
    // Its draft forbids every property of a status but id and type, while the text of the standard asks for the bitstring list that needs more.
    const { id, type } = badge['credentialStatus'] as { id: string; type: string };
    valid({ ...badge, credentialStatus: { id, type } });
    expect(valid.errors).toBeNull();
    valid(badge);
    expect(new Set(valid.errors?.map((error) => error.instancePath))).toEqual(new Set(['/credentialStatus']));
    // One status, so that one list says all: an array is refused.
    expect(valid({ ...badge, credentialStatus: [{ id, type }] })).toBe(false);
  });

  it('fail here and with the independent verifier once anything that they claim is changed', async () => {
    const credential = await issued();
    const badge = await signedBadge(credential);
    const subject = badge['credentialSubject'] as { identifier: object[]; achievement: { name: string } };
    const altered = [
      { ...badge, credentialSubject: { ...subject, identifier: [{ ...subject.identifier[0], identityHash: '别人' }, subject.identifier[1]] } },
      { ...badge, credentialSubject: { ...subject, achievement: { ...subject.achievement, name: '别的' } } },
      { ...badge, validFrom: '2020-01-01T00:00:00Z' },
      { ...badge, credentialStatus: { ...(badge['credentialStatus'] as object), statusListIndex: '1' } },
    ];
    for (const one of altered) {
      expect(await verifyBadge(jsonOf(one))).toMatchObject({ verdict: 'altered', number: credential.number, facts: null });
      expect((await independentVerdict(one, { online: true })).errors).toMatchObject([{ name: 'invalid_signature' }]);
    }
  });

  it('are shown as withdrawn, here and by the independent verifier, within minutes after a revocation', async () => {
    const credential = await issued();
    const badge = await signedBadge(credential);
    expect(accepted(await independentVerdict(badge, { online: true }))).toBe(true);
    await become(credential, 'revoked', 'issued-in-error');
    expect(await verifyBadge(jsonOf(badge))).toMatchObject({ verdict: 'ours', standing: 'revoked', reason: 'issued-in-error', stateAt: clock.now() });
    advanceClock(minutes(2));
    const verdict = await independentVerdict(badge, { online: true });
    expect(accepted(verdict)).toBe(false);
    expect(verdict.errors).toBeUndefined();
    expect(verdict.log?.find((step) => step.id === 'revocation_status')).toMatchObject({ valid: false });
    await expect(readBadge(anActor({}, credential.person_id), await again(credential.person_id), 'json')).resolves.toBeNull();
  });

  it('that were published as withdrawn while suspended stay so, and a fresh download is accepted', async () => {
    const credential = await issued();
    const old = await signedBadge(credential);
    await become(credential, 'suspended', 'investigation');
    expect(await verifyBadge(jsonOf(old))).toMatchObject({ verdict: 'ours', standing: 'suspended' });
    expect(accepted(await independentVerdict(old, { online: true }))).toBe(false);
    await become(credential, 'valid');
    advanceClock(minutes(2));
    expect(await verifyBadge(jsonOf(old))).toMatchObject({ verdict: 'ours', standing: 'valid', fetchAnew: true });
    expect(accepted(await independentVerdict(old, { online: true }))).toBe(false);
    const fresh = await signedBadge(await again(credential.person_id));
    expect(fresh['credentialStatus']).not.toEqual(old['credentialStatus']);
    expect(accepted(await independentVerdict(fresh, { online: true }))).toBe(true);
    expect(await verifyBadge(jsonOf(fresh))).toMatchObject({ verdict: 'ours', standing: 'valid', fetchAnew: false });
  });

  it('keep their place in the list from download to download, and no two share one', async () => {
    const credentials = await Promise.all([issued(), issued(), issued()]);
    const placed = async (one: Credential) => (await signedBadge(one))['credentialStatus'];
    const first = await Promise.all(credentials.map(placed));
    expect(await Promise.all(credentials.map(placed))).toEqual(first);
    expect(new Set(first.map((one) => JSON.stringify(one))).size).toBe(3);
    await expect(inTransaction((tx) => execute(tx, `INSERT INTO status_entries (id, credential_id, list, position, made_at)
      SELECT 'twin', credential_id, list, position, 1 FROM status_entries WHERE id = (SELECT MIN(id) FROM status_entries)`))).rejects.toThrow();
  });

  it('are expired after their last day in the zone of the law, and not before', async () => {
    const credential = await issued();
    await inTransaction((tx) => execute(tx, `UPDATE credentials SET valid_until = '2027-06-30' WHERE id = $id`, { id: credential.id }));
    const badge = await signedBadge(await again(credential.person_id));
    itIs('2027-06-30', 23);
    expect(await verifyBadge(jsonOf(badge))).toMatchObject({ verdict: 'ours', standing: 'valid' });
    itIs('2027-07-01', 1);
    expect(await verifyBadge(jsonOf(badge))).toMatchObject({ verdict: 'ours', standing: 'expired' });
  });

  it('count from their first day', async () => {
    const credential = await issued();
    await inTransaction((tx) => execute(tx, `UPDATE credentials SET valid_from = '2026-09-01' WHERE id = $id`, { id: credential.id }));
    const badge = await signedBadge(await again(credential.person_id));
    expect(await verifyBadge(jsonOf(badge))).toMatchObject({ verdict: 'ours', standing: 'not-yet' });
    itIs('2026-09-01', 0);
    expect(await verifyBadge(jsonOf(badge))).toMatchObject({ verdict: 'ours', standing: 'valid' });
    expect(accepted(await independentVerdict(badge, { online: true }))).toBe(true);
  });

  it('stay genuine when the key is changed; both keys are named, and only the new one signs', async () => {
    const credential = await issued();
    const old = await signedBadge(credential);
    const [before, after] = [(await signingKey()).publicKey, await rotateKey('system:a test', { leaked: false })];
    expect(after).not.toBe(before);
    expect(await verifyBadge(jsonOf(old))).toMatchObject({ verdict: 'ours', standing: 'valid' });
    expect(accepted(await independentVerdict(old, { online: true }))).toBe(true);
    const fresh = await signedBadge(credential);
    expect(fresh).toMatchObject({ issuer: { id: `did:key:${after}` } });
    expect(accepted(await independentVerdict(fresh, { online: true }))).toBe(true);
    expect((await issuerDocument())['alsoKnownAs']).toEqual([`did:key:${after}`, `did:key:${before}`]);
    expect(await countOf('ledger_events', `kind = 'signing-key.retired'`)).toBeGreaterThan(0);
    // Withdrawing reaches the lists of the old key too.
    await become(credential, 'revoked', 'misconduct');
    advanceClock(minutes(2));
    for (const one of [old, fresh]) expect(accepted(await independentVerdict(one, { online: true }))).toBe(false);
  });

  it('signed with a key that leaked count for nothing, here and elsewhere', async () => {
    const credential = await issued();
    const old = await signedBadge(credential);
    const before = (await signingKey()).publicKey;
    await rotateKey('system:a test', { leaked: true });
    expect(await verifyBadge(jsonOf(old))).toMatchObject({ verdict: 'key-leaked', facts: null });
    advanceClock(minutes(2));
    expect(accepted(await independentVerdict(old, { online: true }))).toBe(false);
    expect((await issuerDocument())['assertionMethod']).not.toContain(`did:key:${before}#${before}`);
    expect(accepted(await independentVerdict(await signedBadge(credential), { online: true }))).toBe(true);
  });

  it('are signed with one key, however many processes start at once, and its private half lies sealed', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => signingKey()));
    expect(new Set(keys.map((key) => key.publicKey)).size).toBe(1);
    const stored = await rows(reader(), z.object({ sealed: z.string() }), `SELECT sealed FROM signing_keys WHERE state = 'active'`);
    expect(stored).toHaveLength(1);
    expect(stored[0]?.sealed).not.toContain(keys[0]?.secretKey ?? '');
    expect(decrypt(stored[0]?.sealed ?? '')).toBe(keys[0]?.secretKey);
  });

  it('of somebody else who claims to be us are exposed', async () => {
    const credential = await issued();
    const key = await newKeyPair();
    const forged = await withProof(badgeOf(toBadge(key.publicKey, { snapshot: credential.snapshot, publicUrl: PUBLIC, zone: config().TIME_ZONE })), key, clock.now());
    expect(await verifyBadge(jsonOf(forged))).toMatchObject({ verdict: 'impostor', number: credential.number, facts: null });
    const abroad = await withProof({ ...badgeOf(toBadge(key.publicKey)), id: 'https://elsewhere.example/1' }, key, clock.now());
    expect(await verifyBadge(jsonOf(abroad))).toMatchObject({ verdict: 'elsewhere', standing: 'valid', number: null });
  });

  it('handed to another than the holder are an event in the ledger', async () => {
    const credential = await issued();
    const events = () => countOf('ledger_events', `kind = 'credential.downloaded' AND person_id = $personId`, { personId: credential.person_id });
    await readBadge(anActor({}, credential.person_id), credential, 'json');
    expect(await events()).toBe(0);
    await readBadge(anActor(), credential, 'json');
    expect(await events()).toBe(1);
  });

  it('lists are signed, unchanged while nothing changes, and none but those that exist', async () => {
    const credential = await issued();
    await signedBadge(credential);
    const number = (await one(reader(), z.object({ list: z.number() }), 'SELECT list FROM status_entries WHERE credential_id = $id', { id: credential.id })).list;
    const first = await statusList(number);
    advanceClock(minutes(2));
    expect(await statusList(number)).toMatchObject({ etag: first?.etag });
    expect(JSON.parse(first?.body ?? '{}')).toMatchObject({ type: ['VerifiableCredential', 'BitstringStatusListCredential'], credentialSubject: { statusPurpose: 'revocation', type: 'BitstringStatusList' } });
    expect(await statusList(9999)).toBeNull();
  });

  it('PDFs are known by their bytes; others by the number that they bear', async () => {
    const credential = await issued('宋清和', issueCredential);
    const { readFile } = await import('~/kernel/files');
    const pdf = await readFile(credential.pdf_file ?? '');
    expect(await verifyBadge(pdf)).toMatchObject({ kind: 'pdf', verdict: 'our-pdf', standing: 'valid', number: credential.number });
    expect(await verifyBadge(Buffer.concat([pdf, Buffer.from('\n')]))).toMatchObject({ verdict: 'other-pdf', number: credential.number, facts: null });
    expect(await verifyBadge(Buffer.from('%PDF-1.7 nothing'))).toMatchObject({ verdict: 'nothing' });
  });

  describe.skipIf(dialect !== 'sqlite')('over the web', () => {
    const upload = (file: Buffer | null, length?: number): Promise<RouteAnswer> => {
      const form = new FormData();
      if (file) form.set('file', new File([new Uint8Array(file)], 'a-badge.png'));
      const request = new Request('http://localhost/check', { method: 'POST', body: form });
      request.headers.set('content-length', String(length ?? (file?.length ?? 0) + 300));
      return answerOf(() => checkFile(routeArgs(request)));
    };

    it('are checked as an uploaded file, which leaves no trace', async () => {
      const credential = await issued('苏映川');
      const png = await fileOf(credential, 'png');
      const before = (await readdir(config().DATA_DIR, { recursive: true }).catch(() => [])).length;
      expect(JSON.parse((await upload(png)).text)).toMatchObject({ check: { kind: 'png', verdict: 'ours', standing: 'valid', facts: { name: '苏映川' } } });
      expect((await readdir(config().DATA_DIR, { recursive: true }).catch(() => [])).length).toBe(before);
    });

    it('are refused without a file, and unread when longer than any badge', async () => {
      expect(await upload(null)).toMatchObject({ status: 422, text: expect.stringContaining('field.required') });
      expect(await upload(Buffer.alloc(1024 * 1024 + 1))).toMatchObject({ status: 422, text: expect.stringContaining('request.too-large') });
      expect((await upload(Buffer.from('{}'), 5_000_000)).problem).toEqual({ code: 'request.too-large' });
    });

    it('publish lists and keys that anybody may read and keep', async () => {
      await signedBadge(await issued());
      const list = (headers: Record<string, string> = {}) => readList(routeArgs(new Request('http://localhost/status/1', { headers }), { list: '1' }));
      const first = await list();
      expect([first.status, first.headers.get('access-control-allow-origin'), first.headers.get('cache-control')]).toEqual([200, '*', 'public, max-age=180']);
      expect((await list({ 'If-None-Match': first.headers.get('etag') ?? '' })).status).toBe(304);
      for (const wrong of ['0', 'x', '1-2', '999999999']) {
        expect((await answerOf(() => readList(routeArgs(new Request('http://localhost/status/x'), { list: wrong })))).problem).toEqual({ code: 'not-found' });
      }
      const issuer = await answerOf(() => readIssuer(routeArgs(new Request('http://localhost/issuer'))));
      expect(JSON.parse(issuer.text)).toMatchObject({ id: `${PUBLIC}/issuer`, assertionMethod: expect.arrayContaining([expect.stringContaining('did:key:z6Mk')]) });
    });
  });

  describe.skipIf(dialect !== 'sqlite')('of whatever kind', () => {
    it('never make the check fail, whatever bytes are uploaded', async () => {
      const start = fc.constantFrom('', '{', '<svg>', '%PDF-', '\x89PNG\r\n\x1a\n', '{"@context":', '[]', 'null');
      await fc.assert(fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (head, rest) => {
        expect(await verifyBadge(Buffer.concat([Buffer.from(head, 'latin1'), rest]))).toHaveProperty('verdict');
      }), { numRuns: 200 });
    });
  });
});
