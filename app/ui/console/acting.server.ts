/** The server's half of acting on candidates: the question before an act, and the act; for sittings and for exams without. */
import { json } from '@remix-run/node';
import { z } from 'zod';
import { act, ACTS_ON_PEOPLE, planFor, type ActDone, type ActOnPeople, type ActPlan, type Whom } from '~/exams';
import type { Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { must, type Result } from '~/kernel/result';
import type { ActQuestion } from './act-panel';

const reason = z.string().trim().min(2, 'field.too-short').max(300);
const words = z.string().trim().min(2, 'field.too-short').max(1000);
const Common = { key: z.string().min(8).max(64), ids: z.string().transform((text) => text.split(' ').filter(Boolean).slice(0, 2000)) };

/** Which act, and for whom; nothing is done yet. */
export const Ask = z.object({ kind: z.enum(ACTS_ON_PEOPLE), scope: z.string().default('selected'), who: z.array(z.string()).default([]) });

/** The answer to the question: the act itself. */
export const Act = z.discriminatedUnion('kind', [
  z.object({ ...Common, kind: z.enum(['pause', 'resume', 'device', 'admit', 'refuse']), reason }),
  z.object({ ...Common, kind: z.literal('time'), reason, minutes: z.number('field.number').int().min(1, 'field.too-low').max(240, 'field.too-high') }),
  z.object({ ...Common, kind: z.literal('exempt'), reason, exemption: z.enum(['seb', 'network', 'late'], 'field.choose') }),
  z.object({ ...Common, kind: z.enum(['message', 'note']), text: words }),
  z.object({ ...Common, kind: z.enum(['hand-in', 'void']), reason, sure: z.literal(true, 'field.tick') }),
]);

const whom = (sittingId: string | null, ids: readonly string[]): Whom =>
  sittingId === null ? { sittingId, attempts: ids } : { sittingId, bookings: ids };

/** What is asked before an act on these bookings of a sitting, or on these attempts of an exam without. */
export const questionOn = async (actor: Actor, sittingId: string | null, ids: readonly string[], kind: ActOnPeople): Promise<ActQuestion> =>
  questionFor(kind, must(await planFor(actor, whom(sittingId, ids), { kind })));

function questionFor(kind: ActOnPeople, { applies, omitted }: ActPlan): ActQuestion {
  const now = clock.now();
  const whys = [...new Set(omitted.map(({ why }) => why))];
  return {
    kind, key: newId(), ids: applies.map(({ id }) => id), names: applies.map(({ name }) => name),
    withTime: applies.filter(({ deadlineAt, pausedAt }) => pausedAt !== null || (deadlineAt !== null && deadlineAt > now)).length,
    omitted: whys.map((why) => ({ why, count: omitted.filter((one) => one.why === why).length })),
  };
}

/** Does what was confirmed, to exactly those who were named. */
export function actAsConfirmed(actor: Actor, sittingId: string | null, { ids, ...confirmed }: z.output<typeof Act>): Promise<Result<ActDone>> {
  return act(actor, whom(sittingId, ids), { reason: '', ...confirmed, named: ids.length });
}

/** A refused form comes back with its question, worked out anew: also without JavaScript everything typed is there. */
export async function withQuestion(refused: Response, actor: Actor, sittingId: string | null, typed: FormData): Promise<Response> {
  const kind = ACTS_ON_PEOPLE.find((one) => one === typed.get('kind'));
  const ids = typed.get('ids');
  if (!kind || typeof ids !== 'string') return refused;
  const planned = await planFor(actor, whom(sittingId, ids.split(' ')), { kind });
  const reply: unknown = await refused.json();
  return json({ ...(reply as object), ...(planned.ok && { question: questionFor(kind, planned.value) }) }, { status: refused.status });
}
