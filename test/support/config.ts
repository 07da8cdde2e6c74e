import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigSchema, type Config } from '~/kernel/config';

/** A configuration for tests: a fresh data folder, everything else as without any variable. */
export const testConfig = (overrides: Partial<Config> = {}): Config => ({
  ...ConfigSchema.parse({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'shanggang-data-')), LOG_LEVEL: 'silent' }),
  PUBLIC_URL: 'http://localhost:3000',
  ...overrides,
});
