import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { appendEvent, inTransaction, type By } from '~/db';
import { authorise, type Actor } from '~/identity';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { readRule } from './rule-file';
import { entriesWithoutRule } from './entries.repository';
import { findRule, insertRule, listRules, markDiscarded, markPublished, versionsOf } from './rules.repository';
import { forgetDifferences, latestRun, runningRuns } from './runs.repository';
import { startRun } from './runs.service';

const BY: By = 'system:learning hours';

/**
 * Keeps a new version of a rule set as a draft. What is wrong with its text is told by `readRule`, with lines, before.
 * @returns the draft's id
 */
export async function draftRule(actor: Actor, written: string): Promise<Result<string>> {
  authorise(actor, 'set hour rules');
  const read = readRule(written);
  if (!read.ok) {
    const [first] = read.problems;
    return err(first?.code ?? 'hour-rule.form', first?.params, 'written');
  }
  const { rule } = read;
  return inTransaction(async (tx) => {
    const versions = await versionsOf(tx, rule.code);
    if (versions.some((one) => one.state !== 'discarded' && one.label === rule.version)) return err('hour-rule.version-taken', { version: rule.version }, 'written');
    const id = newId();
    const number = Math.max(0, ...versions.map((one) => one.number)) + 1;
    if (!await insertRule(tx, { id, number, rule, written, state: 'draft', by: actor.by })) return err('conflict.changed');
    await appendEvent(tx, { kind: 'hours.rule-drafted', subject: { kind: 'hour-rule', id }, by: actor.by, body: { code: rule.code, version: rule.version } });
    return ok(id);
  });
}

/** Begins to find out what a draft would change, for everybody, in open years. */
export async function compareRule(actor: Actor, id: string): Promise<Result<null>> {
  authorise(actor, 'set hour rules');
  return inTransaction(async (tx) => {
    if ((await findRule(tx, id))?.state !== 'draft') return err('conflict.changed');
    if ((await latestRun(tx, 'difference', id))?.state === 'running') return err('hours.run-first');
    await forgetDifferences(tx, id);
    await startRun(tx, { kind: 'difference', ruleId: id, by: actor.by });
    return ok(null);
  });
}

/**
 * Publishes a draft whose difference report is there and still true, and counts all open years anew by a job. Reports
 * from before another version was published would tell the wrong story.
 */
export async function publishRule(actor: Actor, id: string): Promise<Result<null>> {
  authorise(actor, 'set hour rules');
  return inTransaction(async (tx) => {
    const draft = await findRule(tx, id);
    if (draft?.state !== 'draft') return err('conflict.changed');
    const report = await latestRun(tx, 'difference', id);
    if (report?.state !== 'done') return err('hours.report-first');
    if ((await listRules(tx)).some((one) => (one.publishedAt ?? 0) > report.startedAt)) return err('hours.report-old');
    if ((await runningRuns(tx)).length > 0) return err('hours.run-first');
    if (!await markPublished(tx, id, actor.by)) return err('conflict.changed');
    await appendEvent(tx, {
      kind: 'hours.rule-published', subject: { kind: 'hour-rule', id }, by: actor.by, cause: 'decision',
      body: { code: draft.code, version: draft.label, effectiveFrom: draft.effectiveFrom, report: report.id },
    });
    await startRun(tx, { kind: 'recount', ruleId: id, by: actor.by });
    return ok(null);
  });
}

export async function discardRule(actor: Actor, id: string): Promise<Result<null>> {
  authorise(actor, 'set hour rules');
  return inTransaction(async (tx) => {
    if (!await markDiscarded(tx, id)) return err('conflict.changed');
    await appendEvent(tx, { kind: 'hours.rule-discarded', subject: { kind: 'hour-rule', id }, by: actor.by });
    return ok(null);
  });
}

/**
 * Brings the files of a folder into the store: a set that is not known yet counts at once, a new version of a known one
 * waits as a draft. Entries that no rule has counted yet are counted. Runs as often as one likes.
 * @returns what keeps files from being read, one line each
 */
export async function syncHourRules(dir: string): Promise<string[]> {
  const problems: string[] = [];
  let published = false;
  for (const { file, written } of await filesIn(dir, problems)) {
    const read = readRule(written);
    if (read.ok) published = await keep(written, read.rule) || published;
    else problems.push(...read.problems.map(({ code, params }) => `${file}:${params.line}: ${params.field}: ${code}`));
  }
  if (published) await inTransaction(async (tx) => {
    if (await entriesWithoutRule(tx)) await startRun(tx, { kind: 'recount', by: BY });
  });
  return problems;
}

async function filesIn(dir: string, problems: string[]): Promise<{ file: string; written: string }[]> {
  try {
    const names = (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
    return await Promise.all(names.map(async (name) => ({ file: path.join(dir, name), written: await readFile(path.join(dir, name), 'utf8') })));
  } catch (error) {
    problems.push(`${dir}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** @returns true when it counts from now on */
async function keep(written: string, rule: Parameters<typeof insertRule>[1]['rule']): Promise<boolean> {
  return inTransaction(async (tx) => {
    const versions = await versionsOf(tx, rule.code);
    if (versions.some((one) => one.label === rule.version)) return false;
    const id = newId();
    const state = versions.length === 0 ? 'published' as const : 'draft' as const;
    if (!await insertRule(tx, { id, number: versions.length + 1, rule, written, state, by: BY })) return false;
    await appendEvent(tx, {
      kind: state === 'published' ? 'hours.rule-published' : 'hours.rule-drafted', subject: { kind: 'hour-rule', id }, by: BY, cause: 'import',
      body: { code: rule.code, version: rule.version, effectiveFrom: rule.effective.from },
    });
    return state === 'published';
  });
}
