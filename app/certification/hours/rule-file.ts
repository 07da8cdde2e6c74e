import { isCollection, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { ERROR_STATUS, type ErrorCode } from '~/kernel/errors';
import { hasOwn } from '~/kernel/own';
import { HourRule } from './rule';

/** What is wrong with a file of rules: a code with words in both languages, the line, and the field's name. */
export interface RuleProblem {
  code: ErrorCode;
  params: { line: number; field: string; allowed?: string };
}

export type ReadRule = { ok: true; rule: HourRule } | { ok: false; problems: RuleProblem[] };

const LONGEST = 200_000;

/** Reads a version of a rule set; says of everything that is wrong on which line it stands. */
export function readRule(text: string): ReadRule {
  if (text.length > LONGEST) return { ok: false, problems: [{ code: 'hour-rule.too-long', params: { line: 1, field: '' } }] };
  const lines = new LineCounter();
  // Aliases are refused: a few lines of them can unfold into more than the memory holds.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const line = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.map((error) => ({ code: 'hour-rule.yaml', params: { line: line(error.pos[0]), field: '' } })) };
  }
  const value = plain(document);
  if (value === UNREADABLE) return { ok: false, problems: [{ code: 'hour-rule.yaml', params: { line: 1, field: '' } }] };
  const parsed = HourRule.safeParse(value);
  if (parsed.success) return { ok: true, rule: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsAt(issue, (path) => line(offsetOf(document, path)))) };
}

const UNREADABLE = Symbol('unreadable');

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return UNREADABLE;
  }
}

/** The offset of the node at the longest part of `path` that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] ?? 0 : 0;
  for (const step of path) {
    node = isCollection(node) ? node.get(typeof step === 'number' ? step : String(step), true) : null;
    if (!isNode(node)) break;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

const isCode = (text: string): text is ErrorCode => hasOwn(ERROR_STATUS, text);

function problemsAt(issue: z.core.$ZodIssue, lineAt: (path: readonly PropertyKey[]) => number): RuleProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem('hour-rule.unknown-field', [...issue.path, key], lineAt));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // One of several forms: tell what is wrong with the form that fits best, the one with the fewest faults.
    const [best] = [...issue.errors].sort((a, b) => deepest(b) - deepest(a) || a.length - b.length);
    const inner = best?.flatMap((one) => problemsAt({ ...one, path: [...issue.path, ...one.path] }, lineAt)) ?? [];
    if (inner.length > 0) return inner;
  }
  return [problem(codeOf(issue), issue.path, lineAt, allowedOf(issue))];
}

const deepest = (issues: z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((one) => one.path.length));

const problem = (code: ErrorCode, path: readonly PropertyKey[], lineAt: (path: readonly PropertyKey[]) => number, allowed?: string): RuleProblem =>
  ({ code, params: { line: lineAt(path), field: path.map(String).join('.') || '–', ...(allowed !== undefined && { allowed }) } });

function allowedOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  if (issue.code === 'too_small') return `≥ ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `≤ ${String(issue.maximum)}`;
  return undefined;
}

function codeOf(issue: z.core.$ZodIssue): ErrorCode {
  if (isCode(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type': return issue.message.endsWith('received undefined') ? 'hour-rule.missing' : 'hour-rule.type';
    case 'invalid_value': return 'hour-rule.choose';
    case 'too_small':
    case 'too_big': return 'hour-rule.range';
    default: return 'hour-rule.form';
  }
}
