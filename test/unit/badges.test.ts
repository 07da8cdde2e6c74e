import fc from 'fast-check';
import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { identityHash } from '~/certification/badges/badge';
import { bakePng, bakeSvg, unbakePng, unbakeSvg } from '~/certification/badges/baking';
import { keyNamedIn } from '~/certification/badges/did-key';
import { drawBadge } from '~/certification/badges/draw';
import { proofFits } from '~/certification/badges/proof';
import { collected } from '~/pdf';
import { aSignedBadge, foreignBadge, foreignBadges } from '../support/badges';

const read = (text: Buffer | string) => JSON.parse(text.toString()) as Record<string, unknown>;

/** Every single word, number and date of a document, by the way to it. */
function leaves(value: unknown, way: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [way];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...way, name]));
}

function changed(document: Record<string, unknown>, way: string[], change: (old: unknown) => unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = structuredClone(document);
  const last = way.slice(0, -1).reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, copy);
  last[way.at(-1) ?? ''] = change(last[way.at(-1) ?? '']);
  return copy;
}

describe('a signed badge', () => {
  it('fits its signature, and names the key as its issuer', async () => {
    const { badge, key } = await aSignedBadge();
    expect(await proofFits(badge)).toEqual({ fits: true, key: { publicKey: key.publicKey, controller: `did:key:${key.publicKey}`, selfContained: true } });
    expect(badge).toMatchObject({ issuer: { id: `did:key:${key.publicKey}` }, validFrom: '2026-06-24T02:00:00Z', validUntil: '2029-06-23T15:59:59Z' });
  });

  it('fits no longer once any claim in it was changed', async () => {
    const { badge } = await aSignedBadge();
    // What is left out: the addresses of vocabularies, which change what words mean, and are refused or change the content.
    const ways = leaves(badge).filter((way) => way[0] !== '@context' && way[0] !== 'proof');
    expect(ways.length).toBeGreaterThan(30);
    await fc.assert(fc.asyncProperty(fc.constantFrom(...ways), fc.string({ minLength: 1, maxLength: 5 }), async (way, more) => {
      const fit = await proofFits(changed(badge, way, (old) => (typeof old === 'boolean' ? !old : `${String(old)}${more}`)));
      expect({ way, ...fit }).toMatchObject({ way, fits: false });
    }), { numRuns: 60 });
  });

  it('fits no longer once a claim was taken out, put in, or a date of the proof was changed', async () => {
    const { badge } = await aSignedBadge();
    expect(await proofFits({ ...badge, validUntil: undefined })).toEqual({ fits: false, why: 'altered' });
    expect(await proofFits({ ...badge, description: 'more' })).toEqual({ fits: false, why: 'altered' });
    expect(await proofFits({ ...badge, rank: 'director' })).toEqual({ fits: false, why: 'uncovered' });
    expect(await proofFits(changed(badge, ['proof', 'created'], () => '2020-01-01T00:00:00Z'))).toEqual({ fits: false, why: 'altered' });
  });

  it('is not believed with a vocabulary of its own, several proofs, or a key to be fetched', async () => {
    const { badge } = await aSignedBadge();
    const proof = badge['proof'] as object;
    const contexts = badge['@context'] as unknown[];
    expect(await proofFits({ ...badge, '@context': [...contexts, { name: 'https://schema.org/jobTitle' }] })).toEqual({ fits: false, why: 'unknown-context' });
    expect(await proofFits({ ...badge, proof: [proof, proof] })).toEqual({ fits: false, why: 'other-proof' });
    expect(await proofFits({ ...badge, proof: undefined })).toEqual({ fits: false, why: 'no-proof' });
    expect(await proofFits({ ...badge, proof: { ...proof, verificationMethod: 'did:web:sg.example.gov.cn#key-1' } })).toEqual({ fits: false, why: 'unknown-key' });
    expect(await proofFits({ ...badge, proof: { ...proof, cryptosuite: 'ecdsa-rdfc-2019' } })).toEqual({ fits: false, why: 'other-proof' });
  });

  it('holds the number of its holder as a salted hash only, and no check code', async () => {
    const { badge } = await aSignedBadge();
    const text = JSON.stringify(badge);
    expect(text).not.toContain('20260312');
    expect(text).not.toContain('ACDEFG');
    expect(text).toContain(identityHash('20260312', 'a1b2c3d4e5f60718'));
  });
});

