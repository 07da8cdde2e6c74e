import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A city is lived through up to the moment in which it is made: an older one would be behind the tests' clocks. */
const KEPT_MS = 60 * 60_000;
const MAKING_MS = 5 * 60_000;
const WAIT_MS = 200;

export interface KeptCity {
  /** The folder as the program left it; to be copied, never used. */
  folder: string;
  /** What was told when it was made: the sign-ins. */
  told: string[];
}

/**
 * The demonstration city of this build, made by whoever asks first and kept for the other files of a run: it takes a good part of
 * a minute to live through, and is the same for everybody.
 * @param make fills an empty folder, with nothing running in it afterwards
 */
export async function keptCity(make: (folder: string) => Promise<string[]>): Promise<KeptCity> {
  const place = path.resolve(`.tmp/city-${readFileSync('build/stamp', 'utf8').slice(0, 16)}`);
  const lock = `${place}.making`;
  mkdirSync(path.dirname(place), { recursive: true });
  for (;;) {
    if (youngerThan(place, KEPT_MS)) return { folder: path.join(place, 'data'), told: JSON.parse(readFileSync(path.join(place, 'told.json'), 'utf8')) as string[] };
    if (take(lock)) {
      try {
        await made(place, make);
      } finally {
        rmSync(lock, { recursive: true, force: true });
      }
    } else await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

async function made(place: string, make: (folder: string) => Promise<string[]>): Promise<void> {
  const draft = mkdtempSync(`${place}-draft-`);
  const told = await make(path.join(draft, 'data'));
  writeFileSync(path.join(draft, 'told.json'), JSON.stringify(told));
  rmSync(place, { recursive: true, force: true });
  renameSync(draft, place);
}

/** Only one makes it. Who died while making it is not waited for. */
function take(lock: string): boolean {
  if (existsSync(lock) && !youngerThan(lock, MAKING_MS)) rmSync(lock, { recursive: true, force: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function youngerThan(file: string, ms: number): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs < ms;
  } catch {
    return false;
  }
}

/** The city in a folder of one's own. */
export function copyOf({ folder }: KeptCity, dataDir: string): void {
  cpSync(folder, dataDir, { recursive: true });
}
