import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'vite';

export const PGLITE_THREAD = resolve('build/server/pglite-thread.js');
const SOURCES = ['pglite-thread.ts', 'pglite-messages.ts'].map((name) => resolve('jobs/queue', name));

/** Builds the embedded store's thread as the product's build does, when there is none or an older one. */
export async function buildPgliteThread(): Promise<void> {
  if (
    existsSync(PGLITE_THREAD) &&
    SOURCES.every((source) => statSync(source).mtimeMs < statSync(PGLITE_THREAD).mtimeMs)
  )
    return;
  await buildForNode('pglite-thread', SOURCES[0] ?? '', resolve('build/server'));
}

/** Bundles a TypeScript file to `<folder>/<name>.js`, which runs in Node with packages from node_modules. */
export async function buildForNode(name: string, source: string, folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '~jobs': resolve('jobs'), '~': resolve('app') } },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { input: { [name]: source }, output: { entryFileNames: '[name].js' } },
    },
  });
  return resolve(folder, `${name}.js`);
}
