import { afterEach, expect, vi } from 'vitest';
import { createLogger, useLogger } from '~/kernel/log';

useLogger(createLogger('silent'));

/** An unexpected error or warning on the console fails the test that caused it. */
const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);

afterEach(() => {
  const said = [...error.mock.calls, ...warn.mock.calls];
  error.mockClear();
  warn.mockClear();
  expect(said, 'unexpected output on the console').toEqual([]);
});
