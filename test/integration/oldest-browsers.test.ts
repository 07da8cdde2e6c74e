import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unknownInScript, unknownInStyles } from '../support/oldest-browsers';

const ASSETS = ['build/client/assets', 'build/server/assets'];

/** Asked for only after a look whether the browser has it, or never reached by us. */
const CHECKED_FIRST = [
  'navigator.connection', 'navigator.scheduling', 'reportError', 'setImmediate', // React and Remix look first
  '.startViewTransition', '.skipTransition', // Remix, only for links that ask for it
  'TransformStream', '.pipeThrough', // Remix, only with single fetch
];

/** Brought along by us. */
const FILLED_IN = ['.at']; // app/ui/fill-in.ts

/** Methods of our own and of libraries that share their name with a newer one of the browser. */
const OTHERS_NAMES = [
  '.createContext', 'React.createContext', '.detect', '.escape', '.fetch', '.forget', '.format', '.take',
  '.destroy', '.getState', '.grow', '.handle', '.opened', '.run', '.writable',
];

/** Where the browser does without, something plainer is seen or nothing at all. */
const FALLS_BACK = [
  ':focus-visible', // the ring is then shown always (base.css)
  'accent-color', 'color-scheme', 'font-synthesis', 'text-wrap', 'font-family: ui-monospace', // colour, face and line ends only
  '@page size', 'break-after: avoid', // paper only
  '@media (forced-colors)', // names the system's colours, which are taken all the same
];

function unknown(ending: string, find: (source: string) => string[], accepted: string[]): Record<string, string[]> {
  const found = ASSETS.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(ending))
    .map((name) => [name, find(readFileSync(path.join(folder, name), 'utf8')).filter((one) => !accepted.includes(one))] as const));
  expect(found.length).toBeGreaterThan(0);
  return Object.fromEntries(found.filter(([, lacking]) => lacking.length > 0));
}

describe('what is sent to browsers', () => {
  it('asks in scripts for nothing that Chromium 87 or Firefox 78 lacks', () => {
    expect(unknown('.js', unknownInScript, [...CHECKED_FIRST, ...FILLED_IN, ...OTHERS_NAMES])).toEqual({});
  });

  it('asks in styles for nothing that they lack and that would be missed', () => {
    expect(unknown('.css', unknownInStyles, FALLS_BACK)).toEqual({});
  });

  it.each(['structuredClone(a)', 'Promise.any([])', 'Object.hasOwn(a, "b")', 'const x = []; x.at(-1)', 'const e = document.body; e.showModal()', 'crypto.randomUUID()', 'AbortSignal.timeout(1)', 'new WeakRef(a)', 'class A { #x = 1 }', 'let a; a ||= 1', 'await fetch("/")', '/a/d'])('would be told of the script %s', (script) => {
    expect(unknownInScript(script)).not.toEqual([]);
  });

  it.each(['a:has(b) { top: 0 }', 'a { aspect-ratio: 1 }', 'a { color: color-mix(in srgb, red, blue) }', 'a { height: 100dvh }', 'a:is(b) { top: 0 }', '@container (width > 1px) { a { top: 0 } }', 'a { overflow: clip }'])('would be told of the style %s', (style) => {
    expect(unknownInStyles(style)).not.toEqual([]);
  });

  it.each(['a { inset: 0; gap: 1rem; display: grid; height: min(1px, 2vh) }', '@supports (aspect-ratio: 1) { a { aspect-ratio: 1 } }', '@media (min-width: 40em) { a { top: 0 } }'])('does not object to the style %s', (style) => {
    expect(unknownInStyles(style)).toEqual([]);
  });

  it.each(['"a".replaceAll("a", "b")', 'const a = {}; a?.b ?? 1', 'Promise.allSettled([])', 'class A { x = 1 }', 'new EventSource("/")'])('does not object to the script %s', (script) => {
    expect(unknownInScript(script)).toEqual([]);
  });
});
