/**
 * What the oldest browsers that we serve know, by the tables of MDN (browser-compat-data), and what of our
 * built scripts and styles they do not know. The tables cannot tell whose `at()` is called: a name counts as
 * known when any object that has it has it in both browsers.
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { CompatData, CompatStatement, Identifier, SimpleSupportStatement } from '@mdn/browser-compat-data';
import { parse, type AnyNode, type Program } from 'acorn';
import { full } from 'acorn-walk';
import postcss, { type AtRule, type Declaration, type Node, type Rule } from 'postcss';

const tables = createRequire(import.meta.url)('@mdn/browser-compat-data') as CompatData;

/** From package.json, which the build and the lint read too: `chrome 87`. */
const OLDEST = (JSON.parse(readFileSync('package.json', 'utf8')) as { browserslist: string[] }).browserslist.map((named) => {
  const [browser = '', version = ''] = named.split(' ');
  return { browser: browser as 'chrome' | 'firefox', version: Number(version) };
});

const hasFrom = (statement: SimpleSupportStatement, version: number): boolean =>
  typeof statement.version_added === 'string' && Number.parseFloat(statement.version_added.replace('≤', '')) <= version
  && !(typeof statement.version_removed === 'string' && Number.parseFloat(statement.version_removed) <= version)
  && !statement.flags && !statement.prefix && !statement.alternative_name;

/** Whether all of the oldest browsers have it, without flag or prefix. */
const known = ({ support }: CompatStatement): boolean =>
  OLDEST.every(({ browser, version }) => [support[browser] ?? []].flat().some((statement) => hasFrom(statement, version)));

const entryOf = (table: Identifier | undefined, name: string): Identifier | undefined =>
  table && Object.hasOwn(table, name) ? table[name] : undefined;

/** Null when the tables do not speak of it. */
function knows(table: Identifier | undefined, ...names: string[]): boolean | null {
  const found = names.flatMap((name) => entryOf(table, name)?.__compat ?? []);
  return found.length === 0 ? null : found.some((one) => known(one));
}

/* Scripts */

/** Global names and the interface that the tables describe them under. */
const INTERFACE: Record<string, string> = {
  window: 'Window', document: 'Document', navigator: 'Navigator', crypto: 'Crypto', performance: 'Performance', history: 'History',
  location: 'Location', localStorage: 'Storage', sessionStorage: 'Storage', indexedDB: 'IDBFactory', screen: 'Screen', caches: 'CacheStorage',
};

/** Members of everything that has members, by name: known when somebody's member of that name is. */
const members = memberNames();

function memberNames(): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const table of [tables.api, tables.javascript['builtins'] ?? {}]) {
    for (const owner of Object.values(table as Record<string, Identifier>)) {
      for (const name of Object.keys(owner).filter((key) => key !== '__compat')) {
        const answer = knows(owner, name);
        if (answer !== null) found.set(name, (found.get(name) ?? false) || answer);
      }
    }
  }
  return found;
}

function globalKnown(name: string): boolean | null {
  return knows(tables.javascript['builtins'], name) ?? knows(tables.api, name) ?? knows(entryOf(tables.api, 'Window'), name)
    ?? knows(tables.api, `${name}_static`);
}

function memberKnown(owner: string | null, name: string): boolean | null {
  const described = owner === null ? null : INTERFACE[owner] ?? owner;
  if (described !== null) {
    const table = entryOf(tables.javascript['builtins'], described) ?? entryOf(tables.api, described);
    const answer = knows(table, name, `${name}_static`);
    if (answer !== null || (table && owner !== 'window')) return answer;
  }
  return members.get(name) ?? null;
}

/** Syntax of later years that one of the browsers cannot read. What is not named here they can, up to ES2022. */
function tooNewSyntax(node: AnyNode): string | null {
  switch (node.type) {
    case 'PropertyDefinition': case 'MethodDefinition': return node.key.type === 'PrivateIdentifier' ? 'private member' : null;
    case 'StaticBlock': return 'static block';
    case 'AssignmentExpression': return ['||=', '&&=', '??='].includes(node.operator) ? node.operator : null;
    case 'ExportAllDeclaration': return node.exported ? 'export * as' : null;
    case 'Literal': return 'regex' in node && node.regex && /[dv]/.test(node.regex.flags) ? `regular expression /${node.regex.flags}` : null;
    default: return null;
  }
}

const topLevelAwait = (program: Program): boolean => {
  let functions: AnyNode[] = [];
  const waits: AnyNode[] = [];
  full(program, (node) => {
    const at = node;
    if (/Function/.test(at.type)) functions = [...functions, at];
    if (at.type === 'AwaitExpression' || (at.type === 'ForOfStatement' && at.await)) waits.push(at);
  });
  return waits.some((wait) => !functions.some((one) => one.start < wait.start && wait.end < one.end));
};

