import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { textFor } from '~/text';

/** Rooms whose events stand in the history of a person or of the account that caused them. */
const ROOMS = ['exams', 'marking', 'certification', 'identity', 'people', 'courses'];
/** What concerns neither a person nor an account, and no history shows. */
const NOBODYS = new Set(['clearances.exported', 'people.exported', 'course.published', 'programme.published', 'intake.created', 'organisation.created', 'organisation.renamed']);

/** `kind: 'a.b'`, `kind: x ? 'a.b' : 'c.d'`, and events whose helper takes the kind as an argument. */
const NAMED = /\bkind: [^,;{}]*?'[a-z-]+\.[a-z-]+'[^,;{}]*|(?<!\.)\b(?:tell|appendTold)\([^)]*'[a-z-]+\.[a-z-]+'[^)]*\)/g;
const KIND = /'([a-z-]+\.[a-z-]+)'/g;

/** Kinds that are put together: what stands before the dot is fixed. */
const MADE = [
  ...['asked', 'granted', 'refused', 'withdrawn', 'revoked'].map((what) => `waiver.${what}`),
  ...['recorded', 'proposed', 'refused', 'cancelled'].map((what) => `start.${what}`),
  ...['recorded', 'cancelled'].map((what) => `confirmation.${what}`),
  ...['cancelled', 'moved', 'excused', 'admitted', 'refused', 'made', 'waiting'].map((what) => `booking.${what}`),
  ...['asked', 'withdrawn', 'approved', 'refused', 'given-place'].map((what) => `excuse.${what}`),
];

/** Every kind of event that these rooms write by name. */
function kinds(): string[] {
  const files = ROOMS.flatMap((room) => readdirSync(path.join('app', room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.service.ts') || file.endsWith('.repository.ts')).map((file) => path.join('app', room, file)));
  const found = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(NAMED)].flatMap(([part]) => [...part.matchAll(KIND)].map(([, kind]) => kind ?? '')));
  return [...new Set([...found, ...MADE])].sort();
}

describe('the words of the ledger', () => {
  it('finds the events that the program writes', () => {
    expect(kinds()).toEqual(expect.arrayContaining(['attempt.voided', 'sitting.closed', 'invigilation.acted', 'invigilation.undone', 'finding.decided', 'assignment.made', 'exam.practice-closed']));
  });

  it.each(['zh', 'en'] as const)('name every event that a history can show, in %s', (lang) => {
    const { has } = textFor(lang);
    expect(kinds().filter((kind) => !NOBODYS.has(kind) && !has(`admin.event.${kind}`))).toEqual([]);
  });

  it('are distinct, so that a history does not call two things by one name', () => {
    for (const lang of ['zh', 'en'] as const) {
      const words = kinds().filter((kind) => !NOBODYS.has(kind)).map((kind) => textFor(lang).t(`admin.event.${kind}` as Parameters<ReturnType<typeof textFor>['t']>[0]));
      expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
    }
  });
});
