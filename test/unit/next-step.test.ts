import { describe, expect, it } from 'vitest';
import { openReason, type Progress, type RequirementOutcome } from '~/certification';
import { REQUIREMENT_KINDS } from '~/certification/requirement';
import { nextRequirement, nextStep, stepFor, type NextStep } from '~/certification/next-step';
import { days, hours } from '~/kernel/clock';
import { textFor } from '~/text';
import { wordReason } from '~/text/reason';
import { wayOf } from '~/ui/clearance/next-action';
import { ACCESS } from '../support/access-table';

const ZONE = 'Asia/Shanghai';
const NOW = Date.parse('2026-06-20T02:00:00Z');

const openCourse: RequirementOutcome =
  { code: 'course', kind: 'course', targetId: 'c1', state: 'open', evidenceRef: null, at: null, reason: { code: 'course-not-completed', params: {} } };
const doneCourse: RequirementOutcome =
  { ...openCourse, state: 'met', evidenceRef: 'completion', at: NOW, reason: { code: 'course-completed', params: { on: '2026-06-20' } } };
const openExam: RequirementOutcome =
  { code: 'exam', kind: 'exam', targetId: 'e1', state: 'open', evidenceRef: null, at: null, reason: { code: 'exam-not-taken', params: {} } };
const failedExam: RequirementOutcome =
  { ...openExam, state: 'failed', evidenceRef: 'a1', at: NOW, reason: { code: 'exam-failed', params: { on: '2026-06-20', percent: 52.5, cutScore: 60 } } };

type ExamState = Extract<Progress, { kind: 'exam' }>['state'];
const exam = (state: ExamState, nextAt: number | null = null): Progress => ({ kind: 'exam', state, nextAt });
const course = (lessonsRead: number): Progress => ({ kind: 'course', lessonsRead, lessons: 8 });

const NOTHING = {
  course: 'course-not-completed', exam: 'exam-not-taken', credential: 'credential-not-held', hours: 'hours-short', event: 'event-not-attended',
  external: 'external-missing', declaration: 'declaration-not-signed',
} as const;
const openOf = (kind: keyof typeof NOTHING): RequirementOutcome =>
  ({ code: kind, kind, targetId: 'x1', state: 'open', evidenceRef: null, at: null, reason: { code: NOTHING[kind], params: kind === 'hours' ? { hours: 3, wanted: 12 } : {} } });
const ASKED: Progress = { kind: 'external', state: 'asked', on: '2026-06-18' };
const LISTED: Progress = { kind: 'event', title: '保密培训', fromOn: '2026-06-22', place: '一楼会议室' };

