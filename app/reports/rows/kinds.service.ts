import { clearancesOn, hoursOn, type ClearanceOn, type TargetState } from '~/certification';
import type { Reader } from '~/db';
import { dateAt, daysBetween, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { ReportKind, ReportQuery } from '../report';
import { learningOf, markingOf, programmesOfVersions, resultsOfPeople, type KnownResult, type Learning } from './facts.repository';
import type { AsOf, Post } from './posts.repository';
import { presentResult, resultThen } from './results-then';
import type { ReportRow } from './row';

/** A day that is asked about, and what else every kind needs to know. */
export interface Asked extends AsOf {
  query: ReportQuery;
  today: PlainDate;
  zone: string;
}

/** What a line says beside who it is about. */
export type Line = Pick<ReportRow, 'state' | 'on' | 'measure' | 'cells'> & { postId: string };

/** The lines about these appointments. Of somebody with several, what belongs to the person is told once: `posts` are then the leading ones. */
export const linesAbout: Record<ReportKind, (from: Reader, posts: readonly Post[], asked: Asked) => Promise<Line[]>> = {
  clearance: clearanceLines, completion: completionLines, results: resultLines, hours: hourLines, overdue: overdueLines,
};

/** Whether a kind tells about appointments; the others tell about people. */
export const BY_POST: Record<ReportKind, boolean> = { clearance: true, overdue: true, completion: false, results: false, hours: false };

const idsOf = (posts: readonly Post[]): string[] => [...new Set(posts.map(({ personId }) => personId))];

async function standingsAbout(from: Reader, posts: readonly Post[], { on, today }: Asked, wanted: (one: ClearanceOn) => boolean) {
  const known = new Set(posts.map(({ id }) => id));
  const standings = (await clearancesOn(from, idsOf(posts), on, today)).filter((one) => known.has(one.appointmentId) && wanted(one));
  const programmes = await programmesOfVersions(from, standings.map(({ programmeVersionId }) => programmeVersionId));
  return standings.map((one) => ({ ...one, programme: programmes.get(one.programmeVersionId) ?? { programmeId: '', title: { zh: '', en: '' } } }));
}

async function clearanceLines(from: Reader, posts: readonly Post[], asked: Asked): Promise<Line[]> {
  const { gate, targetId } = asked.query;
  // Of several programmes the worst one leads; asked about one of them, it is that one.
  const standings = await standingsAbout(from, posts, asked, (one) => one.gate === gate && (targetId !== undefined || one.leads));
  return standings.filter(({ programme }) => targetId === undefined || programme.programmeId === targetId).map((one): Line => {
    const permitted = one.state === 'may-start' || one.state === 'under-waiver';
    return {
      postId: one.appointmentId, state: one.state, on: one.startOfDuty, measure: null,
      cells: {
        'state': one.state, 'may-start-on': permitted ? one.mayStartOn : null, 'until': permitted ? one.until : null, 'due-on': one.dueOn, 'done': one.done, 'total': one.total,
        'programme': one.programme.title, 'reason': one.reason,
      },
    };
  });
}

async function overdueLines(from: Reader, posts: readonly Post[], asked: Asked): Promise<Line[]> {
  const { targetId } = asked.query;
  const standings = await standingsAbout(from, posts, asked, (one) => one.state === 'overdue');
  return standings.filter(({ programme }) => targetId === undefined || programme.programmeId === targetId).map((one): Line => {
    const days = daysBetween(one.dueOn, asked.on);
    const state = days <= 7 ? 'week' : days <= 30 ? 'month' : 'longer';
    return {
      postId: one.appointmentId, state, on: one.dueOn, measure: days,
      cells: { 'programme': one.programme.title, 'due-on': one.dueOn, 'days-overdue': days, 'state': state, 'done': one.done, 'total': one.total, 'reason': one.reason },
    };
  });
}

const postIdByPerson = (posts: readonly Post[]): Map<string, string> => new Map(posts.map(({ personId, id }) => [personId, id]));

async function completionLines(from: Reader, posts: readonly Post[], { query, end, zone }: Asked): Promise<Line[]> {
  const byPerson = postIdByPerson(posts);
  const learning = await learningOf(from, idsOf(posts), end);
  return learning.filter(({ courseId }) => query.targetId === undefined || courseId === query.targetId).map((one): Line => {
    const state = stateOfLearning(one);
    const enrolledOn = dateAt(one.enrolledAt, zone);
    const completedOn = one.completedAt === null ? null : dateAt(one.completedAt, zone);
    return {
      postId: byPerson.get(one.personId) ?? '', state, on: completedOn ?? enrolledOn, measure: null,
      cells: {
        'course': one.title, 'state': state, 'enrolled-on': enrolledOn, 'lessons-read': one.lessonsRead, 'lessons': one.lessons, 'completed-on': completedOn,
        'minutes': one.completedAt === null ? null : one.minutes,
      },
    };
  });
}

const stateOfLearning = ({ completedAt, lessonsRead }: Learning) => (completedAt !== null ? 'completed' : lessonsRead > 0 ? 'under-way' : 'not-begun');

async function resultLines(from: Reader, posts: readonly Post[], { query, on, today, end, zone }: Asked): Promise<Line[]> {
  const byPerson = postIdByPerson(posts);
  const known = await resultsThen(from, idsOf(posts), on === today ? null : end);
  return known.filter(({ examId }) => query.targetId === undefined || examId === query.targetId).map((one): Line => {
    const state = one.passed ? 'passed' : 'failed';
    const releasedOn = dateAt(one.releasedAt, zone);
    return {
      postId: byPerson.get(one.personId) ?? '', state, on: releasedOn, measure: one.percent,
      cells: {
        'exam': one.title, 'attempt': one.attempt, 'handed-in-on': one.handedInAt === null ? null : dateAt(one.handedInAt, zone), 'percent': one.percent, 'cut-score': one.cutScore,
        'state': state, 'released-on': releasedOn,
      },
    };
  });
}

/** @param end null: as they are now */
async function resultsThen(from: Reader, personIds: readonly string[], end: Instant | null): Promise<KnownResult[]> {
  const found = await resultsOfPeople(from, personIds);
  if (end === null) return found.flatMap((row) => presentResult(row) ?? []);
  const events = await markingOf(from, found.map((row) => row.attempt_id), end);
  const byAttempt = new Map<string, typeof events>();
  for (const event of events) byAttempt.set(event.subject_id, [...(byAttempt.get(event.subject_id) ?? []), event]);
  return found.flatMap((row) => resultThen(row, byAttempt.get(row.attempt_id) ?? []) ?? []);
}

async function hourLines(from: Reader, posts: readonly Post[], { query, on, today }: Asked): Promise<Line[]> {
  const hours = await hoursOn(from, idsOf(posts), on, today);
  return posts.map(({ id, personId }): Line => {
    const { hundredths, targets } = hours.get(personId) ?? { hundredths: 0, targets: [] };
    const asked = query.targetId === undefined ? targets : targets.filter(({ code }) => code === query.targetId);
    const state = asked.length === 0 ? 'no-target' : asked.every(({ met }) => met) ? 'reached' : 'below';
    return {
      postId: id, state, on: null, measure: hundredths,
      cells: {
        'year': Number(on.slice(0, 4)), 'hours': hundredths, 'state': state, 'targets-met': asked.filter(({ met }) => met).length, 'targets': asked.length,
        ...targetCells(asked.find(({ met }) => !met) ?? asked[0]),
      },
    };
  });
}

/** The target that is told: the first that is not reached, by the alternative that is nearest. */
function targetCells(target: TargetState | undefined): Line['cells'] {
  const near = target?.alternatives[target.nearest];
  if (!target || !near) return { 'target': null, 'target-done': null, 'target-amount': null, 'target-measure': null, 'missing': null };
  return {
    'target': target.title, 'target-done': near.done / 100, 'target-amount': near.amount / 100, 'target-measure': near.measure,
    'missing': target.met ? 0 : Math.max(0, near.amount - near.done) / 100,
  };
}
