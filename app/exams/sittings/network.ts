import { BlockList, isIP } from 'node:net';

/**
 * A network in CIDR notation, as it is stored; a single address means just that one. IPv4 and IPv6.
 * @returns null when it is neither
 */
export function readNetwork(typed: string): string | null {
  const [address = '', length, ...rest] = typed.trim().split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return null;
  const most = family === 4 ? 32 : 128;
  if (length === undefined) return `${address}/${most}`;
  return /^\d{1,3}$/.test(length) && Number(length) <= most ? `${address}/${Number(length)}` : null;
}

/** Networks typed one after the other, separated by spaces, commas or new lines, Chinese ones too. */
export const splitNetworks = (typed: string): string[] => typed.split(/[\s,;，；、]+/).filter((part) => part !== '');

/** Whether an address lies in one of the networks; in none of no networks. */
export function inNetworks(address: string, networks: readonly string[]): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', length] = network.split('/');
    const own = isIP(base);
    if (own !== 0) list.addSubnet(base, Number(length), own === 4 ? 'ipv4' : 'ipv6');
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/** A server that listens on IPv6 sees IPv4 clients as `::ffff:10.0.0.1`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
