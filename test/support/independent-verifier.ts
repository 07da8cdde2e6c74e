import { vi } from 'vitest';
import { statusList } from '~/certification/badges';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { foreignBadge, foreignBadges } from './badges';

interface Step {
  id: string;
  valid?: boolean;
  error?: { name: string; message: string };
}
export interface IndependentVerdict {
  errors?: { name: string; message: string }[];
  log?: Step[];
  additionalInformation?: { results: { result: { valid: boolean; errors?: unknown[] } }[] | string }[];
}

/**
 * What the verifier of the Digital Credentials Consortium says, a program that this project did not write. Of the network
 * it sees what `online` lets it: the status lists that are published here, the schema when it lies beside the project, and
 * `keys` as those that the issuer of the foreign examples publishes.
 */
export async function independentVerdict(
  credential: Record<string, unknown>, { online, keys = [] }: { online: boolean; keys?: readonly string[] },
): Promise<IndependentVerdict & { asked: string[] }> {
  const asked: string[] = [];
  const unstubbed = globalThis.fetch;
  vi.stubGlobal('fetch', async (input: string | URL | Request) => {
    const url = input instanceof Request ? input.url : String(input);
    asked.push(url);
    return (online && (keysOfIssuer(url, keys) ?? await published(url))) || Promise.reject(new Error(`no network: ${url}`));
  });
  // It asks the machine for the time.
  vi.useFakeTimers({ toFake: ['Date'], now: clock.now() });
  const said = [vi.spyOn(console, 'log').mockImplementation(() => undefined), vi.spyOn(console, 'error').mockImplementation(() => undefined)];
  try {
    const { verifyCredential } = await import('@digitalcredentials/verifier-core');
    const verdict: unknown = await verifyCredential({ credential: structuredClone(credential) as never, knownDIDRegistries: [] });
    return { ...(verdict as IndependentVerdict), asked };
  } finally {
    vi.useRealTimers();
    vi.stubGlobal('fetch', unstubbed);
    for (const one of said) one.mockRestore();
  }
}

const FOREIGN_ISSUER = 'https://example.com/issuers/876543';

/** The document that the issuer of the examples would publish at its address, or one key of it. */
function keysOfIssuer(url: string, keys: readonly string[]): Response | null {
  const [address, fragment] = url.split('#');
  if (address !== FOREIGN_ISSUER || keys.length === 0) return null;
  const methods = keys.map((key) => ({
    '@context': 'https://w3id.org/security/multikey/v1', 'id': `${FOREIGN_ISSUER}#${key}`, 'type': 'Multikey', 'controller': FOREIGN_ISSUER, 'publicKeyMultibase': key,
  }));
  const found = fragment === undefined
    ? { '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], 'id': FOREIGN_ISSUER, 'assertionMethod': methods }
    : methods.find(({ id }) => id === url);
  return found ? new Response(JSON.stringify(found), { headers: { 'Content-Type': 'application/ld+json' } }) : null;
}

async function published(url: string): Promise<Response | null> {
  const [, number] = url.startsWith(config().PUBLIC_URL ?? '-') ? (/\/status\/(\d+)$/.exec(url) ?? []) : [];
  const list = number === undefined ? null : await statusList(Number(number));
  if (list) return new Response(list.body, { headers: { 'Content-Type': 'application/vc+ld+json' } });
  if (!url.includes('ob_v3p0_achievementcredential_schema')) return null;
  if (!foreignBadges) return Response.json({ type: 'object' });
  const schema = JSON.parse(foreignBadge('DERIVED-ob3-achievementcredential-vc2.schema.json').toString()) as Record<string, unknown>;
  return Response.json({ ...schema, $schema: undefined });
}

/** Whether it found the signature right and every step good that it could take. */
export const accepted = ({ errors, log }: IndependentVerdict): boolean =>
  !errors && (log ?? []).every((step) => step.error === undefined && (step.valid !== false || step.id === 'registered_issuer'));
