import type { z } from 'zod';
import type { ChangesAnswer, CheckAnswer, CheckQuestion, ClearanceDetail, ClearancesAnswer, OrganisationsAnswer, PeopleAnswer, ProgrammesAnswer, SittingsAnswer, StartAnswer, StartQuestion } from './schema';

const id = (n: number): string => `0198b2c4-7a10-7c3e-8f00-${String(n).padStart(12, '0')}`;
const person = { id: id(1), name: '沈知微', staffNumber: null, recruitmentNumber: 'T100482' };
const organisation = { id: id(2), code: 'SJJ', name: '云江市数据局' };
const title = { zh: '新录用人员上岗前培训', en: 'Training before the start of duty' };
const passed = { code: 'exam-passed', params: { on: '2026-06-22', percent: 90, cutScore: 60 }, text: '2026年6月22日（周一）考试合格：90 分（合格线 60 分）' };
const cleared = { status: 'cleared', mayStartOn: '2026-07-01', until: null, withdrawnOn: null, suspendedOn: null, expiredOn: null } as const;

export const EXAMPLES = {
  checkClearances: {
    query: '',
    body: { people: [{ number: 'T100482', name: '沈知微' }, { number: 'T100483', name: '周明远', startsOn: '2026-07-15', ref: 'row-2' }] } satisfies z.infer<typeof CheckQuestion>,
    answer: {
      asOf: '2026-06-22T02:00:00.000Z',
      people: [{
        ref: null, number: 'T100482', status: 'cleared', mayStart: true, startsOn: '2026-07-01', from: '2026-07-01', until: null, conditions: [], resit: null, reason: null, text: '',
        personId: id(1), appointmentId: id(3), clearanceId: id(4), startedOn: null,
      }],
    } satisfies z.infer<typeof CheckAnswer>,
  },
  listClearances: {
    query: '?on=2026-07-01&status=not-cleared&limit=50', body: null,
    answer: {
      items: [{
        id: id(4), person, appointmentId: id(3), organisation, post: '科员', programme: { slug: 'before-start-of-duty', title: title.zh }, gate: 'before-start-of-duty', status: 'not-cleared', state: 'not-yet',
        decides: true, mayStartOn: null, until: null, dueOn: '2026-06-24', startOfDuty: '2026-07-01', done: 1, total: 2, reason: { code: 'exam-not-taken', params: {}, text: '还没有参加考试' },
      }],
      next: 'MDE5OGIyYzQ.4f0a2b',
    } satisfies z.infer<typeof ClearancesAnswer>,
  },
  getClearance: {
    query: '', body: null,
    answer: {
      id: id(4), personId: id(1), name: '沈知微', recruitmentNumber: 'T100482', appointmentId: id(3), organisation: organisation.name, post: '科员', programme: title, version: 1, cycle: 1,
      gate: 'before-start-of-duty', ended: false, on: '2026-06-22', knownOn: null, dueOn: '2026-06-24', startOfDuty: '2026-07-01',
      standing: {
        ...cleared, done: 1, total: 1, periods: [{ from: '2026-07-01', until: null, basis: 'evidence' }],
        requirements: [{ code: 'exam', kind: 'exam', title: '通过考试《电子政务基础》', state: 'met', at: '2026-06-22T02:00:00.000Z', reason: passed, evidence: id(5) }],
      },
      waivers: [], credentials: [{ number: 'SG-2026-000123-7', state: 'valid', issuedAt: '2026-06-22T02:00:05.000Z' }], starts: [],
    } satisfies z.infer<typeof ClearanceDetail>,
  },
  listClearanceChanges: {
    query: '?since=2026-06-22T00:00:00Z', body: null,
    answer: {
      items: [{
        id: id(6), sequence: 4182, at: '2026-06-22T02:00:00.000Z', kind: 'changed', clearanceId: id(4), appointmentId: id(3), person, organisation,
        programme: { slug: 'before-start-of-duty', title }, gate: 'before-start-of-duty', cycle: 1, before: { ...cleared, status: 'not-cleared', mayStartOn: null }, after: cleared,
      }],
      next: 'NDE4Mg.9c1d7e', more: false,
    } satisfies z.infer<typeof ChangesAnswer>,
  },
  recordStart: {
    query: '', body: { appointmentId: id(3), startedOn: '2026-07-01' } satisfies z.infer<typeof StartQuestion>,
    answer: { id: id(7), appointmentId: id(3), startedOn: '2026-07-01' } satisfies z.infer<typeof StartAnswer>,
  },
  listPeople: {
    query: '?number=T100482', body: null,
    answer: {
      items: [{ ...person, appointments: [{ id: id(3), organisation, kind: 'recruit', nature: 'main', post: '科员', rank: null, startOfDuty: '2026-07-01', endsOn: null, startedOn: null }] }], next: null,
    } satisfies z.infer<typeof PeopleAnswer>,
  },
  listOrganisations: { query: '', body: null, answer: { items: [{ ...organisation, parentId: id(8), closedOn: null }], next: null } satisfies z.infer<typeof OrganisationsAnswer> },
  listProgrammes: {
    query: '', body: null,
    answer: {
      items: [{
        slug: 'before-start-of-duty', title, gate: 'before-start-of-duty', version: 1, effectiveOn: '2026-05-04',
        requirements: [{ code: 'exam', kind: 'exam', title: { zh: '通过考试《电子政务基础》', en: 'Pass the exam “E-government foundations”' } }],
      }],
      next: null,
    } satisfies z.infer<typeof ProgrammesAnswer>,
  },
  listSittings: {
    query: '', body: null,
    answer: {
      items: [{
        id: id(9), code: 'K7Q2', title: '六月第三场', exam: { slug: 'e-government-foundations', title: { zh: '电子政务基础', en: 'E-government foundations' } }, organisation, startsAt: '2026-06-26T01:00:00.000Z',
        endsAt: '2026-06-26T03:00:00.000Z', bookUntil: '2026-06-25T09:00:00.000Z', place: 'rooms', booking: 'self', capacity: 60, booked: 41,
      }],
      next: null,
    } satisfies z.infer<typeof SittingsAnswer>,
  },
};

export type OperationId = keyof typeof EXAMPLES;
