import { inTransaction, reader, saveSetting, settingsLike, type Tx } from '~/db';
import { addDays, dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { insertEscalations } from '../planning/plan.repository';
import { houseRules } from '../rules/house.service';
import { mayRemindAt } from '../rules/quiet';
import { tell, type ToTell } from '../tell.service';
import { endingStep, isToldAbove } from './endings';
import { endingsBetween, type Ending } from './endings.repository';

/** One transaction goes through at most so many. */
const CHUNK = 500;
/** The longest step is a month ahead; a long holiday lies before it at the most. */
const AHEAD_DAYS = 30 + 14;
const DONE = 'notices.endings';

/**
 * Tells whose clearance or waiver is about to end, once a working day. Stopped anywhere it begins again, and who was told
 * a step is not told it twice.
 */
export async function planEndings(now: Instant): Promise<void> {
  const zone = config().TIME_ZONE;
  const day = dateAt(now, zone);
  if (!mayRemindAt(now, await houseRules(reader()), zone)) return;
  if ((await settingsLike(reader(), DONE)).some(({ value }) => value === day)) return;
  for (let after = ''; ;) {
    const found = await endingsBetween(reader(), { first: day, last: addDays(day, AHEAD_DAYS), after, limit: CHUNK });
    const last = found.at(-1);
    await inTransaction(async (tx) => {
      await tellEndings(tx, found, day);
      if (!last) await saveSetting(tx, DONE, day);
    });
    if (!last) return;
    after = last.assignment_id;
  }
}

async function tellEndings(tx: Tx, found: readonly Ending[], day: PlainDate): Promise<void> {
  const due = found.flatMap((one) => {
    const step = endingStep({ until: one.cleared_until, since: one.may_start_on, later: one.periods.map(({ from }) => from) }, day);
    return step ? [{ one, step }] : [];
  });
  await tell(tx, due.map(({ one, step }): ToTell => ({
    personId: one.person_id, step: `${kindOf(one)}:${step.step}:${one.cleared_until}:${one.assignment_id}`, content: { kind: kindOf(one), params: paramsOf(one) },
  })));
  await insertEscalations(tx, day, due.filter(({ step }) => isToldAbove(step)).map(({ one }) => ({
    assignmentId: one.assignment_id, step: `ends:${one.cleared_until}`, organisationId: one.organisation_id, audience: 'hr',
  })));
}

const kindOf = ({ status }: Ending) => (status === 'waived' ? 'waiver-ends' : 'clearance-ends');

const paramsOf = ({ assignment_id: assignmentId, name, title_zh, title_en, may_start_on: fromOn, cleared_until: untilOn }: Ending) => ({
  assignmentId, name, programmeZh: title_zh, programmeEn: title_en, fromOn, untilOn, conditions: '', reason: '', page: `/my/clearance/${assignmentId}`,
});
