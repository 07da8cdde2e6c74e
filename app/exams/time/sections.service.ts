import { appendEvents, commitIfOk, inTransaction, type By, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { lockRunning } from '../attempt.repository';
import type { ExamSection } from '../exam-section';
import { judgeMove, moveTo, sectionStates, settle, withNewEnds, type Sections, type SectionState, type Settled } from './sections';
import { enteredSections, setOpenSection, storeSections } from './sections.repository';
import { timedAttempts, timesOf, type TimedAttempt } from './time.repository';

const BY: By = 'system:exams';

/** One section as a candidate sees it. */
export interface ShownSection {
  /** Counted from 0. */
  index: number;
  title: ExamSection['title'];
  /** Its own limit; null: only the exam's. */
  minutes: number | null;
  oneWay: boolean;
  state: SectionState;
  /** When its own time is up; null: not entered yet, or no limit of its own. */
  endsAt: Instant | null;
}

export interface SectionsNow {
  /** The open one, counted from 0. */
  current: number;
  sections: ShownSection[];
}

/** Nothing moves on while an exam stands still, nor after its end. */
const lookedAt = ({ deadlineAt, pausedAt }: Pick<TimedAttempt, 'deadlineAt' | 'pausedAt'>, now: Instant): Instant =>
  Math.min(now, deadlineAt, pausedAt ?? Infinity);

async function load(from: Reader, attempts: readonly TimedAttempt[]): Promise<(Sections & { attempt: TimedAttempt })[]> {
  const divided = attempts.filter(({ basis, state }) => basis.sections.length > 0 && state === 'in-progress');
  const ids = divided.map(({ id }) => id);
  const [entered, times] = [await enteredSections(from, ids), await timesOf(from, ids)];
  return divided.map((attempt) => ({
    attempt, rules: attempt.basis.sections, current: attempt.section, entered: entered.get(attempt.id) ?? [], basis: attempt.basis, times: times.get(attempt.id) ?? [],
  }));
}

/**
 * The sections of a running attempt as they stand now; what time has moved on is also written down. Null when the exam
 * is not divided, or the attempt does not run.
 */
export async function sectionsNow(from: Reader, attemptId: string): Promise<SectionsNow | null> {
  const [sections] = await load(from, await timedAttempts(from, [attemptId]));
  if (!sections) return null;
  const at = lookedAt(sections.attempt, clock.now());
  const settled = settle(sections, at);
  if (settled.moved) await inTransaction((tx) => settleSections(tx, [attemptId]));
  return shown(sections, settled, at);
}

function shown({ rules, attempt }: Sections & { attempt: TimedAttempt }, settled: Settled, at: Instant): SectionsNow {
  const states = sectionStates(rules.length, settled, at);
  return {
    current: settled.current,
    sections: rules.map(({ title, minutes, oneWay }, index) => {
      const endsAt = settled.entered.find((one) => one.section === index)?.endsAt ?? null;
      return { index, title, minutes, oneWay, state: states[index] ?? 'ahead', endsAt: endsAt === attempt.deadlineAt ? null : endsAt };
    }),
  };
}

/**
 * Writes down where time was up in these attempts, which the caller has locked: the next section began at that very
 * instant. To be called before time is given (it belongs to the section that is open now) and when a response comes
 * for a section that was not entered.
 */
export async function settleSections(tx: Tx, attemptIds: readonly string[]): Promise<void> {
  for (const sections of await load(tx, await timedAttempts(tx, attemptIds))) {
    const settled = settle(sections, lookedAt(sections.attempt, tx.now));
    if (settled.moved) await store(tx, sections, settled, { by: BY, cause: 'deadline' });
  }
}

async function store(tx: Tx, { attempt, entered, current }: Sections & { attempt: TimedAttempt }, settled: Settled, { by, cause }: { by: By; cause: string }): Promise<void> {
  await storeSections(tx, settled.entered.map((one) => ({ ...one, attemptId: attempt.id })));
  if (settled.current !== current) await setOpenSection(tx, attempt.id, settled.current);
  const fresh = settled.entered.filter((one) => !entered.some((before) => before.section === one.section));
  await appendEvents(tx, fresh.map((one) => ({
    kind: 'attempt.section-entered', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, at: one.enteredAt, by, cause,
    body: { section: one.section, endsAt: one.endsAt },
  })));
}

/** Moves the ends of sections after the deadlines of their attempts were computed again. */
export async function moveSectionEnds(tx: Tx, attempts: readonly TimedAttempt[]): Promise<void> {
  const changed = (await load(tx, attempts)).flatMap((sections) => {
    const next = withNewEnds(sections);
    return next.filter((one, i) => one !== sections.entered[i]).map((one) => ({ ...one, attemptId: sections.attempt.id }));
  });
  await storeSections(tx, changed);
}

/**
 * The candidate goes to a section: on to the next one, or back to one that is not over. Asked twice it is where it was.
 * @param confirmed the candidate was told that the open section closes for good
 */
export async function enterSection(
  actor: Actor, attemptId: string, device: string, section: number, confirmed = false,
): Promise<Result<SectionsNow>> {
  return commitIfOk(async (tx): Promise<Result<SectionsNow>> => {
    const running = await lockRunning(tx, attemptId);
    const [sections] = await load(tx, await timedAttempts(tx, [attemptId]));
    if (!running || !sections) return err(running ? 'not-found' : 'attempt.handed-in');
    authorise(actor, 'take an exam', { personId: running.personId });
    if (running.device !== device) return err('attempt.other-device');
    if (running.pausedAt !== null) return err('attempt.paused');
    if (tx.now > running.deadlineAt) return err('attempt.late');
    const settled = settle(sections, tx.now);
    const verdict = judgeMove(sections.rules, settled, section, tx.now);
    if (!verdict.ok) return err(verdict.code);
    if (verdict.closes && !confirmed) return err('section.confirm');
    const moved = moveTo(sections, settled, section, tx.now);
    if (moved.moved) await store(tx, sections, moved, { by: actor.by, cause: 'candidate' });
    return ok(shown(sections, moved, tx.now));
  });
}
