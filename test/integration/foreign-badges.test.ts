import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyBadge } from '~/certification';
import { unbakePng, unbakeSvg } from '~/certification/badges/baking';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { foreignBadge, foreignBadges } from '../support/badges';
import { itIs } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { independentVerdict } from '../support/independent-verifier';

/** The keys of the foreign examples, as they are named in their proofs. */
const BAKED_KEY = 'z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x';
const PLAIN_KEY = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';

/** The credential in a foreign example: in a picture, in a drawing, or plain. */
function documentIn(file: string): Record<string, unknown> {
  const content = foreignBadge(file);
  const text = file.endsWith('.png') ? unbakePng(content) : file.endsWith('.svg') ? unbakeSvg(content.toString()) : content.toString();
  return JSON.parse(text ?? '{}') as Record<string, unknown>;
}

onEveryDatabase('badges of others', (dialect) => {
  beforeAll(() => { useConfig(testConfig({ PUBLIC_URL: 'https://sg.example.gov.cn' })); });
  beforeEach(() => { itIs('2026-07-02'); });
  afterEach(resetClock);

  describe.skipIf(!foreignBadges || dialect !== 'sqlite')('(../shared/examples/openbadges-3)', () => {
    it.each([
      ['simple.json', { verdict: 'elsewhere', standing: 'valid' }],
      ['simple-did-key-method.json', { verdict: 'elsewhere', standing: 'valid' }],
      ['simple-err-expired.json', { verdict: 'elsewhere', standing: 'expired' }],
      ['simple-err-proof-value.json', { verdict: 'altered' }],
      ['simple-err-issuer-type.json', { verdict: 'malformed', wrong: ['issuer.type'] }],
      ['simple-json.png', { kind: 'png', verdict: 'elsewhere', standing: 'valid', number: null, facts: { achievement: 'Teamwork', issuer: 'Example Corp', publicKey: BAKED_KEY } }],
      ['simple-json.svg', { kind: 'svg', verdict: 'elsewhere', standing: 'valid', number: null, facts: { achievement: 'Teamwork', issuer: 'Example Corp', publicKey: BAKED_KEY } }],
    ])('%s is judged right', async (file, right) => expect(await verifyBadge(foreignBadge(file))).toMatchObject(right));

    it.each([
      { file: 'simple-json.png', key: BAKED_KEY, verdict: { log: [{ id: 'valid_signature', valid: true }, { id: 'expiration', valid: true }] } },
      { file: 'simple-json.svg', key: BAKED_KEY, verdict: { log: [{ id: 'valid_signature', valid: true }, { id: 'expiration', valid: true }] } },
      { file: 'simple.json', key: PLAIN_KEY, verdict: { log: [{ id: 'valid_signature', valid: true }, { id: 'expiration', valid: true }] } },
      { file: 'simple-err-expired.json', key: PLAIN_KEY, verdict: { log: [{ id: 'valid_signature', valid: true }, { id: 'expiration', valid: false }] } },
      { file: 'simple-err-proof-value.json', key: BAKED_KEY, verdict: { errors: [{ name: 'invalid_signature' }] } },
    ])('$file is judged alike by the independent verifier, once it can get the issuer\'s key', async ({ file, key, verdict }) => {
      const credential = documentIn(file);
      const { log, errors } = await independentVerdict(credential, { online: true, keys: [key] });
      const steps = log?.filter(({ id }) => id === 'valid_signature' || id === 'expiration').map(({ id, valid }) => ({ id, valid }));
      expect({ ...(log && { log: steps }), ...(errors && { errors: errors.map(({ name }) => ({ name })) }) }).toEqual(verdict);
      // Signed with another key than the issuer publishes: refused, so the key does count.
      expect((await independentVerdict(credential, { online: true, keys: ['z6MkgYGF3thn8k1Fv4p4dWXKtsXCnLH7q9yw4QgNPULDmDKB'] })).errors?.[0]?.name).toBe('invalid_signature');
      // Without network it cannot tell them from forged ones: the key is to be had at the issuer's address alone.
      const offline = await independentVerdict(credential, { online: false });
      expect([offline.errors?.[0]?.name, offline.asked[0]?.split('#')[0]]).toEqual(['invalid_signature', 'https://example.com/issuers/876543']);
    });

    it('simple-did-key-method.json fits the key that it names whole; the independent verifier wants a fragment behind it and cannot tell', async () => {
      const credential = documentIn('simple-did-key-method.json');
      expect(JSON.stringify(credential['proof'])).toContain('"verificationMethod":"did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"');
      expect(await verifyBadge(foreignBadge('simple-did-key-method.json'))).toMatchObject({ verdict: 'elsewhere', facts: { publicKey: PLAIN_KEY } });
      const { errors, asked } = await independentVerdict(credential, { online: false });
      // It asks nobody, for the key lies in the name; its loader returns the document of the key where the key itself is needed.
      expect([errors?.[0]?.name, asked]).toEqual(['invalid_signature', []]);
    });

    it('simple-err-issuer-type.json is refused by both', async () => {
      expect((await independentVerdict(documentIn('simple-err-issuer-type.json'), { online: true, keys: [PLAIN_KEY] })).errors?.[0]?.name).toBe('jsonld.ValidationError');
    });
  });
});
