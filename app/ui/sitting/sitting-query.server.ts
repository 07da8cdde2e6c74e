import { reader } from '~/db';
import { findExamBySlug, SITTING_TIMES } from '~/exams';
import { scopePaths, type Actor } from '~/identity';
import { clock } from '~/kernel/clock';

/** What the address of the list of sittings asks for, within the reader's scope. */
export async function sittingQuery(actor: Actor, url: string) {
  const asked = new URL(url).searchParams;
  const exam = await findExamBySlug(reader(), asked.get('exam') ?? '');
  return {
    filtered: ['q', 'exam', 'time'].some((name) => asked.get(name)),
    query: {
      paths: scopePaths(actor, ['administrator', 'hr', 'invigilator']), accountId: actor.accountId, now: clock.now(), examId: exam?.id ?? null,
      search: (asked.get('q') ?? '').slice(0, 100), time: SITTING_TIMES.find((time) => time === asked.get('time')) ?? null,
    },
  };
}
