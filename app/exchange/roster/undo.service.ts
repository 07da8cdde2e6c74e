import { addJob, appendEvent, inTransaction, type By, type Tx } from '~/db';
import { closeAccount, findAccount, reopenAccount, type Actor } from '~/identity';
import { clock, seconds } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { saveLikeness } from '~/people';
import { onRoster } from './open.service';
import { findPlan, plansAfter, type StoredPlan } from './plans.repository';
import { holdRoster, setRoster, type Roster } from './rosters.repository';
import { findRow, setRowStates } from './rows.repository';
import { countInWay, goBack, isInWay, openAppointments, retireAccount } from './undo.repository';

const CHUNK = 25;
const SLICE = seconds(20);
const BY: By = 'system:exchange';

/**
 * Takes a roster back: who came goes, what was changed is as before. Not once somebody acted on one of them; with `rest` those
 * stay as they are and the others are taken back. A job does it.
 */
export const undoRoster = (actor: Actor, id: string, given: { reason: string; rest: boolean }): Promise<Result<null>> => onRoster(actor, id, async (tx, roster) => {
  if (roster.state !== 'applied' || roster.appliedAt === null) return err('roster.state');
  if (roster.toldAt === null) return err('roster.still-telling');
  const inWay = await countInWay(tx, id, roster.appliedAt);
  if (inWay > 0 && !given.rest) return err('roster.stands-in-way', { count: inWay }, 'rest');
  const set = { state: 'undoing' as const, undo_asked_at: tx.now, undo_asked_by: actor.by, undo_reason: given.reason, undo_rest: given.rest ? 1 : 0, undone: 0 };
  if (await setRoster(tx, id, ['applied'], set) === 0) return err('roster.state');
  await appendEvent(tx, { kind: 'roster.undo-asked', subject: { kind: 'roster', id }, by: actor.by, body: { reason: given.reason, rest: given.rest } });
  await addJob(tx, 'exchange.roster-undo', { importId: id });
  return ok(null);
});

/** Takes rows back, some at a time. Run again, it goes on where it was; whoever was acted on meanwhile stays. */
export async function carryOutUndo(importId: string): Promise<void> {
  const until = clock.now() + SLICE;
  for (;;) {
    const more = await inTransaction(async (tx) => {
      const roster = await holdRoster(tx, importId, ['undoing']);
      if (!roster) return false;
      const plans = await plansAfter(tx, importId, roster.undone === 0 ? -1 : roster.undone, CHUNK);
      for (const plan of plans) await takeBack(tx, roster, plan);
      const last = plans.at(-1);
      if (last) {
        await setRoster(tx, importId, ['undoing'], { undone: last.line });
        return true;
      }
      await setRoster(tx, importId, ['undoing'], { state: 'undone', undone_at: tx.now });
      await appendEvent(tx, { kind: 'roster.undone', subject: { kind: 'roster', id: importId }, by: byOf(roster) });
      return false;
    });
    if (!more) return;
    if (clock.now() >= until) return inTransaction((tx) => addJob(tx, 'exchange.roster-undo', { importId }));
  }
}

const byOf = (roster: Roster): By => (roster.undoAskedBy ?? roster.createdBy) as By;

async function takeBack(tx: Tx, roster: Roster, plan: StoredPlan): Promise<void> {
  if ((await findRow(tx, roster.id, plan.line))?.state !== 'applied') return;
  const stays = await isInWay(tx, roster.id, roster.appliedAt ?? 0, plan.line) || !(await goBack(tx, roster.id, plan));
  await setRowStates(tx, roster.id, [plan.line], stays ? 'kept' : 'undone');
  if (stays) return;
  await appendEvent(tx, {
    kind: 'person.import-undone', subject: { kind: 'person', id: plan.personId }, personId: plan.personId, by: byOf(roster), cause: 'import', body: { rosterId: roster.id, line: plan.line, act: plan.act },
    ...(plan.former && { personal: { back: plan.former } }),
  });
  for (const appointmentId of [plan.freshAppointmentId, plan.appointmentId]) if (appointmentId !== null) await addJob(tx, 'people.appointed', { appointmentId });
  await accountBack(tx, plan);
  if (plan.altersPerson && plan.former) await saveLikeness(tx, [{ personId: plan.personId, name: plan.former.name, birthDate: null }]);
}

async function accountBack(tx: Tx, plan: StoredPlan): Promise<void> {
  const account = plan.accountId === null ? null : await findAccount(tx, plan.accountId);
  if (!account) return;
  if (plan.act === 'create') {
    if (account.state !== 'closed') await closeAccount(tx, { by: BY }, account.id, 'roster undone');
    await retireAccount(tx, account.id);
  }
  if (plan.act === 'return' && plan.former?.accountState === 'closed' && account.state !== 'closed') await closeAccount(tx, { by: BY }, account.id, 'roster undone');
  if (plan.act === 'leave' && plan.former?.accountState !== 'closed' && account.state === 'closed') await reopenAccount(tx, { by: BY }, account.id, 'roster undone');
}

/** Closes the account of somebody who has left by a roster and serves nowhere else. Does nothing when the roster was taken back. */
export async function closeWhoLeft(importId: string, line: number): Promise<void> {
  await inTransaction(async (tx) => {
    const [row, plan] = [await findRow(tx, importId, line), await findPlan(tx, importId, line)];
    if (row?.state !== 'applied' || plan?.act !== 'leave' || plan.accountId === null) return;
    if (await openAppointments(tx, plan.personId) > 0) return;
    const account = await findAccount(tx, plan.accountId);
    if (account && account.state !== 'closed') await closeAccount(tx, { by: BY }, account.id, 'left');
  });
}

