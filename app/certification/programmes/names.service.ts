import type { Reader } from '~/db';
import { listExams } from '~/exams';
import { organisationTree } from '~/people';
import type { Names } from './sentence';
import { courseTitles, intakeNames, programmeTitles } from './surroundings.repository';

/** What everything that a programme can name is called, also to choose from: in the order in which it is listed. */
export async function namesFor(from: Reader, lang: 'zh' | 'en'): Promise<Names & { organisationDepths: ReadonlyMap<string, number> }> {
  const titled = (found: { id: string; title_zh: string; title_en: string }[]) => new Map(found.map((one) => [one.id, lang === 'zh' ? one.title_zh : one.title_en]));
  const organisations = await organisationTree(from);
  return {
    course: titled(await courseTitles(from)),
    exam: new Map((await listExams(from)).map((exam) => [exam.id, exam.title[lang]])),
    programme: titled(await programmeTitles(from)),
    organisation: new Map(organisations.map((one) => [one.id, one.name])),
    organisationDepths: new Map(organisations.map((one) => [one.id, one.depth])),
    intake: new Map((await intakeNames(from)).map((one) => [one.id, one.name])),
  };
}
