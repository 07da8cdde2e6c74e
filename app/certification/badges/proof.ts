/** Signs and checks W3C verifiable credentials with Data Integrity proofs (`eddsa-rdfc-2022`). */
import { z } from 'zod';
import type { Instant } from '~/kernel/clock';
import { contextLoader, isKnownContext } from './contexts';
import { keyNamedIn, methodOf, didOf, type NamedKey } from './did-key';

/** Loaded on first use: with the JSON-LD processor they take 30 MB and half a second, which most processes never need. */
async function libraries() {
  const [vc, jsonldSignatures, integrity, suite, multikey] = await Promise.all([
    import('@digitalbazaar/vc'), import('jsonld-signatures'), import('@digitalbazaar/data-integrity'),
    import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite'), import('@digitalbazaar/ed25519-multikey'),
  ]);
  return { issue: vc.issue, signatures: jsonldSignatures.default, DataIntegrityProof: integrity.DataIntegrityProof, cryptosuite: suite.cryptosuite, keyFrom: multikey.from };
}

export interface KeyPair {
  publicKey: string;
  secretKey: string;
}

/** A fresh Ed25519 key, both halves in multibase. */
export async function newKeyPair(): Promise<KeyPair> {
  const { generate } = await import('@digitalbazaar/ed25519-multikey');
  const made = await (await generate()).export({ publicKey: true, secretKey: true });
  return { publicKey: made.publicKeyMultibase, secretKey: made.secretKeyMultibase };
}

/** The credential with its proof. What no context defines is refused: a signature would not cover it. */
export async function withProof(credential: object, { publicKey, secretKey }: KeyPair, at: Instant): Promise<Record<string, unknown>> {
  const { issue, DataIntegrityProof, cryptosuite, keyFrom } = await libraries();
  const key = await keyFrom({ id: methodOf(publicKey), type: 'Multikey', controller: didOf(publicKey), publicKeyMultibase: publicKey, secretKeyMultibase: secretKey });
  const suite = new DataIntegrityProof({ signer: key.signer(), cryptosuite, date: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') });
  return issue({ credential, suite, documentLoader: contextLoader, now: new Date(at) });
}

/**
 * - `altered`: the signature does not belong to this content
 * - `uncovered`: it says something that no signature of this kind covers
 * - the others: nothing can be said about the signature
 */
export type NoFit = 'altered' | 'uncovered' | 'no-proof' | 'other-proof' | 'unknown-key' | 'unknown-context';
export type Fit = { fits: true; key: NamedKey } | { fits: false; why: NoFit };

const Proof = z.looseObject({
  type: z.literal('DataIntegrityProof'), cryptosuite: z.literal('eddsa-rdfc-2022'), proofPurpose: z.literal('assertionMethod'), verificationMethod: z.string(), proofValue: z.string(),
});

/** Whether the signature of a credential was made over exactly this content, with the key that the file itself names. */
export async function proofFits(credential: Record<string, unknown>): Promise<Fit> {
  const no = (why: NoFit): Fit => ({ fits: false, why });
  const proofs = [credential['proof']].flat().filter((one) => one !== undefined && one !== null);
  if (proofs.length === 0) return no('no-proof');
  const proof = Proof.safeParse(proofs[0]);
  // Several proofs say several things; which of them would count?
  if (proofs.length > 1 || !proof.success) return no('other-proof');
  const method = proof.data.verificationMethod;
  const key = keyNamedIn(method);
  if (!key) return no('unknown-key');
  if (!(await Promise.all(contextsOf(credential).map(isKnownContext))).every(Boolean)) return no('unknown-context');
  const { signatures, DataIntegrityProof, cryptosuite } = await libraries();
  const { documentUrl, document } = { documentUrl: method, document: { '@context': 'https://w3id.org/security/multikey/v1', id: method, type: 'Multikey', controller: key.controller, publicKeyMultibase: key.publicKey } };
  const answer = await signatures.verify({ ...credential, proof: proofs[0] }, {
    suite: new DataIntegrityProof({ cryptosuite }),
    purpose: new signatures.purposes.AssertionProofPurpose({ controller: { '@context': 'https://www.w3.org/ns/did/v1', id: key.controller, assertionMethod: [method] } }),
    documentLoader: (url) => (url === method ? Promise.resolve({ contextUrl: null, documentUrl, document }) : contextLoader(url)),
  });
  if (answer.verified) return { fits: true, key };
  return no(answer.error?.errors?.some((one) => one.name === 'jsonld.ValidationError') ? 'uncovered' : 'altered');
}

/** The contexts named anywhere in a document. One written out in place could give any word another meaning. */
function contextsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(contextsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => (name !== '@context' ? contextsOf(inner) : Array.isArray(inner) ? (inner as unknown[]) : [inner]));
}
