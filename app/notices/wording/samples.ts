import type { NoticeKey, NoticeToWord } from '~/text/notice';

const PLAN = { assignmentId: 'a', dueOn: '2026-06-26', startOn: '2026-07-01', programmeZh: '岗前培训', programmeEn: 'Training before the start' };
const EXAM = { examZh: '电子政务基础', examEn: 'E-government foundations' };
const FINDING = { ...EXAM, findingId: 'f', untilAt: Date.UTC(2026, 5, 30, 8) };
const LATE = { ...EXAM, attemptId: 't', accepted: 2, refused: 1, receipt: 'HZ-2026-000123' };
const CORRECTED = { ...EXAM, attemptId: 't', percent: 78, cutScore: 60 };
const PLACE = { ...EXAM, bookingId: 'b', sitting: '第一场', startsAt: Date.UTC(2026, 5, 20, 1), room: '第三考场', seat: 12, ticket: 'ZK-0012', reason: '考场维修' };
const CREDENTIAL = { number: 'SG-2026-000001', reasonCode: 'inquiry', successor: 'SG-2026-000002' };
const DECISION = {
  assignmentId: 'a', name: '林知夏', programmeZh: PLAN.programmeZh, programmeEn: PLAN.programmeEn, fromOn: '2026-07-01', untilOn: '2026-07-31', conditions: '有人带岗', reason: '培训中心停课', page: '/',
};
const START = { name: '林知夏', startedOn: '2026-07-01', reason: '防汛值守', page: '/' };
const ABOVE = { onDay: '2026-07-03', count: 3, names: '林知夏、王晓梅、李建国', organisation: '市数据局' };
const DAYS: Partial<Record<NoticeKey, number>> = { 'reminder-before': 7, 'reminder-tomorrow': 1, 'reminder-due': 0, 'reminder-overdue': -7 };

/** A notice as it might be, for the preview of words and for what may stand in them; null for what frames notices. */
export function sampleOf(key: NoticeKey): NoticeToWord | null {
  const days = DAYS[key];
  if (days !== undefined) return { kind: 'reminder', params: { ...PLAN, days, openZh: '完成课程《电子政务基础》', openEn: 'complete “E-government foundations”' } };
  switch (key) {
    case 'letter': case 'digest': return null;
    case 'reminder-before': case 'reminder-tomorrow': case 'reminder-due': case 'reminder-overdue': return null;
    case 'security-password-changed': case 'security-password-reset': case 'security-calendar-renewed':
      return { kind: 'security', params: { what: key.slice('security-'.length), doneAt: Date.UTC(2026, 6, 3, 2) } };
    case 'assigned': case 'replanned': return { kind: key, params: PLAN };
    case 'escalation': case 'team-lost': case 'team-ends': return { kind: key, params: ABOVE };
    case 'weekly': return { kind: key, params: { onDay: '2026-07-06', organisation: '市数据局', cleared: 41, open: 6, overdue: 2, dueSoon: 3, startsSoon: 4 } };
    case 'report-ready': return { kind: key, params: { page: '/', report: '上岗资格月报', untilAt: Date.UTC(2026, 6, 10) } };
    case 'credential': return { kind: key, params: { number: CREDENTIAL.number, mayStartOn: '2026-07-01' } };
    case 'credential-suspended': case 'credential-reinstated': case 'credential-revoked': case 'credential-corrected': return { kind: key, params: CREDENTIAL };
    case 'finding-proposed': case 'finding-upheld': case 'finding-dismissed': case 'finding-appeal-upheld': case 'finding-appeal-dismissed': return { kind: key, params: FINDING };
    case 'late-decided': case 'late-replaced': return { kind: key, params: LATE };
    case 'result-corrected': case 'result-corrected-pass': case 'result-corrected-fail': return { kind: key, params: CORRECTED };
    case 'start-recorded': case 'start-emergency': case 'start-cancelled': case 'start-to-confirm': case 'start-decided-confirmed': case 'start-decided-refused': case 'team-emergency':
      return { kind: key, params: START };
    case 'waiver-asked': case 'waiver-granted': case 'waiver-refused': case 'waiver-revoked': case 'waiver-ends': case 'waiver-to-decide': case 'waiver-decided-granted':
    case 'waiver-decided-refused': case 'waiver-decided-revoked': case 'extension-granted': case 'extension-refused': case 'extension-to-decide': case 'extension-decided-granted':
    case 'extension-decided-refused': case 'clearance-ends': case 'clearance-lost':
      return { kind: key, params: DECISION };
    case 'place-booked': case 'place-promoted': case 'place-moved': case 'place-changed': case 'wait-changed': case 'place-cancelled': case 'place-taken': case 'excuse-approved': case 'excuse-refused':
      return { kind: key, params: PLACE };
  }
}
