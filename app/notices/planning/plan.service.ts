import { requirementWords, type RequirementWords } from '~/certification';
import { inTransaction, reader, type Tx } from '~/db';
import { dateAt, daysBetween, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { House } from '../rules/house';
import { houseRules } from '../rules/house.service';
import { mayRemindAt } from '../rules/quiet';
import { tell, type ToTell } from '../tell.service';
import { directoryOn } from './directory.repository';
import { tellEscalations } from './escalation.service';
import { Ladders, type Step } from './ladder';
import { audienceOf, dueDatesReaching, hasStep, lookBack, stepOn } from './plan';
import {
  beginPlan, findPlan, insertEscalations, lastPlanned, lockPlan, openAfter, openDueDates, savePlan, type DayPlan, type NewEscalation, type OpenRow,
} from './plan.repository';
import { weeklyNotices } from './weekly.service';

/** One transaction goes through at most so many people, so that others can save in between. */
const CHUNK = 500;

export type PlanCounts = Pick<DayPlan, 'reminders' | 'escalations' | 'weekly'>;

const NOTHING: PlanCounts = { reminders: 0, escalations: 0, weekly: 0 };

/**
 * Makes what today brings: reminders for everybody who is not cleared, word to managers and HR, the weekly digests. Goes
 * through the people of each due date in steps, remembers in the transaction of each step how far it has come, and may be
 * stopped anywhere and run again. Once it is done for a day it does nothing; on rest days and in quiet hours neither.
 * @returns what was made for this day, earlier runs included
 */
export async function planDay(now: Instant): Promise<PlanCounts> {
  const zone = config().TIME_ZONE;
  const house = await houseRules(reader());
  const day = dateAt(now, zone);
  if (!mayRemindAt(now, house, zone)) return (await findPlan(reader(), day)) ?? NOTHING;
  let plan = await begun(day);
  if (plan.stage === 'reminders') plan = await planReminders(plan, house);
  if (plan.stage === 'escalations') {
    const directory = await directoryOn(reader(), day);
    plan = await inStep(day, 'escalations', async (tx, current) => {
      const { told, more } = await tellEscalations(tx, day, directory);
      return { ...current, escalations: current.escalations + told, stage: more ? 'escalations' : 'weekly' };
    });
  }
  if (plan.stage === 'weekly') {
    const weekly = await weeklyNotices(reader(), day, house);
    plan = await inStep(day, 'weekly', async (tx, current) => ({ ...current, weekly: (await tell(tx, weekly)).length, stage: 'done' }));
  }
  return { reminders: plan.reminders, escalations: plan.escalations, weekly: plan.weekly };
}

async function begun(day: PlainDate): Promise<DayPlan> {
  const known = await findPlan(reader(), day);
  if (known) return known;
  return inTransaction(async (tx) => {
    await beginPlan(tx, day, lookBack(await lastPlanned(tx, day), day));
    return lockPlan(tx, day);
  });
}

/** Goes on with one stage, transaction by transaction, until it is over; who finds it over leaves it so. */
async function inStep(day: PlainDate, stage: DayPlan['stage'], step: (tx: Tx, plan: DayPlan) => Promise<DayPlan>): Promise<DayPlan> {
  for (;;) {
    const plan = await inTransaction(async (tx) => {
      const current = await lockPlan(tx, day);
      if (current.stage !== stage) return current;
      const next = await step(tx, current);
      await savePlan(tx, next);
      return next;
    });
    if (plan.stage !== stage) return plan;
  }
}

async function planReminders(plan: DayPlan, house: House): Promise<DayPlan> {
  const ladders = new Ladders(house.ladders);
  const { first, last } = dueDatesReaching(plan.since, plan.day);
  const dates = (await openDueDates(reader(), { first, last, after: plan.dueOn })).filter((dueOn) => hasStep(dueOn, plan.day, plan.since, ladders));
  const words = await requirementWords(reader());
  return inStep(plan.day, 'reminders', async (tx, current) => {
    const dueOn = dates.find((date) => date >= current.dueOn);
    if (dueOn === undefined) return { ...current, stage: 'escalations' };
    const found = await openAfter(tx, { dueOn, after: dueOn === current.dueOn ? current.afterId : '', limit: CHUNK });
    const reminders = await remind(tx, found, current, { ladders, house, words });
    const last = found.at(-1);
    // A full step may have more behind it; otherwise the next date is looked for from the day after.
    const goesOn = found.length === CHUNK && last !== undefined;
    return { ...current, reminders: current.reminders + reminders, dueOn: goesOn ? dueOn : after(dueOn, dates), afterId: goesOn ? last.assignment_id : '' };
  });
}

const NEVER = '9999-12-31';
const after = (dueOn: PlainDate, dates: readonly PlainDate[]): PlainDate => dates.find((date) => date > dueOn) ?? NEVER;

interface Rules {
  ladders: Ladders;
  house: House;
  words: RequirementWords;
}

/** @returns how many were reminded */
async function remind(tx: Tx, found: readonly OpenRow[], { day, since }: DayPlan, { ladders, house, words }: Rules): Promise<number> {
  const zone = config().TIME_ZONE;
  const told: ToTell[] = [];
  const escalations: NewEscalation[] = [];
  for (const row of found) {
    const openKinds = openKindsOf(row);
    const step = stepOn({ dueOn: row.due_on, assignedOn: dateAt(row.assigned_at, zone), openKinds }, day, since, ladders);
    if (!step) continue;
    told.push({ personId: row.person_id, content: { kind: 'reminder', params: paramsOf(row, step, day, ladders, words) }, step: stepName(step, row) });
    const audience = audienceOf(step, house);
    if (audience !== 'person') escalations.push({ assignmentId: row.assignment_id, step: `${step.step}:${row.due_on}`, organisationId: row.organisation_id, audience });
  }
  const made = await tell(tx, told);
  await insertEscalations(tx, day, escalations);
  return made.length;
}

/** What the step of an assignment is called in the list of what somebody was told. */
const stepName = ({ step }: Step, row: Pick<OpenRow, 'due_on' | 'assignment_id'>): string => `reminder:${step}:${row.due_on}:${row.assignment_id}`;

const isOpen = ({ state }: { state: string }): boolean => state !== 'met' && state !== 'waived';

/** The kinds of what is not met, each once, in a fixed order. */
export const openKindsOf = ({ requirements }: Pick<OpenRow, 'requirements'>) =>
  [...new Set(requirements.filter(isOpen).map(({ kind }) => kind))].sort();

function paramsOf(row: OpenRow, step: Step, day: PlainDate, ladders: Ladders, words: RequirementWords) {
  const reminded = new Set(ladders.remindedOf(step, openKindsOf(row)));
  const open = row.requirements.filter((one) => isOpen(one) && reminded.has(one.kind));
  const worded = (lang: 'zh' | 'en', comma: string) => open.flatMap(({ code }) => words.of(row.version_id, code)?.[lang] ?? []).join(comma);
  return {
    assignmentId: row.assignment_id, dueOn: row.due_on, startOn: row.start_of_duty, programmeZh: row.title_zh, programmeEn: row.title_en,
    days: daysBetween(day, row.due_on), openZh: worded('zh', '；'), openEn: worded('en', '; '),
  };
}
