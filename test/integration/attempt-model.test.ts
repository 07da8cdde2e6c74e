import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, reader, rows } from '~/db';
import { checkReceipt, closeIfDue, findAttempt, findReceipt, handIn, saveResponses, sweepDue, takeOver, voidAttempt, type Exam } from '~/exams';
import { insertPermit } from '~/exams/device.repository';
import { clock, hours, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { gradeAttempt } from '~/marking';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';

useConfig(testConfig());
afterEach(resetClock);

const START = Date.UTC(2026, 5, 1, 1);
const LENGTH = minutes(30);
const TOLERANCE = seconds(60);
const OTHER = 'device-0002';
const PERMIT_HOLDS = minutes(10);

/** A change as a device made it; it may be sent never, once, or again and again, in any order. */
interface Change {
  item: string;
  seq: number;
  response: unknown;
  changedAt: number;
}

/** What must be true, told without the program: the rules of saving and handing in, and what was promised so far. */
interface Model {
  state: 'in-progress' | 'handed-in' | 'void';
  cause: 'candidate' | 'deadline' | null;
  handedInAt: number | null;
  device: string;
  /** Until when each open permit to change the device holds. */
  permits: number[];
  seq: number;
  made: Change[];
  /** What counts, by item: the highest number that was acknowledged. */
  counts: Map<string, { seq: number; text: string }>;
  graded: boolean;
}

interface Real {
  started: StartedAttempt;
}

type Command = fc.AsyncCommand<Model, Real>;

type Verdict = 'saved' | 'void' | 'handed-in' | 'other-device' | 'late-within-tolerance' | 'late';

function verdict(model: Model, device: string, now: number): Verdict {
  if (model.state === 'void') return 'void';
  if (model.state === 'handed-in' && model.cause === 'candidate') return 'handed-in';
  if (device !== model.device) return 'other-device';
  const late = now - (START + LENGTH);
  if (late <= 0) return model.state === 'in-progress' ? 'saved' : 'handed-in';
  return late <= TOLERANCE ? 'late-within-tolerance' : 'late';
}

const textOf = (response: unknown): string => JSON.stringify(response);

/** Whether a change that arrives now is taken; notes the promise if so. */
function takes(model: Model, change: Change, outcome: Verdict): 'taken' | 'stale' | 'kept' {
  const byRule = outcome === 'late-within-tolerance' && model.state === 'in-progress' && change.changedAt <= START + LENGTH;
  const current = model.counts.get(change.item);
  const isRepeat = current?.seq === change.seq && current.text === textOf(change.response);
  if (outcome !== 'saved' && !byRule) return isRepeat ? 'taken' : 'kept';
  if (isRepeat) return 'taken';
  if (current && change.seq <= current.seq) return outcome === 'saved' ? 'stale' : 'kept';
  model.counts.set(change.item, { seq: change.seq, text: textOf(change.response) });
  return 'taken';
}

function makeChange(model: Model, { started: { items } }: Real, which: number): Change {
  const item = items[which % items.length];
  if (!item) throw new Error('an exam without items');
  model.seq += 1;
  const change = { item: item.item, seq: model.seq, response: anyResponse(item, model.seq), changedAt: clock.now() };
  model.made.push(change);
  return change;
}

async function send({ started: { attemptId, candidate } }: Real, model: Model, device: string, change: Change): Promise<void> {
  const reply = await saveResponses({ attemptId, tokenHash: candidate.tokenHash, device, changes: [change], receivedAt: clock.now() });
  const expected = verdict(model, device, clock.now());
  expect(reply.outcome).toBe(expected);
  const fate = takes(model, change, expected);
  const named = { item: change.item, seq: change.seq };
  const acknowledged = reply.outcome === 'saved' ? reply.accepted : 'counted' in reply ? reply.counted : [];
  expect(acknowledged, `${expected}, ${fate}`).toEqual(fate === 'taken' ? [named] : []);
}

const always = { check: () => true };

const change = (which: number, device: string): Command => ({
  ...always, toString: () => `change(${which}, ${device})`,
  run: async (model, real) => send(real, model, device, makeChange(model, real, which)),
});
/** Made while the network is down. */
const changeUnsent = (which: number): Command => ({
  ...always, toString: () => `changeUnsent(${which})`,
  run: async (model, real) => { makeChange(model, real, which); },
});
/** Any change again: a repeat, or an older one that comes in behind a newer one. */
const resend = (which: number, device: string): Command => ({
  check: (model) => model.made.length > 0, toString: () => `resend(${which}, ${device})`,
  run: async (model, real) => {
    const made = model.made[which % model.made.length];
    if (made) await send(real, model, device, made);
  },
});
/** Several at the same moment: they share a transaction. */
const burst = (count: number): Command => ({
  ...always, toString: () => `burst(${count})`,
  run: async (model, real) => {
    const changes = Array.from({ length: count }, (_, i) => makeChange(model, real, i));
    await Promise.all(changes.map((one) => send(real, model, model.device, one)));
  },
});
/** The clock: time passes, or somebody sets it back. */
const pass = (ms: number): Command => ({ ...always, toString: () => `pass(${ms})`, run: async () => setClock(clock.now() + ms) });

const press = (device: string): Command => ({
  ...always, toString: () => `handIn(${device})`,
  run: async (model, { started: { attemptId, candidate } }) => {
    const receipt = await handIn(candidate.actor, attemptId, device);
    const now = clock.now();
    if (model.state === 'void' && model.handedInAt === null) {
      expect(receipt).toMatchObject({ ok: false, error: { code: 'attempt.void' } });
      return;
    }
    if (model.state === 'in-progress' && device !== model.device) {
      expect(receipt).toMatchObject({ ok: false, error: { code: 'attempt.other-device' } });
      return;
    }
    if (model.state === 'in-progress') close(model, now > START + LENGTH ? 'deadline' : 'candidate', Math.max(START, Math.min(now, START + LENGTH)));
    expect(receipt).toMatchObject({ ok: true, value: { handedInAt: model.handedInAt } });
  },
});

function close(model: Model, cause: 'candidate' | 'deadline', at: number): void {
  model.state = 'handed-in';
  model.cause = cause;
  model.handedInAt = at;
}

const closing = (name: string, run: (attemptId: string) => Promise<unknown>): Command => ({
  ...always, toString: () => name,
  run: async (model, { started: { attemptId } }) => {
    await run(attemptId);
    const over = clock.now() >= START + LENGTH + TOLERANCE + seconds(2);
    if (model.state === 'in-progress' && over) close(model, 'deadline', START + LENGTH);
  },
});

const permit: Command = {
  ...always, toString: () => 'permit',
  run: async (model, { started: { attemptId } }) => {
    const expiresAt = clock.now() + PERMIT_HOLDS;
    await inTransaction((tx) => insertPermit(tx, { id: newId(), attemptId, by: 'account:invigilator', reason: '换了一台', expiresAt }));
    model.permits.push(expiresAt);
  },
};
const move = (device: string): Command => ({
  ...always, toString: () => `takeOver(${device})`,
  run: async (model, { started: { attemptId, candidate } }) => {
    // The one that was given last is used; it is also the one that holds longest.
    const used = Math.max(0, ...model.permits.filter((until) => until > clock.now()));
    const may = device === model.device || (model.state === 'in-progress' && used > 0);
    expect((await takeOver(candidate.actor, attemptId, device)).ok).toBe(may);
    if (!may || device === model.device) return;
    model.device = device;
    model.permits.splice(model.permits.indexOf(used), 1);
  },
});
const declareVoid: Command = {
  ...always, toString: () => 'void',
  run: async (model, { started: { attemptId } }) => {
    const voided = await inTransaction((tx) => voidAttempt(tx, attemptId, { by: 'account:invigilator', cause: 'invigilator', reason: '试卷有误' }));
    expect(voided).toBe(model.state !== 'void');
    model.state = 'void';
  },
};
const grade: Command = {
  ...always, toString: () => 'grade',
  run: async (model, { started: { attemptId } }) => {
    await Promise.all([gradeAttempt(attemptId), gradeAttempt(attemptId)]);
    model.graded ||= model.state === 'handed-in';
  },
};

const which = fc.nat(40);
const device = fc.constantFrom(DEVICE, DEVICE, DEVICE, OTHER);
const COMMANDS = [
  fc.tuple(which, device).map(([item, from]) => change(item, from)),
  which.map(changeUnsent),
  fc.tuple(which, device).map(([made, from]) => resend(made, from)),
  fc.integer({ min: 2, max: 5 }).map(burst),
  fc.integer({ min: 0, max: minutes(8) }).map(pass),
  fc.integer({ min: 0, max: seconds(50) }).map(pass),
  fc.integer({ min: -minutes(4), max: 0 }).map(pass),
  device.map(press),
  fc.constant(closing('sweep', () => sweepDue(clock.now()))),
  fc.constant(closing('closeIfDue', closeIfDue)),
  fc.constant(permit),
  device.map(move),
  fc.constant(grade),
  // Seldom: it ends everything else.
  fc.nat(20).map((n) => (n === 0 ? declareVoid : pass(0))),
];

const Row = z.object({ item: z.string(), seq: z.number(), response: z.string() });
const Event = z.object({ kind: z.string() });

/** What must be so in the end, whatever happened. */
async function checkTheEnd(model: Model, { started: { attemptId } }: Real): Promise<void> {
  setClock(START + hours(5));
  await sweepDue(clock.now());
  await gradeAttempt(attemptId);
  await gradeAttempt(attemptId);
  const stored = await rows(reader(), Row, 'SELECT item, seq, response FROM responses WHERE attempt_id = $attemptId', { attemptId });
  expect(new Map(stored.map(({ item, seq, response }) => [item, { seq, text: response }]))).toEqual(model.counts);
  const isVoid = model.state === 'void';
  expect((await findAttempt(reader(), attemptId))?.state).toBe(isVoid ? 'void' : 'released');
  const receipt = await findReceipt(reader(), attemptId);
  expect(receipt?.handedInAt).toBe(model.handedInAt ?? (isVoid ? undefined : START + LENGTH));
  if (receipt) expect(await checkReceipt(receipt.number, receipt.hash)).toMatchObject({ kind: 'known', intact: true });
  const events = await rows(reader(), Event, `SELECT kind FROM ledger_events
    WHERE subject_kind = 'attempt' AND subject_id = $attemptId AND kind NOT LIKE 'device.%' ORDER BY kind`, { attemptId });
  const graded = isVoid ? model.graded : true;
  expect(events.map(({ kind }) => kind)).toEqual([
    ...(graded ? ['attempt.graded'] : []), ...(receipt ? ['attempt.handed-in'] : []), 'attempt.started', ...(isVoid ? ['attempt.voided'] : []), ...(graded ? ['result.released'] : []),
  ]);
}

async function checkModel(exam: Exam, runs: number): Promise<void> {
  await fc.assert(fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 60, size: 'max' }), async (commands) => {
    setClock(START);
    const real: Real = { started: await aStartedAttempt({ exam }) };
    const model: Model = {
      state: 'in-progress', cause: null, handedInAt: null, device: DEVICE, permits: [], seq: 0, made: [], counts: new Map(), graded: false,
    };
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await checkTheEnd(model, real);
  }), { numRuns: runs });
}

onEveryDatabase('an attempt', (dialect) => {
  it('keeps what it has acknowledged and ends graded once, whatever is sent, repeated, mixed up, late or from elsewhere', async () => {
    await checkModel(await anExam({ items: 6, minutes: 30, toleranceSeconds: 60 }), dialect === 'sqlite' ? 60 : 15);
  }, 180_000);
});
