import { findCourseById } from '~/courses';
import { reader } from '~/db';
import { findExam } from '~/exams';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { findProgrammeTitle } from '../programme.repository';
import { accountName, organisationName } from './holders.repository';
import { memberCounts, memberPage, MEMBER_STATES, type MemberLine, type MemberState } from './members.repository';
import { OUTCOMES, type Numbers, type Outcome, type Recertification } from './recertification';
import { findRecertification } from './recertifications.repository';
import { previewHolders, previewRecertification } from './recertifications.service';

const PER_PAGE = 50;

interface Titles {
  programmes: Map<string, { zh: string; en: string }>;
  organisation: string;
  course: { zh: string; en: string } | null;
  exam: { zh: string; en: string } | null;
  madeBy: string | null;
  startedBy: string | null;
  cancelledBy: string | null;
}

export interface ShownRecertification {
  one: Recertification;
  counts: Record<MemberState, number>;
  titles: Titles;
  /** The people behind the number that was asked for; null when none was. */
  people: { state: MemberState; lines: MemberLine[]; page: number; pageCount: number } | null;
}

/** A recertification for its page: before the start its preview, then how far it is; null when there is none. */
export async function recertificationShown(id: string, asked: { state: string | null; page: number }): Promise<ShownRecertification | null> {
  const one = await findRecertification(reader(), id);
  if (!one) return null;
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const counts = one.state === 'draft' ? previewed(await previewRecertification(reader(), one)) : await memberCounts(reader(), id, today);
  const state = (one.state === 'draft' ? OUTCOMES : MEMBER_STATES).find((known) => known === asked.state);
  const pageCount = Math.max(1, Math.ceil((state ? counts[state] : 0) / PER_PAGE));
  const page = Math.min(asked.page, pageCount);
  const part = { limit: PER_PAGE, offset: (page - 1) * PER_PAGE };
  const isOutcome = (known: MemberState): known is Outcome => OUTCOMES.some((outcome) => outcome === known);
  const lines = !state ? [] : one.state !== 'draft' ? await memberPage(reader(), id, state, today, part)
    : isOutcome(state) ? (await previewHolders(reader(), one, state, part)).map((holder) => ({ ...holder, done: null, total: null, fulfilledOn: null })) : [];
  return { one, counts, titles: await titlesOf(one), people: state ? { state, lines, page, pageCount } : null };
}

const previewed = ({ affected, exempt, expiring }: Numbers): Record<MemberState, number> => ({ affected, exempt, expiring, fulfilled: 0, open: affected, lapsed: 0 });

async function titlesOf(one: Recertification): Promise<Titles> {
  const programmes = new Map<string, { zh: string; en: string }>();
  for (const { programmeId } of one.programmes) {
    const title = await findProgrammeTitle(reader(), programmeId);
    if (title) programmes.set(programmeId, title);
  }
  const course = one.courseId === null ? null : await findCourseById(reader(), one.courseId);
  const exam = one.examId === null ? null : await findExam(reader(), one.examId);
  const name = (by: string | null) => (by === null ? null : accountName(reader(), by));
  return {
    programmes, organisation: await organisationName(reader(), one.organisationId), course: course?.title ?? null, exam: exam?.title ?? null,
    madeBy: await name(one.madeBy), startedBy: await name(one.startedBy), cancelledBy: await name(one.cancelledBy),
  };
}