describe('why a requirement is open, in plain words', () => {
  const zh = textFor('zh', ZONE);
  const en = textFor('en', ZONE);
  const say = (outcome: RequirementOutcome, progress: Progress | null) => {
    const reason = openReason(outcome, progress, ZONE);
    return [wordReason(zh, reason), wordReason(en, reason)];
  };

  it.each([
    { name: 'nothing read', outcome: openCourse, progress: course(0), zh: '课程还没有开始学，共 8 课', en: 'The course is not begun yet: 8 lessons' },
    { name: 'some lessons read', outcome: openCourse, progress: course(3), zh: '课程没有学完：已学 3 课，共 8 课', en: 'The course is not completed: 3 of 8 lessons read' },
    { name: 'completed', outcome: doneCourse, progress: null, zh: '课程已于2026年6月20日（周六）学完', en: 'Course completed on Sat, 20 June 2026' },
    { name: 'the exam comes after the course', outcome: openExam, progress: exam('course-first'), zh: '学完课程后才能参加考试', en: 'The exam opens once the course is completed' },
    { name: 'the result awaits release', outcome: openExam, progress: exam('awaiting-result'), zh: '已交卷，等待公布成绩', en: 'Handed in; the result awaits release' },
    { name: 'failed, and when the next attempt is possible', outcome: failedExam, progress: exam('cooling-off', NOW + hours(24)), zh: '2026年6月20日（周六）考试没有通过：52.5 分，合格线 60 分，最早可于2026年6月21日（周日）10:00再考', en: 'Exam failed on Sat, 20 June 2026: 52.5 points, cut score 60; next attempt possible from Sun, 21 June 2026, 10:00' },
    { name: 'failed and may be tried again', outcome: failedExam, progress: exam('may-start'), zh: '2026年6月20日（周六）考试没有通过：52.5 分，合格线 60 分，可以再考', en: 'Exam failed on Sat, 20 June 2026: 52.5 points, cut score 60; another attempt is possible' },
    { name: 'no attempt left', outcome: failedExam, progress: exam('no-attempts-left'), zh: '考试没有通过，次数已经用完，需由人事部门决定', en: 'The exam was failed and no attempt is left; HR must decide' },
    { name: 'being taken', outcome: openExam, progress: exam('in-progress', NOW + hours(1)), zh: '正在考试，2026年6月20日（周六）11:00结束', en: 'The exam is being taken now, until Sat, 20 June 2026, 11:00' },
    { name: 'not open yet', outcome: openExam, progress: exam('not-open', NOW + days(2)), zh: '考试最早可于2026年6月22日（周一）10:00开始', en: 'The exam can be started from Mon, 22 June 2026, 10:00' },
    { name: 'evidence is looked at', outcome: openOf('external'), progress: ASKED, zh: '材料已于2026年6月18日（周四）提交，等待人事部门审核', en: 'Handed in on Thu, 18 June 2026, waiting for HR to approve it' },
    { name: 'on the list of an event', outcome: openOf('event'), progress: LISTED, zh: '已列入名单：保密培训，2026年6月22日（周一），一楼会议室', en: 'On the list: 保密培训, Mon, 22 June 2026, 一楼会议室' },
    { name: 'nothing more is known', outcome: openExam, progress: null, zh: '还没有参加考试', en: 'The exam is not taken yet' },
  ])('$name', ({ outcome, progress, zh: chinese, en: english }) => {
    expect(say(outcome, progress)).toEqual([chinese, english]);
  });
});

