import type { Reader } from '~/db';
import { textFor, type Lang } from '~/text';
import { requirementsOfAll } from '../programme.repository';
import { namesFor } from './names.service';
import { requirementText } from './sentence';
import { assignableVersionIds } from './surroundings.repository';

/** What each requirement of each version asks, as an act in both languages: 通过考试《…》. */
export interface RequirementWords {
  of(versionId: string, code: string): Record<Lang, string> | null;
}

/** The words of everything that is asked of anybody, read once for many people. */
export async function requirementWords(from: Reader): Promise<RequirementWords> {
  const asked = await requirementsOfAll(from, await assignableVersionIds(from));
  const zh = { names: await namesFor(from, 'zh'), text: textFor('zh') };
  const en = { names: await namesFor(from, 'en'), text: textFor('en') };
  const words = new Map([...asked].map(([versionId, requirements]) => [versionId, new Map(requirements.map((one) => [
    one.code, { zh: requirementText(one, zh.names, zh.text), en: requirementText(one, en.names, en.text) },
  ]))]));
  return { of: (versionId, code) => words.get(versionId)?.get(code) ?? null };
}
