import { reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { maySeeSitting } from '../sittings/door.service';
import { findSitting, roomsOf } from '../sittings/sitting.repository';
import type { ExamRoom, Sitting } from '../sittings/sitting';
import { actorNames } from '../console/acting.repository';
import { incidentSeenBy, mayCredit } from './access.service';
import { computeCredits } from './compute.service';
import { attemptsIn, incidentsOf, notStarted, whoWrote, type CreditLine, type Incident } from './incident.repository';
import { windowAfter } from './window';
import { appliedIncidents } from './window.repository';

/** One candidate on the page of an incident. */
export interface IncidentLine extends CreditLine {
  name: string;
  roomName: string | null;
  seat: number | null;
}

export interface IncidentView {
  incident: Incident;
  /** Applied: what was done, as recorded. Else: what would be done now. */
  lines: IncidentLine[];
  /** Who has a place there and has not started, and until when the sitting's window is open for them. */
  waiting: { people: number; windowUntil: Instant } | null;
  mayAct: boolean;
  /** Names behind `account:…`. */
  names: Map<string, string>;
  sitting: Sitting;
}

/** The incidents of a sitting, for those who watch over it. */
export async function sittingIncidents(actor: Actor, sittingId: string): Promise<Result<SittingIncidents>> {
  authorise(actor, 'see sittings');
  const sitting = await findSitting(reader(), sittingId);
  if (!sitting || !(await maySeeSitting(reader(), actor, sittingId))) return err('not-found');
  const allowed: (ExamRoom | null)[] = [];
  for (const room of [null, ...await roomsOf(reader(), sittingId)]) {
    if (await mayCreditHere(actor, { sittingId, roomId: room?.id ?? null })) allowed.push(room);
  }
  return ok({ sitting, incidents: await incidentsOf(reader(), sittingId), mayActIn: allowed });
}

export interface SittingIncidents {
  sitting: Sitting;
  incidents: Incident[];
  /** Rooms for which the actor may record one; null: for everybody in the sitting. */
  mayActIn: (ExamRoom | null)[];
}

/** An incident with what it does to everybody: as it would be now, or as it was recorded when it was applied. */
export async function viewIncident(actor: Actor, incidentId: string): Promise<Result<IncidentView>> {
  const incident = await incidentSeenBy(reader(), actor, incidentId);
  if (!incident) return err('not-found');
  const sitting = await findSitting(reader(), incident.sittingId);
  if (!sitting) return err('not-found');
  const names = await actorNames(reader(), [incident.recordedBy, incident.appliedBy, incident.undoneBy].flatMap((by) => by ?? []));
  const rest = { incident, sitting, names, mayAct: await mayCreditHere(actor, incident) };
  if (incident.state !== 'recorded') return ok({ ...rest, lines: await named(incident.credits), waiting: null });
  const computed = await computeCredits(reader(), incident, await attemptsIn(reader(), incident), clock.now());
  const lines = computed.map(({ line, hit: { name, roomName, seat } }) => ({ ...line, name, roomName, seat }));
  return ok({ ...rest, lines, waiting: await waitingFor(incident, sitting) });
}

async function mayCreditHere(actor: Actor, incident: Pick<Incident, 'sittingId' | 'roomId'>): Promise<boolean> {
  return actor.roles.some(({ role }) => role === 'invigilator') && mayCredit(reader(), actor, incident);
}

async function waitingFor(incident: Incident, sitting: Sitting): Promise<IncidentView['waiting']> {
  const people = await notStarted(reader(), incident);
  if (people === 0) return null;
  const others = await appliedIncidents(reader(), incident.sittingId, incident.roomId);
  return { people, windowUntil: windowAfter(sitting.endsAt, [...others, incident], clock.now()) };
}

async function named(lines: readonly CreditLine[]): Promise<IncidentLine[]> {
  const who = new Map((await whoWrote(reader(), lines.map(({ attemptId }) => attemptId))).map((row) => [row.id, row]));
  return lines.map((line) => {
    const row = who.get(line.attemptId);
    return { ...line, name: row?.name ?? '', roomName: row?.room ?? null, seat: row?.seat ?? null };
  });
}
