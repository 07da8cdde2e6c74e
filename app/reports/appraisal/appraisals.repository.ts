import { z } from 'zod';
import { execute, insert, json, maybeOne, rows, type By, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { within } from '~/people';

/** A version of a rule of learning hours that targets of an appraisal come from. */
export const HourRuleUsed = z.object({
  id: z.string(), version: z.string(), title: z.object({ zh: z.string(), en: z.string() }), targets: z.array(z.object({ code: z.string(), title: z.object({ zh: z.string(), en: z.string() }), measure: z.string() })),
});
export type HourRuleUsed = z.infer<typeof HourRuleUsed>;

const Row = z.object({
  id: z.string(), organisation_id: z.string(), organisation: z.string(), path: z.string(), year: z.number(), frozen_on: z.string(), rule_code: z.string(), rule_version: z.string(),
  hour_rules: json(z.array(HourRuleUsed)), state: z.enum(['running', 'frozen']), asked_at: z.number(), asked_by: z.string(), after_post: z.string(), done: z.number(), total: z.number(),
  frozen_at: z.number().nullable(), hash: z.string().nullable(),
}).transform((row) => ({
  id: row.id, organisationId: row.organisation_id, organisation: row.organisation, path: row.path, year: row.year, frozenOn: row.frozen_on,
  rule: { code: row.rule_code, version: row.rule_version }, hourRules: row.hour_rules, state: row.state, askedAt: row.asked_at, askedBy: row.asked_by, after: row.after_post, done: row.done,
  total: row.total, frozenAt: row.frozen_at, hash: row.hash,
}));
export type Appraisal = z.output<typeof Row>;

const SELECT = `SELECT a.id, a.organisation_id, o.name AS organisation, o.path, a.year, a.frozen_on, a.rule_code, a.rule_version, a.hour_rules, a.state, a.asked_at, a.asked_by, a.after_post,
  a.done, a.total, a.frozen_at, a.hash FROM appraisals a JOIN organisations o ON o.id = a.organisation_id`;

export const findAppraisal = (from: Reader, id: string): Promise<Appraisal | null> => maybeOne(from, Row, `${SELECT} WHERE a.id = $id`, { id });

/** Appraisals of these subtrees and of what lies above them, the latest first: who leads a unit looks for it in its superior's. */
export function appraisalsAbout(from: Reader, paths: readonly string[]): Promise<Appraisal[]> {
  const beneath = within('o.path', paths);
  const above = paths.map((_, i) => `$above${i} LIKE o.path || '%'`);
  const params = Object.fromEntries(paths.map((path, i) => [`above${i}`, path]));
  return rows(from, Row, `${SELECT} WHERE ${[beneath.sql, ...above].join(' OR ')} ORDER BY a.frozen_on DESC, a.asked_at DESC, a.id LIMIT 200`, { ...beneath.params, ...params });
}

export interface NewAppraisal {
  organisationId: string;
  year: number;
  frozenOn: PlainDate;
  rule: { code: string; version: string };
  total: number;
  by: By;
}

/** @returns its id, or null when the same was asked for before */
export async function insertAppraisal(tx: Tx, one: NewAppraisal): Promise<string | null> {
  const id = newId();
  const added = await insert(tx, 'appraisals', [{
    id, organisation_id: one.organisationId, year: one.year, frozen_on: one.frozenOn, rule_code: one.rule.code, rule_version: one.rule.version, state: 'running', asked_at: tx.now,
    asked_by: one.by, total: one.total,
  }], 'ON CONFLICT (organisation_id, year, frozen_on) DO NOTHING');
  return added > 0 ? id : null;
}

/** @returns 0 when another run has taken this step */
export const moveOn = (tx: Tx, { id, after }: Pick<Appraisal, 'id' | 'after'>, to: string, looked: number): Promise<number> =>
  execute(tx, `UPDATE appraisals SET after_post = $to, done = done + $looked, version = version + 1 WHERE id = $id AND state = 'running' AND after_post = $after`, { id, after, to, looked });

/** Adds rules of hours that were met with on the way. */
export const keepRules = (tx: Tx, id: string, rules: readonly HourRuleUsed[]): Promise<number> =>
  execute(tx, `UPDATE appraisals SET hour_rules = $rules WHERE id = $id AND state = 'running'`, { id, rules: JSON.stringify(rules) });

export const markFrozen = (tx: Tx, id: string, hash: string): Promise<number> =>
  execute(tx, `UPDATE appraisals SET state = 'frozen', frozen_at = $now, hash = $hash, done = total, version = version + 1 WHERE id = $id AND state = 'running'`, { id, hash, now: tx.now });

const IdRow = z.object({ id: z.string() });

/** Appraisals that are not frozen yet. */
export const unfrozen = async (from: Reader, askedBefore: number): Promise<string[]> =>
  (await rows(from, IdRow, `SELECT id FROM appraisals WHERE state = 'running' AND asked_at < $askedBefore ORDER BY asked_at LIMIT 20`, { askedBefore })).map(({ id }) => id);

const UnitRow = z.object({ organisation_id: z.string(), place: z.number(), parent_id: z.string().nullable(), path: z.string(), code: z.string(), name: z.string(), path_now: z.string() })
  .transform((row) => ({ id: row.organisation_id, place: row.place, parentId: row.parent_id, path: row.path, code: row.code, name: row.name, pathNow: row.path_now }));
/** An organisation as it was when figures were frozen. */
export type AppraisalUnit = z.output<typeof UnitRow>;

/** The organisations of an appraisal, each before what lies beneath it. */
export const unitsOf = (from: Reader, appraisalId: string): Promise<AppraisalUnit[]> =>
  rows(from, UnitRow, `SELECT u.organisation_id, u.place, u.parent_id, u.path, u.code, u.name, o.path AS path_now FROM appraisal_units u JOIN organisations o ON o.id = u.organisation_id
    WHERE u.appraisal_id = $appraisalId ORDER BY u.place`, { appraisalId });

export const insertUnits = (tx: Tx, appraisalId: string, units: readonly { id: string; parentId: string | null; path: string; code: string; name: string }[]): Promise<number> =>
  insert(tx, 'appraisal_units', units.map((unit, place) => ({ appraisal_id: appraisalId, organisation_id: unit.id, place, parent_id: unit.parentId, path: unit.path, code: unit.code, name: unit.name })));