describe('the one next step', () => {
  const explained = (outcome: RequirementOutcome, progress: Progress | null, runningAttemptId: string | null = null) =>
    ({ ...outcome, reason: openReason(outcome, progress, ZONE), progress, runningAttemptId });

  it.each([
    { name: 'is to learn while the course is open', requirements: [explained(openCourse, course(3)), explained(openExam, exam('course-first'))], step: { kind: 'learn', targetId: 'c1' } },
    { name: 'is the exam once the course is done', requirements: [explained(doneCourse, null), explained(openExam, exam('may-start'))], step: { kind: 'take-exam', targetId: 'e1' } },
    { name: 'is to go on with an exam that runs, before everything', requirements: [explained(openCourse, course(1)), explained(openExam, exam('in-progress', NOW), 'a2')], step: { kind: 'go-on-with-exam', targetId: 'e1', attemptId: 'a2' } },
    { name: 'is to wait for the result', requirements: [explained(doneCourse, null), explained(openExam, exam('awaiting-result'))], step: { kind: 'await-result', targetId: 'e1' } },
    { name: 'is to wait for the next attempt', requirements: [explained(doneCourse, null), explained(failedExam, exam('cooling-off', NOW + hours(24)))], step: { kind: 'wait', targetId: 'e1', until: NOW + hours(24) } },
    { name: 'is to ask HR when no attempt is left', requirements: [explained(doneCourse, null), explained(failedExam, exam('no-attempts-left'))], step: { kind: 'ask-hr' } },
    { name: 'is the exam’s course when nothing else leads to it', requirements: [explained(openExam, exam('course-first'))], step: { kind: 'prepare-for-exam', targetId: 'e1' } },
    { name: 'is to file evidence from outside', requirements: [explained(openOf('external'), null)], step: { kind: 'file-evidence', targetId: 'x1', again: false } },
    { name: 'is to file it again when it was refused', requirements: [explained(openOf('external'), { kind: 'external', state: 'refused', on: '2026-06-19' })], step: { kind: 'file-evidence', targetId: 'x1', again: true } },
    { name: 'is to wait while it is looked at', requirements: [explained(openOf('external'), ASKED)], step: { kind: 'await-approval' } },
    { name: 'is what can be done while evidence is looked at', requirements: [explained(openOf('external'), ASKED), explained(openOf('declaration'), null)], step: { kind: 'sign', targetId: 'x1' } },
    { name: 'is to learn where hours are short', requirements: [explained(openOf('hours'), null)], step: { kind: 'earn-hours' } },
    { name: 'is to find an event', requirements: [explained(openOf('event'), null)], step: { kind: 'join-event', targetId: 'x1' } },
    { name: 'is to be there when one is on the list', requirements: [explained(openOf('event'), LISTED)], step: { kind: 'attend-event', targetId: 'x1' } },
    { name: 'is the other programme, where its credential is asked for', requirements: [explained(openOf('credential'), { kind: 'credential', assignmentId: 'a9' })], step: { kind: 'earn-credential', assignmentId: 'a9' } },
    { name: 'is to ask HR for a programme that is not assigned', requirements: [explained(openOf('credential'), null)], step: { kind: 'ask-hr' } },
    { name: 'is the credential when all is done', requirements: [explained(doneCourse, null)], step: { kind: 'collect-credential' } },
  ])('$name', ({ requirements, step }) => {
    expect(nextStep(requirements)).toEqual(step);
  });

  it('is about one requirement, which is named', () => {
    const requirements = [explained(openOf('external'), ASKED), explained(openCourse, course(0)), explained(openExam, exam('course-first'))];
    expect(nextRequirement(requirements)?.code).toBe('course');
    expect(nextRequirement([explained(doneCourse, null)])).toBeNull();
  });

  it.each(REQUIREMENT_KINDS)('is known for a requirement of the kind %s of which nothing is done yet', (kind) => {
    const progress: Partial<Record<typeof kind, Progress>> = { course: course(0), exam: exam('may-start'), credential: { kind: 'credential', assignmentId: 'a9' } };
    expect(stepFor(explained(openOf(kind), progress[kind] ?? null)).kind).not.toBe('ask-hr');
  });

  const STEPS: Record<NextStep['kind'], NextStep> = {
    'learn': { kind: 'learn', targetId: 'x1' }, 'take-exam': { kind: 'take-exam', targetId: 'x1' }, 'go-on-with-exam': { kind: 'go-on-with-exam', targetId: 'x1', attemptId: 'a1' },
    'sign': { kind: 'sign', targetId: 'x1' }, 'file-evidence': { kind: 'file-evidence', targetId: 'x1', again: false }, 'earn-hours': { kind: 'earn-hours' },
    'earn-credential': { kind: 'earn-credential', assignmentId: 'a1' }, 'join-event': { kind: 'join-event', targetId: 'x1' }, 'attend-event': { kind: 'attend-event', targetId: 'x1' },
    'await-approval': { kind: 'await-approval' }, 'await-result': { kind: 'await-result', targetId: 'x1' }, 'prepare-for-exam': { kind: 'prepare-for-exam', targetId: 'x1' },
    'wait': { kind: 'wait', targetId: 'x1', until: NOW }, 'ask-hr': { kind: 'ask-hr' }, 'collect-credential': { kind: 'collect-credential' },
  };
  /** Their own attempt: the table tells about somebody else's. */
  const OWN = ['/my/declarations/:assignment/:code', '/attempts/:id'];
  const pageAt = (path: string): string | undefined => Object.keys(ACCESS).filter((route) => route.startsWith('GET ') && !route.endsWith('*')).map((route) => route.slice(4))
    .find((pattern) => new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`).test(path));

  it.each(Object.values(STEPS))('leads to a page that the person may open: $kind', (step) => {
    const requirement = { ...explained(openOf('external'), null), title: { zh: '一', en: 'One' }, slug: 'some-slug', params: {}, also: null };
    const { to, label } = wayOf(textFor('zh', ZONE), step, { assignmentId: 'a1', requirement });
    const page = pageAt(to.split('?')[0] ?? '');
    expect(page).toBeDefined();
    if (!OWN.includes(page ?? '')) expect([page, ACCESS[`GET ${page}`]?.recruit]).toEqual([page, 'yes']);
    expect(textFor('en', ZONE).t(label)).not.toBe(label);
  });
});
