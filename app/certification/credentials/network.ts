import { isIP } from 'node:net';

/** As coarse as it can be: from inside a government network, or from outside. */
export type NetworkKind = 'internal' | 'public';

/** Addresses that are never routed in public: RFC 1918, shared (RFC 6598), loopback and link-local ones, and their like in IPv6. */
export function networkOf(address: string): NetworkKind {
  const plain = address.replace(/^::ffff:/i, '');
  if (isIP(plain) === 4) return isInternal4(plain) ? 'internal' : 'public';
  if (isIP(plain) === 6) return /^(::1$|f[cd]|fe[89ab])/i.test(plain) ? 'internal' : 'public';
  return 'public';
}

function isInternal4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return a === 10 || a === 127 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b <= 127);
}
