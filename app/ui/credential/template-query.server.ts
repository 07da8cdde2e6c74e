import type { z } from 'zod';
import { STANDARD, TemplateWords } from '~/certification';

/** What the designer's form holds, from an address: whatever is wrong or missing is as the program's own template has it. */
export function templateQuery(url: string): { words: z.infer<typeof TemplateWords>; name: string } {
  const query = new URL(url).searchParams;
  const { emblem: _, ...standard } = STANDARD;
  const words = Object.fromEntries(Object.keys(standard).filter((key) => key !== 'facts' && query.has(key)).map((key) => [key, query.get(key) ?? '']));
  const parsed = TemplateWords.safeParse({ ...standard, ...words, facts: query.has('titleZh') ? query.getAll('facts') : standard.facts });
  return { words: parsed.success ? parsed.data : standard, name: (query.get('sampleName') ?? '').trim().slice(0, 60) };
}
