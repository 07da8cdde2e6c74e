/** Ed25519 keys as they are written in badges. A `did:key` holds the whole public key, so that a file can be checked alone. */

/** The issuer that a public key is. */
export const didOf = (publicKey: string): string => `did:key:${publicKey}`;

/** What a proof made with the key names. */
export const methodOf = (publicKey: string): string => `${didOf(publicKey)}#${publicKey}`;

const PUBLIC_KEY = /^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/;

export interface NamedKey {
  publicKey: string;
  controller: string;
  /** Whether the name itself is the key; otherwise the controller would have to be asked, which is never done. */
  selfContained: boolean;
}

/** The Ed25519 key that a verification method holds within its own name; null when it would have to be fetched. */
export function keyNamedIn(method: string): NamedKey | null {
  const [controller = '', fragment] = method.split('#');
  const own = controller.startsWith('did:key:') ? controller.slice('did:key:'.length) : null;
  if (own !== null) return PUBLIC_KEY.test(own) && (fragment === undefined || fragment === own) ? { publicKey: own, controller, selfContained: true } : null;
  return fragment !== undefined && PUBLIC_KEY.test(fragment) ? { publicKey: fragment, controller, selfContained: false } : null;
}
