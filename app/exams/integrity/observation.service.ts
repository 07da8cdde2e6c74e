import { createHash } from 'node:crypto';
import { appendEvent, inTransaction, reader } from '~/db';
import { SIGN_IN_IDLE } from '~/identity';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { MOST_OF_ATTEMPT, networkOf, observationId, toRecord, type SentObservation } from './observation';
import { countObservations, insertNoticed, observedAttempt, observedAttemptOf, putObservations } from './observation.repository';

export type Observing = 'recorded' | 'not-found' | 'over' | 'other-device';

/**
 * Records what a page noticed, of the kinds that are on; the rest is dropped without a word. Sent again, nothing is
 * doubled. From the active device of a running attempt only.
 * @param tokenHash hash of the sign-in's token: the page's candidate must be signed in
 */
export async function recordObservations(attemptId: string, tokenHash: string, device: string, sent: SentObservation[]): Promise<Observing> {
  const now = clock.now();
  const attempt = await observedAttemptOf(reader(), attemptId, tokenHash, now, now - SIGN_IN_IDLE);
  if (!attempt) return 'not-found';
  if (attempt.state !== 'in-progress') return 'over';
  if (attempt.device !== device) return 'other-device';
  const rows = toRecord(sent, { id: attemptId, startedAt: attempt.started_at }, attempt.observed, now);
  if (rows.length === 0 || (await countObservations(reader(), attemptId)) >= MOST_OF_ATTEMPT) return 'recorded';
  await inTransaction((tx) => putObservations(tx, attemptId, rows));
  return 'recorded';
}

/** What this process has seen of attempts, so that a request that brings nothing new costs no statement. */
const MOST_SEEN = 20_000;
const networks = new Map<string, string>();
const devices = new Map<string, Instant>();
/** A device that goes on trying is recorded once in so long. */
const DEVICE_AGAIN = minutes(10);

/** Keeps the latest; what came first is most likely over. A Map keeps that order. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  const [oldest] = map.keys();
  if (map.size >= MOST_SEEN && oldest !== undefined && !map.has(key)) map.delete(oldest);
  map.set(key, value);
}

/**
 * Tells that something about an attempt arrived from `address`. The first contact, at the start or in this process, is
 * what later ones are compared with; only a change costs a statement. With several web processes a change is noticed by
 * one that knew the address before. Never waited for, never fails.
 */
export function noticeAddress(attemptId: string, address: string): void {
  const [before, network] = [networks.get(attemptId), networkOf(address)];
  if (before === network) return;
  keep(networks, attemptId, network);
  if (before !== undefined) aside(attemptId, record(attemptId, 'address-changed', `${clock.now()}`, { from: before, to: network }));
}

/** Tells that a device that is not the active one tried to write, or opened the attempt. Never waited for, never fails. */
export function noticeOtherDevice(attemptId: string, device: string): void {
  const name = createHash('sha256').update(device).digest('hex').slice(0, 12);
  const [key, now] = [`${attemptId} ${name}`, clock.now()];
  if (Math.abs(now - (devices.get(key) ?? -Infinity)) < DEVICE_AGAIN) return;
  keep(devices, key, now);
  aside(attemptId, record(attemptId, 'second-device', `${name}-${now}`, {}));
}

/** What a save says about where it came from. Only of requests that were found to be the candidate's. */
export function noticeSave(attemptId: string, device: string, address: string, outcome: string): void {
  if (outcome === 'saved') noticeAddress(attemptId, address);
  if (outcome === 'other-device') noticeOtherDevice(attemptId, device);
}

async function record(attemptId: string, kind: 'address-changed' | 'second-device', name: string, body: object): Promise<void> {
  const attempt = await observedAttempt(reader(), attemptId);
  if (attempt?.state !== 'in-progress' || !attempt.observed.includes(kind)) return;
  if ((await countObservations(reader(), attemptId)) >= MOST_OF_ATTEMPT) return;
  await inTransaction(async (tx) => {
    const id = observationId(attemptId, kind, name);
    if ((await insertNoticed(tx, { id, attemptId, kind, body })) === 0) return;
    await appendEvent(tx, {
      kind: 'observation.recorded', subject: { kind: 'attempt', id: attemptId }, personId: attempt.person_id, by: 'system:exams', cause: 'rule', body: { observationId: id, kind },
    });
  });
}

function aside(attemptId: string, work: Promise<void>): void {
  pending.add(work);
  work.catch((error: unknown) => log().warn({ attemptId, err: error }, 'an observation could not be recorded'))
    .finally(() => pending.delete(work));
}

const pending = new Set<Promise<void>>();

/** Resolves when everything noticed so far is recorded. For tests, and before the database is closed. */
export const noticedRecorded = async (): Promise<void> => {
  await Promise.allSettled([...pending]);
};
