import { isSealed, verifyLedger } from '~/audit';
import { plansOfAsKnown, rebuildProjections, rotateKey } from '~/certification';
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

/** A new key signs from now on; what the old one signed stays genuine unless it leaked. */
export async function rotateSigningKey({ leaked = false }: { leaked?: boolean }): Promise<void> {
  const ground = await boot(process.env, true);
  try {
    tell(`The new public key: ${await rotateKey('system:command-line', { leaked })}`);
    if (leaked) tell('Everything that the old key signed counts as withdrawn. Ask the holders to download their badges again.');
  } finally {
    await ground.close();
  }
}

/** Exits with 1 when the chain does not verify, or does not hold the seal that somebody kept elsewhere. */
export async function verifySeals({ head }: { head?: string }): Promise<void> {
  const ground = await boot(process.env, true);
  try {
    const { broken, seals, events, unsealed, head: end } = await verifyLedger();
    if (broken) {
      const { seal, sealedAt, kind } = broken;
      tell(`seal ${seal}, made ${new Date(sealedAt).toISOString()}, does not verify: ${BREACHES[kind]}${'eventId' in broken ? ` ${broken.eventId}` : ''}`);
    }
    tell(`${seals} seals with ${events} events verified, ${unsealed} events not sealed yet${end ? `; head ${end.number}:${end.hash}` : ''}`);
    const kept = head === undefined || await isSealed(head);
    if (!kept) tell(`the chain does not hold ${head}`);
    if (broken || !kept) process.exitCode = 1;
  } finally {
    await ground.close();
  }
}

const BREACHES = {
  chain: 'it does not follow the seal before', removed: 'an event is gone:', inserted: 'an event was put in:', changed: 'an event or the seal itself was changed',
} as const;

/** How PostgreSQL would answer "as we knew it": exits with 1 when it would read a table from one end to the other. */
export async function showPlan(): Promise<void> {
  const ground = await boot(process.env, true);
  try {
    const plans = await plansOfAsKnown();
    if (plans === null) return tell('SQLite shows no such plan: set DATABASE_URL');
    for (const { query, lines } of plans) tell(`${query}\n  ${lines.join('\n  ')}`);
    if (plans.some(({ sequential }) => sequential.length > 0)) process.exitCode = 1;
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
