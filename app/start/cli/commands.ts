import { rebuildProjections } from '~/certification';
import { checkCourses, formatProblems } from '~/courses';
import { describeConfig } from '~/kernel/config';
import { boot, configure } from '~/start/boot';
import { loadContent } from '~/start/content';
import { demoCity } from '~/start/demo';

export const tell = (line: string): void => void process.stdout.write(`${line}\n`);

export async function makeDemo({ people, seed }: { people: number; seed: string }): Promise<void> {
  const ground = await boot(process.env, true);
  try {
    ground.config.PUBLIC_URL ??= `http://localhost:${ground.config.PORT}`;
    await loadContent(ground.config, tell);
    await demoCity({ people, seed, tell });
  } finally {
    await ground.close();
  }
}

/** Exits with 1 when `--check` finds a difference, so that a nightly job notices. */
export async function rebuildLedger({ check = false }: { check?: boolean }): Promise<void> {
  const ground = await boot(process.env, true);
  try {
    const differences = await rebuildProjections({ check });
    for (const difference of differences) tell(JSON.stringify(difference));
    tell(check ? `${differences.length} differences` : `rebuilt, ${differences.length} rows changed`);
    if (check && differences.length > 0) process.exitCode = 1;
  } finally {
    await ground.close();
  }
}

export async function runMigrations(): Promise<void> {
  const ground = await boot(process.env, true);
  await ground.close();
  tell('The database is up to date.');
}

export async function checkAllCourses(): Promise<void> {
  const { COURSES_DIR } = configure(process.env);
  const problems = await checkCourses(COURSES_DIR);
  tell(problems.length > 0 ? formatProblems(problems) : 'Every course folder is in order.');
  if (problems.length > 0) process.exitCode = 1;
}

export function printEnvExample(): void {
  process.stdout.write(describeConfig());
}
