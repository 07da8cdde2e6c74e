import { isCollection, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';

/** What is wrong with a course folder, and where. */
export interface ContentProblem {
  file: string;
  /** Counted from 1. */
  line: number;
  message: string;
}

/** YAML that was read, and where its parts stand. */
export interface Written {
  file: string;
  value: unknown;
  /** The line of the part at `path`, or of the nearest part around it that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: ContentProblem[] };

/**
 * Reads YAML.
 * @param firstLine the line of the file on which `text` begins
 */
export function readYaml(file: string, text: string, firstLine = 1): Checked<Written> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const line = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.map((error) => ({ file, line: line(error.pos[0]), message: `not valid YAML: ${error.message}` })) };
  }
  const value: unknown = document.toJS();
  return { ok: true, value: { file, value, lineOf: (path) => line(offsetOf(document, path)) } };
}

/** The offset of the node at the longest part of `path` that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let offset = isNode(document.contents) ? document.contents.range?.[0] ?? 0 : 0;
  let node: unknown = document.contents;
  for (const step of path) {
    node = isCollection(node) ? node.get(typeof step === 'number' ? step : String(step), true) : null;
    if (!isNode(node)) break;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

/** Holds what was read against a schema; each issue with its line. */
export function checkWritten<T>(written: Written, schema: z.ZodType<T>): Checked<T> {
  const parsed = schema.safeParse(written.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.map((issue) => problemAt(written, issue)) };
}

function problemAt(written: Written, issue: z.core.$ZodIssue): ContentProblem {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const name = path.map((step) => String(step)).join('.');
  const message = issue.code === 'unrecognized_keys' ? 'is not a known field' : issue.message;
  return { file: written.file, line: written.lineOf(path), message: name ? `${name}: ${message}` : message };
}

export interface Parts {
  front: string;
  frontLine: number;
  body: string;
  bodyLine: number;
}

/** Splits a Markdown file into the YAML between its `---` lines and the text below. */
export function splitFrontMatter(file: string, text: string): Checked<Parts> {
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(text);
  if (!found || found.index !== 0) {
    return { ok: false, problems: [{ file, line: 1, message: 'front matter is missing: the file must begin with a line `---` and close it with another' }] };
  }
  const head = found[0];
  return { ok: true, value: { front: found[1] ?? '', frontLine: 2, body: text.slice(head.length), bodyLine: head.split('\n').length } };
}
