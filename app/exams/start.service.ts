import { addJob, appendEvent, commitIfOk, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { closesAfter } from './answers/closing';
import { attemptsOf, type TakenAttempt } from './attempt.repository';
import type { Exam } from './exam.repository';
import { examState } from './exam.service';
import { noticeAddress } from './integrity/observation.service';
import { sebPasses, type SebProof } from './seb';
import { passDoor, placeOf, type Place } from './sittings';
import { paperBasis } from './start/basis.service';
import { beginPrepared, findPrepared, insertPapers, insertPrepared, type NewPaper, type Prepared } from './start/prepare.repository';
import { drawNow } from './start/prepare.service';
import { basisFor, deadlineOfBasis } from './time';

/** What the door of a sitting asks of the request. */
export interface AtTheDoor {
  /** Where the request comes from. */
  address: string;
  seb: SebProof | null;
  /** What the candidate typed, if anything. */
  checkInCode: string | null;
  /** When the candidate first asked to start; now, if not said. */
  askedAt?: Instant;
}

const NOWHERE: AtTheDoor = { address: '', seb: null, checkInCode: null };

/**
 * Starts the next attempt of the actor at an exam and binds it to `device`. Pressed twice, or while an
 * attempt runs, it answers with that attempt. What lies ready is taken up; else a paper is drawn now.
 * @param door only asked when the exam is held in sittings
 * @returns the attempt's id, or why it cannot be started now
 */
export async function startAttempt(actor: Actor, examId: string, device: string, door = NOWHERE): Promise<Result<string>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const personId = actor.personId ?? '';
  const standing = await examState(reader(), examId, personId, clock.now());
  if (!standing) return err('not-found');
  const running = runningOf(standing.attempts);
  if (running) return ok(running);
  if (standing.state !== 'may-start') return err(`exam.${standing.state}`);
  const { exam } = standing;
  const place = exam.delivery === 'sittings' ? await placeAtDoor(actor, exam.id, door) : ok(null);
  if (!place.ok) return place;
  const begun = await beginSoon({ actor, personId, exam, place: place.value, device, taken: standing.attempts.length });
  if (begun.ok && door.address !== '') noticeAddress(begun.value, door.address);
  return begun;
}

/** How often a start is tried: a paper may be laid ready, or drawn anew, at the very moment somebody presses. */
const MOST_TRIES = 3;

async function beginSoon(beginning: Omit<Beginning, keyof Ready>): Promise<Result<string>> {
  const { exam, personId } = beginning;
  for (let tries = 1; ; tries += 1) {
    const ready = await readyFor(exam, personId);
    if (!ready.ok) return ready;
    const begun = await commitIfOk((tx) => begin(tx, { ...beginning, ...ready.value }));
    if (begun.ok) return begun;
    // Another press was faster: it leads to the same attempt.
    const meanwhile = runningOf(await attemptsOf(reader(), exam.id, personId));
    if (meanwhile) return ok(meanwhile);
    if (tries === MOST_TRIES) return begun;
  }
}

async function placeAtDoor(actor: Actor, examId: string, { seb, ...proof }: AtTheDoor): Promise<Result<Place>> {
  const place = await placeOf(reader(), examId, actor.personId ?? '', clock.now());
  return passDoor(actor, examId, { ...proof, sebPasses: place !== null && sebPasses(place.sitting, seb) });
}

/** What the attempt is begun with: one that lies ready with its paper, or a paper to be stored. */
interface Ready {
  prepared: Prepared | null;
  /** Null: the prepared attempt's own paper is used. */
  paper: NewPaper | null;
}

async function readyFor(exam: Exam, personId: string): Promise<Result<Ready>> {
  const prepared = await findPrepared(reader(), exam.id, personId);
  if (prepared?.basis === await paperBasis(exam)) return ok({ prepared, paper: null });
  // Drawn before the transaction: on SQLite it would keep everybody's saves waiting.
  const paper = await drawNow(exam, personId);
  return paper.ok ? ok({ prepared, paper: paper.value }) : paper;
}

interface Beginning extends Ready {
  actor: Actor;
  personId: string;
  exam: Exam;
  /** Null: the exam is open. */
  place: Place | null;
  device: string;
  /** Attempts there were when it was decided that another may start. */
  taken: number;
}

/** Fails when the person has started another attempt since: then this one must leave nothing behind. */
async function begin(tx: Tx, { actor, personId, exam, place, device, prepared, paper, taken }: Beginning): Promise<Result<string>> {
  const number = taken + 1;
  const id = prepared?.id ?? newId();
  const paperId = paper?.id ?? prepared?.paperId ?? '';
  if (paper) await insertPapers(tx, [paper]);
  if (!prepared && (await insertPrepared(tx, [{ id, examId: exam.id, personId, number, paperId }])) === 0) return err('exam.in-progress');
  const basis = await basisFor(tx, { exam, sitting: place?.sitting ?? null, roomId: place?.room?.id ?? null, personId, startedAt: tx.now });
  const end = deadlineOfBasis(basis, []);
  const closesAt = closesAfter(end.at, exam.toleranceSeconds);
  const where = { sittingId: place?.sitting.id ?? null, roomId: place?.room?.id ?? null, bookingId: place?.booking.id ?? null };
  const begun = await beginPrepared(tx, {
    attemptId: id, number, paperId, startedAt: tx.now, deadlineAt: end.at, nextCheckAt: closesAt, timeBasis: JSON.stringify(basis), device, ...where,
  });
  if (begun === 0) return err('exam.in-progress');
  await appendEvent(tx, {
    kind: 'attempt.started', subject: { kind: 'attempt', id }, personId, by: actor.by, cause: 'candidate',
    body: { examId: exam.id, number, paperId, bankId: exam.bankId, prepared: paper === null, ...where, deadlineAt: end.at, cutBy: end.cutBy, parts: end.parts },
  });
  await addJob(tx, 'exams.close', { attemptId: id }, closesAt);
  return ok(id);
}

const runningOf = (attempts: TakenAttempt[]): string | null => attempts.find((attempt) => attempt.state === 'in-progress')?.id ?? null;
