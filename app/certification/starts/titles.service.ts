import { findCourseById, type Bilingual } from '~/courses';
import type { Reader } from '~/db';
import { findExam } from '~/exams';
import { textFor, type Lang } from '~/text';
import { requirementText, type Names } from '../programmes/sentence';
import type { Requirement } from '../requirement';
import { findProgrammeTitle } from './posts.repository';

export interface NamedRequirement extends Requirement {
  /** As an act: 通过考试《…》. */
  title: Bilingual;
}

/** The requirements with what each is called, in both languages. */
export async function named(from: Reader, requirements: readonly Requirement[]): Promise<NamedRequirement[]> {
  const found: NamedRequirement[] = [];
  for (const one of requirements) {
    const target = await targetTitle(from, one);
    found.push({ ...one, title: { zh: titleIn('zh', one, target), en: titleIn('en', one, target) } });
  }
  return found;
}

function titleIn(lang: Lang, requirement: Requirement, target: Bilingual | null): string {
  const name: ReadonlyMap<string, string> = new Map(target ? [[requirement.targetId, target[lang]]] : []);
  const names: Names = { course: name, exam: name, programme: name, organisation: new Map(), intake: new Map() };
  const words = requirementText(requirement, names, textFor(lang));
  // The words are made for the middle of a sentence.
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function targetTitle(from: Reader, { kind, targetId }: Requirement): Promise<Bilingual | null> {
  switch (kind) {
    case 'course': return (await findCourseById(from, targetId))?.title ?? null;
    case 'exam': return (await findExam(from, targetId))?.title ?? null;
    case 'credential': return findProgrammeTitle(from, targetId);
    default: return null;
  }
}
