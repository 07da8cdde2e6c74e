import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inTransaction, reader, saveSetting, settingsLike } from '~/db';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { log } from '~/kernel/log';
import type { Problem } from '~/kernel/result';
import { foldName } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { textFor } from '~/text';
import { everyOrganisation } from './facts.repository';
import { findRoster } from './rosters.repository';
import { takeRoster } from './upload.service';

const MOST_BYTES = 512 * 1024 * 1024;
/** What was seen at the last look, by file: whoever copies a large file makes it grow. */
const SEEN = 'roster-folder.seen';
const WORK = 'working';
const OWN_FOLDERS = [WORK, 'done', 'failed'];

interface Arrived {
  /** Within the watched folder. */
  file: string;
  /** Code of the organisation whose folder it lies in; null: the root's. */
  code: string | null;
}

/**
 * Looks into the watched folder: takes each file that is complete and has it checked like one that was uploaded; files away
 * those whose rosters are through. Files of an organisation lie in a folder named by its code, others are for the whole
 * deployment.
 */
export async function watchRosters(now: Instant): Promise<void> {
  const folder = config().ROSTER_DIR;
  if (!folder) return;
  for (const own of OWN_FOLDERS) await mkdir(path.join(folder, own), { recursive: true });
  await fileAway(folder, now);
  const before = JSON.parse((await settingsLike(reader(), SEEN))[0]?.value || '{}') as Record<string, string>;
  const seen: Record<string, string> = {};
  for (const arrived of await arrivals(folder)) {
    const complete = await isComplete(folder, arrived.file, before, seen);
    // One that cannot be taken keeps no other from being taken.
    if (complete) await take(folder, arrived, now).catch((error: unknown) => log().error({ err: error, file: arrived.file }, 'a roster in the folder could not be taken; it will be tried again'));
  }
  if (JSON.stringify(seen) !== JSON.stringify(before)) await inTransaction((tx) => saveSetting(tx, SEEN, JSON.stringify(seen)));
}

/** Files to take, in the order of their names, so that nightly files are taken by their dates. */
async function arrivals(folder: string): Promise<Arrived[]> {
  const found: Arrived[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && isRoster(entry.name)) found.push({ file: entry.name, code: null });
    if (!entry.isDirectory() || OWN_FOLDERS.includes(entry.name)) continue;
    for (const inner of await readdir(path.join(folder, entry.name), { withFileTypes: true })) {
      if (inner.isFile() && isRoster(inner.name)) found.push({ file: path.join(entry.name, inner.name), code: entry.name });
    }
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

const isRoster = (name: string): boolean => /^[^.~].*\.(?:csv|txt|xlsx|xlsm|xls)$/i.test(name);

/** Complete is what has not changed since the last look, or what has a file beside it that says so (`name.csv.done`). */
async function isComplete(folder: string, file: string, before: Record<string, string>, seen: Record<string, string>): Promise<boolean> {
  const marked = await lstat(path.join(folder, `${file}.done`)).then((one) => one.isFile(), () => false);
  const { size, mtimeMs } = await lstat(path.join(folder, file));
  const now = `${size} ${mtimeMs}`;
  if (marked || before[file] === now) return true;
  seen[file] = now;
  return false;
}

async function take(folder: string, { file, code }: Arrived, now: Instant): Promise<void> {
  const from = path.join(folder, file);
  const organisations = await everyOrganisation(reader());
  const place = code === null ? organisations.find((one) => /^\/[^/]+\/$/.test(one.path)) : organisations.find((one) => foldName(one.code) === foldName(code));
  if (!place) return fail(folder, file, { code: 'organisation.unknown', params: { code: code ?? '' } }, now);
  if ((await lstat(from)).size > MOST_BYTES) return fail(folder, file, { code: 'sheet.too-large', params: { max: MOST_BYTES / 1024 / 1024 } }, now);
  const taken = await takeRoster({ organisationId: place.id, fileName: path.basename(file), content: await readFile(from), source: 'folder', by: 'system:roster folder', scope: [place.path] });
  if (!taken.ok) return fail(folder, file, taken.error, now);
  // Named by its roster, so that it is found again when that is through. Taken twice after a crash it is the same roster.
  await rename(from, path.join(folder, WORK, `${taken.value}__${path.basename(file)}`));
  await dropMark(from);
}

const dropMark = (file: string): Promise<void> => rm(`${file}.done`, { force: true });

const stamped = (name: string, now: Instant): string => `${dateAt(now, config().TIME_ZONE)}-${now}-${name}`;

/** Puts a file away that cannot be taken, with a sentence beside it that says why. */
async function fail(folder: string, file: string, problem: Problem, now: Instant): Promise<void> {
  const name = stamped(path.basename(file), now);
  await rename(path.join(folder, file), path.join(folder, 'failed', name));
  await dropMark(path.join(folder, file));
  await writeFile(path.join(folder, 'failed', `${name}.txt`), `${textFor('zh').problem(problem)}\n${textFor('en').problem(problem)}\n`);
  log().warn({ file, code: problem.code }, 'a roster in the folder cannot be taken; see the folder failed');
}

/** Files whose rosters were applied go to `done`, those that were let go or could not be read to `failed`; others wait. */
async function fileAway(folder: string, now: Instant): Promise<void> {
  for (const name of await readdir(path.join(folder, WORK))) {
    const [id = '', rest = name] = name.split(/__(.*)/s);
    const roster = await findRoster(reader(), id);
    const to = roster === null || roster.state === 'withdrawn' || roster.state === 'unreadable' ? 'failed' : roster.state === 'applied' || roster.state === 'undoing' || roster.state === 'undone' ? 'done' : null;
    if (to === null) continue;
    const away = stamped(rest, now);
    await rename(path.join(folder, WORK, name), path.join(folder, to, away));
    if (roster?.problem && to === 'failed') await writeFile(path.join(folder, 'failed', `${away}.txt`), `${textFor('zh').problem(roster.problem)}\n${textFor('en').problem(roster.problem)}\n`);
  }
}
