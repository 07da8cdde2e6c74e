import { requirementWords } from '~/certification';
import { appendEvents, commitIfOk, reader } from '~/db';
import { can, type Actor } from '~/identity';
import { dateAt, daysBetween } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { ok, type Problem, type Result } from '~/kernel/result';
import { assignmentsToRemind, type AskedReminder } from './by-hand.repository';
import { tell, type ToTell } from './tell.service';

/**
 * Reminds people of what is still open because somebody asked for it, beside the ladder: each at most once a day, with the
 * digest like any other reminder.
 * @returns why not, by assignment; null: reminded
 */
export async function remindByHand(actor: Actor, assignmentIds: readonly string[]): Promise<Result<Map<string, Problem | null>>> {
  const words = await requirementWords(reader());
  return commitIfOk(async (tx) => {
    const day = dateAt(tx.now, config().TIME_ZONE);
    const found = await assignmentsToRemind(tx, assignmentIds);
    const answers = new Map<string, Problem | null>(assignmentIds.map((id) => [id, { code: 'not-found' }]));
    const open: AskedReminder[] = [];
    for (const one of found) {
      const problem = whyNot(actor, one);
      answers.set(one.assignment_id, problem);
      if (!problem) open.push(one);
    }
    const told = open.map((one): ToTell => ({ personId: one.person_id, step: `by-hand:${day}:${one.assignment_id}`, content: { kind: 'reminder', params: paramsOf(one) } }));
    const made = new Set((await tell(tx, told)).map(({ step }) => step));
    for (const one of open) if (!made.has(`by-hand:${day}:${one.assignment_id}`)) answers.set(one.assignment_id, { code: 'reminder.today' });
    await appendEvents(tx, open.filter((one) => answers.get(one.assignment_id) === null).map((one) => ({
      kind: 'person.reminded', subject: { kind: 'assignment', id: one.assignment_id }, personId: one.person_id, by: actor.by, cause: 'personnel', body: { day },
    })));
    return ok(answers);

    function paramsOf(one: AskedReminder) {
      const left = one.requirements.filter(({ state }) => state !== 'met' && state !== 'waived');
      const worded = (lang: 'zh' | 'en', comma: string) => left.flatMap(({ code }) => words.of(one.version_id, code)?.[lang] ?? []).join(comma);
      return {
        assignmentId: one.assignment_id, dueOn: one.due_on, startOn: one.start_of_duty, programmeZh: one.title_zh, programmeEn: one.title_en,
        days: daysBetween(day, one.due_on), openZh: worded('zh', '；'), openEn: worded('en', '; '),
      };
    }
  });
}

function whyNot(actor: Actor, { path, status, withdrawn_on: withdrawnOn }: AskedReminder): Problem | null {
  if (!can(actor, 'remind people', { organisationPath: path })) return { code: 'access.denied' };
  return status !== 'not-cleared' || withdrawnOn !== null ? { code: 'reminder.nothing' } : null;
}
