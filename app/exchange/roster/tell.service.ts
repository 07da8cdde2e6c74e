import { addJobs, appendEvents, inTransaction, type By, type LedgerEvent, type OutboxJob, type Tx } from '~/db';
import { addSignInName, reopenAccount } from '~/identity';
import { addDays, startOfDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { removeFile } from '~/kernel/files';
import { decrypt } from '~/kernel/secrets';
import { birthDateIn, saveLikeness } from '~/people';
import { markTold, rosterNumbersOf, untoldPlans, type StoredPlan } from './plans.repository';
import { holdRoster, setRoster, type Roster } from './rosters.repository';
import { settleRows } from './rows.repository';

/** So many rows are told in one transaction, and so many of those before others have their turn in the queue. */
const CHUNK = 200;
const CHUNKS_A_JOB = 2;

/**
 * Tells the ledger what a roster that was switched over did to each person, and the rooms that decide what follows. Some rows
 * at a time, each time at the end of the queue, so that nothing waits behind a hundred thousand jobs. Run again, it goes on.
 */
export async function tellRoster(importId: string): Promise<void> {
  for (let n = 0; n < CHUNKS_A_JOB; n += 1) {
    const key = await inTransaction(async (tx) => {
      const roster = await holdRoster(tx, importId, ['applied']);
      if (!roster || roster.toldAt !== null || roster.appliedAt === null) return null;
      const plans = await untoldPlans(tx, importId, CHUNK);
      if (plans.length > 0) {
        await tell(tx, roster, roster.appliedAt, plans);
        return '';
      }
      await setRoster(tx, importId, ['applied'], { told_at: tx.now, file_key: null });
      return roster.fileKey;
    });
    // The content is needed no more; whatever the rows say is kept with them.
    if (key) await removeFile(key);
    if (key !== '') return;
  }
  await inTransaction((tx) => addJobs(tx, [{ name: 'exchange.roster-tell', payload: { importId } }]));
}

async function tell(tx: Tx, roster: Roster, at: number, plans: readonly StoredPlan[]): Promise<void> {
  const numbers = await numbersBy(tx, roster.id, plans);
  const by = (roster.applyAskedBy ?? roster.createdBy) as By;
  await appendEvents(tx, plans.flatMap((plan) => eventsOf(plan, numbers.get(plan.personId) ?? []).map((event): LedgerEvent => (
    { ...event, personId: plan.personId, by, at, cause: 'import', body: { ...event.body, rosterId: roster.id, line: plan.line } }))));
  await addJobs(tx, plans.flatMap((plan) => jobsOf(plan, roster.id)));
  for (const plan of plans) await follow(tx, plan, numbers.get(plan.personId) ?? []);
  await markTold(tx, roster.id, plans.map(({ line }) => line));
  await settleRows(tx, roster.id, plans);
  await setRoster(tx, roster.id, ['applied'], { told: roster.told + plans.length });
}

interface Number {
  kind: 'recruitment' | 'staff' | 'national';
  value: string;
}

async function numbersBy(tx: Tx, importId: string, plans: readonly StoredPlan[]): Promise<Map<string, Number[]>> {
  const found = new Map<string, Number[]>();
  for (const row of await rosterNumbersOf(tx, importId, plans)) {
    found.set(row.person_id, [...(found.get(row.person_id) ?? []), { kind: row.kind, value: row.value ?? decrypt(row.encrypted ?? '') }]);
  }
  return found;
}

type Told = Pick<LedgerEvent, 'kind' | 'subject' | 'body' | 'personal'>;

function eventsOf(plan: StoredPlan, numbers: Number[]): Told[] {
  const events: Told[] = [];
  const person = { kind: 'person', id: plan.personId };
  const contact = { name: plan.name, email: plan.email, phone: plan.phone };
  if (plan.act === 'create') {
    events.push({ kind: 'person.registered', subject: person, personal: { ...contact, numbers } });
    events.push({ kind: 'account.opened', subject: { kind: 'account', id: plan.accountId ?? '' } });
  } else if (plan.altersPerson || numbers.length > 0) {
    events.push({ kind: 'person.changed', subject: person, personal: { ...(plan.altersPerson && { from: plan.former, to: contact }), numbers } });
  }
  if (plan.appointmentId !== null) events.push(...appointmentEvents(plan, plan.appointmentId));
  if (plan.freshAppointmentId !== null) {
    events.push({
      kind: 'person.appointed', subject: { kind: 'appointment', id: plan.freshAppointmentId },
      body: { organisationId: plan.organisationId, kind: plan.kind, startOfDuty: plan.startOfDuty, intakeId: null }, personal: { post: plan.post, rank: plan.rank },
    });
  }
  return events;
}

function appointmentEvents(plan: StoredPlan, id: string): Told[] {
  const subject = { kind: 'appointment', id };
  if (plan.endedOn !== null) return [{ kind: 'appointment.ended', subject, body: { endedOn: plan.endedOn } }];
  if (plan.endsOn !== null) return [{ kind: 'appointment.end-planned', subject, body: { endsOn: plan.endsOn } }];
  const before = plan.former?.appointment;
  if (!plan.altersAppointment || !before) return [];
  const changed = (key: 'kind' | 'post' | 'rank' | 'startOfDuty') => (before[key] === plan[key] ? {} : { [key]: { from: before[key], to: plan[key] } });
  return [{ kind: 'appointment.corrected', subject, body: { ...changed('kind'), ...changed('startOfDuty') }, personal: { ...changed('post'), ...changed('rank') } }];
}

function jobsOf(plan: StoredPlan, importId: string): OutboxJob[] {
  const zone = config().TIME_ZONE;
  const touched = [plan.freshAppointmentId, plan.endedOn !== null || plan.altersAppointment ? plan.appointmentId : null].filter((id) => id !== null);
  const ends = plan.endedOn ?? plan.endsOn;
  return [
    ...touched.map((appointmentId) => ({ name: 'people.appointed', payload: { appointmentId } })),
    ...(plan.endsOn !== null && plan.appointmentId !== null ? [{ name: 'people.appointment-ends', payload: { appointmentId: plan.appointmentId }, notBefore: startOfDate(addDays(plan.endsOn, 1), zone) }] : []),
    // Who is gone signs in no more, from the day after the last.
    ...(plan.act === 'leave' && ends !== null ? [{ name: 'exchange.roster-left', payload: { importId, line: String(plan.line) }, notBefore: startOfDate(addDays(ends, 1), zone) }] : []),
  ];
}

const BY: By = 'system:exchange';

/** What else goes with it: other names to sign in with, another spelling to be recognised by, an account that is open again. */
async function follow(tx: Tx, plan: StoredPlan, numbers: readonly Number[]): Promise<void> {
  if (plan.act === 'create') return;
  const national = numbers.find(({ kind }) => kind === 'national');
  if (plan.altersPerson || national) await saveLikeness(tx, [{ personId: plan.personId, name: plan.name ?? plan.former?.name ?? '', birthDate: national ? birthDateIn(national.value) : null }]);
  if (plan.accountId === null) return;
  for (const { kind, value } of numbers) if (kind !== 'national') await addSignInName(tx, plan.accountId, value);
  if (plan.act === 'return' && plan.former?.accountState === 'closed') await reopenAccount(tx, { by: BY }, plan.accountId, 'roster');
}

