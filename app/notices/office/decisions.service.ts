import { findExtension, findStart, findWaiver, type Extension, type Start, type Waiver } from '~/certification';
import { inTransaction, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { tell, type ToTell } from '../tell.service';
import { aboutAppointment, aboutAssignment, decidersAt, personBehind } from './about.repository';

/**
 * Tells what an office has asked for or decided about somebody: the person themself, who has to decide, and who asked. What
 * is said is what holds now; what was done since has a notice of its own.
 */
export async function announceWaiver(waiverId: string, state: Waiver['state']): Promise<void> {
  await inTransaction(async (tx) => {
    const waiver = await findWaiver(tx, waiverId);
    if (waiver?.state !== state) return;
    const { personId, askedBy, validFrom: fromOn, validUntil: untilOn, conditions } = waiver;
    const given = { ...waiver, fromOn, untilOn, conditions, reason: reasonOf(waiver), page: `/hr/waivers/${waiverId}` };
    await tellDecision(tx, given, {
      kinds: WAIVER[state], step: `waiver-${state}:${waiverId}`, asker: state === 'asked' ? null : await personBehind(tx, askedBy), personId, askedBy,
    });
  });
}

const reasonOf = ({ state, reason, decisionReason, revokeReason }: Waiver): string => (state === 'asked' ? reason : state === 'revoked' ? revokeReason : decisionReason) ?? '';

interface Kinds {
  person: DecisionKind | null;
  decider: DecisionKind | null;
  asker: DecisionKind | null;
}
type DecisionKind = Extract<ToTell['content'], { params: { conditions: string } }>['kind'];

const NOBODY: Kinds = { person: null, decider: null, asker: null };

const WAIVER: Record<Waiver['state'], Kinds> = {
  asked: { person: 'waiver-asked', decider: 'waiver-to-decide', asker: null },
  granted: { person: 'waiver-granted', decider: null, asker: 'waiver-decided-granted' },
  refused: { person: 'waiver-refused', decider: null, asker: 'waiver-decided-refused' },
  revoked: { person: 'waiver-revoked', decider: null, asker: 'waiver-decided-revoked' },
  withdrawn: NOBODY,
};

const EXTENSION: Record<Extension['state'], Kinds> = {
  asked: { person: null, decider: 'extension-to-decide', asker: null },
  granted: { person: 'extension-granted', decider: null, asker: 'extension-decided-granted' },
  refused: { person: 'extension-refused', decider: null, asker: 'extension-decided-refused' },
  withdrawn: NOBODY,
};

/** The same for a request to move the end of a clearance. */
export async function announceExtension(extensionId: string, state: Extension['state']): Promise<void> {
  await inTransaction(async (tx) => {
    const extension = await findExtension(tx, extensionId);
    if (extension?.state !== state) return;
    const { personId, askedBy, assignmentId, fromExpiry: fromOn, until: untilOn, reason: asked, decisionReason } = extension;
    await tellDecision(tx, { assignmentId, fromOn, untilOn, conditions: '', reason: decisionReason ?? asked, page: `/hr/clearance/${assignmentId}/extension` }, {
      kinds: EXTENSION[state], step: `extension-${state}:${extensionId}`, asker: state === 'asked' ? null : await personBehind(tx, askedBy), personId, askedBy,
    });
  });
}

interface Decision {
  assignmentId: string;
  fromOn: PlainDate;
  untilOn: PlainDate;
  conditions: string;
  reason: string;
  /** Where the office goes on; the person goes to their own page. */
  page: string;
}

async function tellDecision(tx: Tx, { assignmentId, fromOn, untilOn, conditions, reason, page }: Decision, given: { kinds: Kinds; step: string; asker: string | null; personId: string; askedBy: string }): Promise<void> {
  const about = await aboutAssignment(tx, assignmentId);
  if (!about) return;
  const { kinds, step, asker, personId, askedBy } = given;
  const params = { assignmentId, name: about.name, programmeZh: about.title_zh, programmeEn: about.title_en, fromOn, untilOn, conditions, reason };
  const deciders = kinds.decider === null ? [] : await decidersAt(tx, { path: about.path, by: askedBy, personId, hrThere: false });
  const told = (to: string, kind: DecisionKind | null, there: string): ToTell[] => (kind === null ? [] : [{ personId: to, step: `${step}:${kind}`, content: { kind, params: { ...params, page: there } } }]);
  await tell(tx, [
    ...told(personId, kinds.person, `/my/clearance/${assignmentId}`), ...deciders.flatMap((one) => told(one, kinds.decider, page)),
    ...(asker === null || asker === personId ? [] : told(asker, kinds.asker, page)),
  ]);
}

type StartKind = 'start-recorded' | 'start-emergency' | 'start-cancelled' | 'start-to-confirm' | 'start-decided-confirmed' | 'start-decided-refused' | 'team-emergency';

/**
 * Tells that somebody's start was recorded or taken back; of an emergency, who has to confirm it, what came of that to who
 * proposed it, and HR of the person's organisation, who must hear of every one.
 */
export async function announceStart(startId: string, state: Start['state']): Promise<void> {
  await inTransaction(async (tx) => {
    const start = await findStart(tx, startId);
    if (start?.state !== state) return;
    const about = await aboutAppointment(tx, start.appointmentId);
    if (!about) return;
    const asker = start.basis === 'emergency' && state !== 'cancelled' ? await personBehind(tx, start.askedBy) : null;
    const office = await decidersAt(tx, { path: about.path, by: start.askedBy, personId: start.personId, hrThere: true });
    const because = { proposed: start.reason, recorded: start.decisionReason ?? start.reason, refused: start.decisionReason, cancelled: start.cancelReason }[state] ?? '';
    const params = { name: about.name, startedOn: start.startedOn, reason: because };
    const told = (personId: string, kind: StartKind, page: string): ToTell => ({ personId, step: `start-${state}:${startId}:${kind}`, content: { kind, params: { ...params, page } } });
    const [own, theirs] = ['/home', `/hr/starts/${startId}`];
    await tell(tx, [
      ...personKinds(start).map((kind) => told(start.personId, kind, own)),
      ...(start.basis !== 'emergency' ? [] : officeKinds(start).flatMap((kind) => office.filter((one) => one !== asker).map((one) => told(one, kind, theirs)))),
      ...(asker === null || state === 'proposed' ? [] : [told(asker, state === 'recorded' ? 'start-decided-confirmed' : 'start-decided-refused', theirs)]),
    ]);
  });
}

/** A proposal that nobody has confirmed is nothing that the person must know of. */
function personKinds({ state, basis, decidedAt }: Start): StartKind[] {
  if (state === 'recorded') return [basis === 'emergency' ? 'start-emergency' : 'start-recorded'];
  return state === 'cancelled' && (basis !== 'emergency' || decidedAt !== null) ? ['start-cancelled'] : [];
}

const officeKinds = ({ state }: Start): StartKind[] => (state === 'proposed' ? ['start-to-confirm'] : state === 'recorded' ? ['team-emergency'] : []);