describe('a key named in a proof', () => {
  const key = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';
  it.each([
    [`did:key:${key}#${key}`, true], [`did:key:${key}`, true], [`https://example.com/issuers/1#${key}`, false],
  ])('is read from %s', (method, selfContained) => expect(keyNamedIn(method)).toMatchObject({ publicKey: key, selfContained }));
  it.each([`did:key:${key}#${key.replace('w', 'x')}`, 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169', 'https://example.com/issuers/1#key-1', ''])('is not read from %s', (method) => expect(keyNamedIn(method)).toBeNull());
});

describe('a baked badge', () => {
  const picture = createCanvas(2, 2).toBuffer('image/png');
  const drawing = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>';
  const credential = fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary' }), fc.constant(']]>'), fc.constant('上岗<>&"')), { maxKeys: 4 }).map((one) => JSON.stringify(one));

  it('gives back what was baked into a picture, once, however often it is baked', () => {
    fc.assert(fc.property(credential, credential, (one, other) => {
      expect(unbakePng(bakePng(bakePng(picture, other), one))).toBe(one);
    }), { numRuns: 50 });
  });

  it('gives back what was baked into a drawing', () => {
    fc.assert(fc.property(credential, (one) => {
      expect(JSON.parse(unbakeSvg(bakeSvg(drawing, one)) ?? 'null')).toEqual(JSON.parse(one));
    }), { numRuns: 50 });
  });

  it('is still a picture', async () => {
    const { loadImage } = await import('@napi-rs/canvas');
    expect(await loadImage(bakePng(picture, '{"a":1}'))).toMatchObject({ width: 2, height: 2 });
  });

  it('is nothing when there is none, two, or a broken file', () => {
    expect(unbakePng(picture)).toBeNull();
    expect(unbakeSvg(drawing)).toBeNull();
    expect(unbakeSvg(bakeSvg(bakeSvg(drawing, '{}'), '{}'))).toBeNull();
    const baked = bakePng(picture, '{"a":1}');
    for (let end = 0; end < baked.length - 12; end += 7) expect(() => unbakePng(baked.subarray(0, end))).not.toThrow();
  });

  it('is drawn with its letters as outlines, so that it needs no font', async () => {
    const drawn = await collected(drawBadge({ picture: { title: '上岗资格', programmeZh: '电子政务 <基础> 与网上办公岗前培训', programmeEn: 'E-government & more', issuer: '云江市人力资源和社会保障局' }, as: 'svg' }));
    expect(drawn.toString()).not.toMatch(/<text|font/);
    expect(drawn.toString()).toContain('<title>电子政务 &#60;基础&#62;');
  });
});

describe.skipIf(!foreignBadges)('badges of others (../shared/examples/openbadges-3)', () => {
  it.each([
    ['simple.json', true], ['simple-did-key-method.json', true], ['simple-err-expired.json', true], ['simple-err-proof-value.json', false], ['simple-err-issuer-type.json', false],
  ])('%s has a signature that fits: %s', async (file, fits) => expect(await proofFits(read(foreignBadge(file)))).toMatchObject({ fits }));

  it('are read from a picture and a drawing', async () => {
    const inPicture = unbakePng(foreignBadge('simple-json.png'));
    const inDrawing = unbakeSvg(foreignBadge('simple-json.svg').toString());
    for (const text of [inPicture, inDrawing]) expect(read(text ?? '{}')).toMatchObject({ name: 'Teamwork Badge', id: 'http://example.com/credentials/3527' });
  });
});
