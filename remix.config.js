import { fileURLToPath } from 'node:url';
import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vitest/config';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What the customer really has on its desks. */
const OLDEST_BROWSERS = ['chrome87', 'firefox78'];

/**
 * Server, worker threads and command line are entries of Remix's own server build, so that each room
 * exists once in a process (one writer queue, one clock). Setting `input` in the user's own config is
 * overridden by Remix, hence a plugin that answers after it.
 */
const entries = {
  name: 'shanggang-entries',
  config: (_config, env) =>
    env.isSsrBuild
      ? {
          build: {
            target: 'node20',
            rollupOptions: {
              input: {
                server: here('./app/server.ts'),
                worker: here('./jobs/worker.ts'),
                cli: here('./app/cli.ts'),
                'pglite-thread': here('./jobs/queue/pglite-thread.ts'),
                'pdf-thread': here('./app/certification/credential-pdf/thread.ts'),
                'badge-thread': here('./app/certification/badges/thread.ts'),
                'report-thread': here('./app/exams/console/report-pdf/thread.ts'),
                'hiring-thread': here('./app/exchange/hiring/paper/thread.ts'),
                'record-thread': here('./app/certification/records/record-pdf/thread.ts'),
                'table-thread': here('./app/reports/files/thread.ts'),
              },
              output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
            },
          },
        }
      : { build: { target: OLDEST_BROWSERS, cssTarget: OLDEST_BROWSERS } },
};

/** So that no long file starts when the others have ended. */
const LONGEST = [/browser\/pages\./, /integration\/(crash|processes|queue)/, /\/browser\//, /\/integration\//];

/** The test runner itself is loaded only where tests run. */
async function longestFirst() {
  const { BaseSequencer } = await import('vitest/node');
  return class extends BaseSequencer {
    async sort(files) {
      const rank = ({ moduleId }) => LONGEST.findIndex((pattern) => pattern.test(moduleId)) >>> 0;
      return [...(await super.sort(files))].sort((a, b) => rank(a) - rank(b));
    }
  };
}

export default defineConfig(async ({ mode }) => ({
  resolve: { alias: { '~jobs': here('./jobs'), '~': here('./app') } },
  build: { assetsInlineLimit: 0 },
  plugins:
    mode === 'test'
      ? []
      : [
          remix({
            ignoredRouteFiles: ['**/*.css'],
            future: {
              v3_fetcherPersist: true,
              v3_relativeSplatPath: true,
              v3_throwAbortReason: true,
              // Single fetch streams through TextDecoderStream, which Firefox 78 does not have.
              v3_singleFetch: false,
              v3_lazyRouteDiscovery: false,
            },
          }),
          entries,
        ],
  test: {
    projects: [
      // Rules keep nothing between files: they share what they load.
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/{integration,browser}/**/*.test.{ts,tsx}'] } },
    ],
    setupFiles: ['test/support/quiet.ts'],
    globalSetup: ['test/support/global.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Real queues and browsers on a shared machine: what fails twice is broken.
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    maxWorkers: 2,
    ...(mode === 'test' && { sequence: { sequencer: await longestFirst() } }),
  },
}));
