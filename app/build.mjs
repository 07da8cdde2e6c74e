/**
 * Builds what is missing: compares the sources with the stamp of the last build and runs the build when
 * they differ. Called before start and test, so that nobody serves yesterday's program by accident.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = path.join(root, 'build', 'stamp');
const watched = ['app', 'jobs', 'remix.config.js', 'tsconfig.json', 'package-lock.json'];

/** Every file below `place`, in a fixed order. */
function* files(place) {
  if (!statSync(place).isDirectory()) {
    yield place;
    return;
  }
  for (const name of readdirSync(place).sort()) yield* files(path.join(place, name));
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const place of watched) {
    for (const file of files(path.join(root, place))) hash.update(path.relative(root, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const now = fingerprint();
const built = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
if (now !== built || process.argv.includes('--always')) {
  process.stdout.write('Building …\n');
  const remix = path.join(root, 'node_modules', '@remix-run', 'dev', 'dist', 'cli.js');
  const run = spawnSync(process.execPath, [remix, 'vite:build', '--config', 'remix.config.js', '--logLevel', 'warn'], {
    cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' },
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
  writeFileSync(stamp, now);
}