/** Each thing in a script that one of the oldest browsers lacks, once. */
export function unknownInScript(source: string): string[] {
  const program = parse(source, { ecmaVersion: 2022, sourceType: 'module' });
  const declared = namesDeclared(program);
  const found = new Set<string>(topLevelAwait(program) ? ['await at top level'] : []);
  const isGlobal = (name: string): boolean => !declared.has(name);
  full(program, (visited) => {
    const node = visited;
    const syntax = tooNewSyntax(node);
    if (syntax) found.add(syntax);
    if (node.type === 'Identifier' && isGlobal(node.name) && globalKnown(node.name) === false) found.add(node.name);
    // Of an object that is only known by a letter, calls alone count: what is merely read is our own data, or undefined.
    const member = node.type === 'CallExpression' ? node.callee : node;
    if (member.type !== 'MemberExpression' || member.computed || member.property.type !== 'Identifier') return;
    const owner = member.object.type === 'Identifier' && isGlobal(member.object.name) ? member.object.name : null;
    if (owner === null && node.type !== 'CallExpression') return;
    if (memberKnown(owner, member.property.name) === false) found.add(`${owner ?? ''}.${member.property.name}`);
  });
  return [...found].sort();
}

function namesDeclared(program: Program): Set<string> {
  const names = new Set<string>();
  full(program, (node, _state, type) => {
    const at = node;
    if (type === 'VariablePattern' && at.type === 'Identifier') names.add(at.name);
    if ((at.type === 'FunctionDeclaration' || at.type === 'FunctionExpression' || at.type === 'ClassDeclaration' || at.type === 'ClassExpression') && at.id) names.add(at.id.name);
    if (at.type === 'ImportDeclaration') for (const one of at.specifiers) names.add(one.local.name);
  });
  return names;
}

/* Styles */

const css = tables.css as Record<'properties' | 'selectors' | 'types' | 'at-rules', Identifier>;

const insideSupports = ({ parent }: Node): boolean =>
  parent !== undefined && ((parent.type === 'atrule' && 'name' in parent && parent.name === 'supports') || insideSupports(parent));

const FUNCTION = /([a-z-]+)\(/g;
const NEW_UNIT = /\d((?:[sld]v|cq)(?:[whib]|min|max)|lh|rlh|cap)\b/g;
const WORD = /(?<![\w-])[a-z][a-z-]*(?![\w(-])/g;

/** The tables of all kinds of values: `color-mix` stands under `color`, lengths under `length`. */
function valueKnown(name: string): boolean | null {
  const direct = knows(css.types, name);
  if (direct !== null) return direct;
  const found = Object.values(css.types).map((type) => knows(type as Identifier, name)).filter((answer) => answer !== null);
  return found.length === 0 ? null : found.includes(true);
}

const OLD_NAME_OF_GAP = 'grid-gap';

/** The prefixed name that the build, or we, set beside it. */
const hasPrefixedTwin = ({ prop, parent }: Declaration): boolean =>
  parent?.some((node) => node.type === 'decl' && new RegExp(`^-(webkit|moz)-${prop}$`).test(node.prop)) ?? false;

function unknownInDeclaration(declaration: Declaration): string[] {
  const { prop, value, parent } = declaration;
  if (prop.startsWith('-') || prop === OLD_NAME_OF_GAP || hasPrefixedTwin(declaration)) return [];
  const inPage = parent?.type === 'atrule' ? entryOf(css['at-rules'], (parent as AtRule).name) : undefined;
  if (entryOf(inPage, prop)) return knows(inPage, prop) === false ? [`@${(parent as AtRule).name} ${prop}`] : [];
  const property = entryOf(css.properties, prop);
  if (!property) return [`${prop}: in no table`];
  if (knows(css.properties, prop) === false) return [prop];
  const plain = value.replace(/url\([^)]*\)|"[^"]*"|'[^']*'/g, '');
  const names = (pattern: RegExp): string[] => [...plain.matchAll(pattern)].map((match) => match[1] ?? match[0]);
  return [
    ...names(WORD).filter((word) => knows(property, word) === false).map((word) => `${prop}: ${word}`),
    ...names(FUNCTION).filter((name) => (knows(property, name) ?? valueKnown(name)) === false).map((name) => `${prop}: ${name}()`),
    ...names(NEW_UNIT).map((unit) => `${prop}: ${unit}`),
  ];
}

function unknownInSelector({ selector }: Rule): string[] {
  // A pseudo-element with a prefix is for the one browser that has it, in a rule of its own.
  return [...selector.matchAll(/::?([a-z][a-z-]+)/g)].map((match) => ({ text: match[0], name: match[1] ?? '' }))
    .filter(({ name }) => knows(css.selectors, name) === false).map(({ text }) => text);
}

function unknownInAtRule({ name, params }: AtRule): string[] {
  const rule = entryOf(css['at-rules'], name);
  if (knows(css['at-rules'], name) === false) return [`@${name}`];
  const features = [...params.matchAll(/\(\s*([a-z-]+)/g)].map((match) => (match[1] ?? '').replace(/^(min|max)-/, ''));
  const ranges = name === 'media' && /[<>]/.test(params) ? ['@media with < or >'] : [];
  return [...features.filter((feature) => knows(rule, feature) === false).map((feature) => `@${name} (${feature})`), ...ranges];
}

/** Each thing in a style sheet, outside `@supports`, that one of the oldest browsers lacks, once. */
export function unknownInStyles(source: string): string[] {
  const found = new Set<string>();
  postcss.parse(source).walk((node) => {
    if (insideSupports(node)) return;
    const unknown = node.type === 'decl' ? unknownInDeclaration(node) : node.type === 'rule' ? unknownInSelector(node) : node.type === 'atrule' && node.name !== 'supports' ? unknownInAtRule(node) : [];
    for (const one of unknown) found.add(one);
  });
  return [...found].sort();
}
