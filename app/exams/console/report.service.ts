import type { Readable } from 'node:stream';
import { reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { rendererAside } from '~/pdf';
import { textFor, type Text } from '~/text';
import { shortHash } from '../receipt';
import { invigilatorsOf } from '../sittings/invigilators.repository';
import { findSitting, roomsOf } from '../sittings/sitting.repository';
import type { Sitting } from '../sittings/sitting';
import { mayWatch } from './access.service';
import { actsOf } from './act.repository';
import { actorNames } from './acting.repository';
import { endOf, incidentsOfSitting, observedKinds, reportRows, timesGiven, type ReportRow } from './console.repository';
import type { Report, ReportSection } from './report';
import { drawReport } from './report-pdf/render';

const render = rendererAside('report-thread.js', drawReport);

/** Reports of a sitting as PDF, to be sent on while they are drawn. They are official papers: Chinese, whoever asks. */
export async function sittingReport(actor: Actor, sittingId: string, kind: Report['kind']): Promise<Result<{ name: string; pdf: Readable }>> {
  authorise(actor, 'see sittings');
  const sitting = await findSitting(reader(), sittingId);
  if (!sitting || !(await mayWatch(reader(), actor, sittingId))) return err('not-found');
  return ok({ name: `${sitting.code}-${kind}.pdf`, pdf: render(kind === 'hand-in' ? await handInReport(sitting) : await incidentReport(sitting)) });
}

const paperText = (): Text => textFor('zh', config().TIME_ZONE);

/** The time of day alone: the date stands in the head. */
const clockTime = (at: Instant | null): string =>
  at === null ? '' : new Intl.DateTimeFormat('zh-CN', { timeStyle: 'medium', timeZone: config().TIME_ZONE, hourCycle: 'h23' }).format(at);

async function headOf(sitting: Sitting, title: string): Promise<Pick<Report, 'madeAt' | 'head'>> {
  const text = paperText();
  const end = await endOf(reader(), sitting.id);
  const invigilators = await invigilatorsOf(reader(), sitting.id);
  const by = end?.closed_by ? (await actorNames(reader(), [end.closed_by])).get(end.closed_by) ?? end.closed_by : '';
  return {
    madeAt: text.t('console.pdf-made', { at: text.dateTime(clock.now()) }),
    head: {
      title: `${sitting.title} ${title}`, exam: end?.title_zh ?? '', organisation: end?.organisation ?? '', code: sitting.code,
      when: text.t('console.when', { from: text.dateTime(sitting.startsAt), to: text.dateTime(sitting.endsAt) }),
      closed: end?.closed_at ? text.t('console.pdf-closed', { at: text.dateTime(end.closed_at), by, remark: end.end_reason ?? '' }) : text.t('console.pdf-open'),
      invigilators: text.t('console.pdf-invigilators', { names: invigilators.map(({ name, room }) => (room ? `${name}（${room}）` : name)).join('、') || '—' }),
    },
  };
}

/** Per room: who was there, how each handed in, the receipt, the time that each had. */
export async function handInReport(sitting: Sitting): Promise<Report> {
  const { t } = paperText();
  const [found, rooms, times] = await Promise.all([reportRows(reader(), sitting.id), roomsOf(reader(), sitting.id), timesGiven(reader(), sitting.id)]);
  // The last attempt of a place counts; one that was voided before it stands in the log.
  const rows = [...new Map(found.map((row) => [row.id, row])).values()];
  const given = new Map<string, number>();
  for (const time of times) given.set(time.attempt_id, (given.get(time.attempt_id) ?? 0) + lengthOf(time));
  const places: { id: string | null; name: string }[] = rooms.length > 0 ? rooms.map(({ id, name }) => ({ id, name })) : [{ id: null, name: t('console.remote') }];
  return {
    kind: 'hand-in', ...(await headOf(sitting, t('console.pdf-hand-in'))),
    sections: places.map(({ id, name }) => roomSection(name, rows.filter((row) => row.room_id === id), given)),
    signatures: [t('console.pdf-sign-invigilator'), t('console.pdf-sign-chief'), t('console.pdf-sign-date')],
  };
}

const lengthOf = (time: { code: string; minutes: number | null; from_at: number | null; to_at: number | null }): number =>
  time.minutes !== null ? minutes(time.minutes) : time.from_at !== null && time.to_at !== null ? time.to_at - time.from_at : 0;

function roomSection(name: string, rows: ReportRow[], given: ReadonlyMap<string, number>): ReportSection {
  const { t } = paperText();
  const count = (holds: (row: ReportRow) => boolean): number => rows.filter(holds).length;
  const absent = rows.filter((row) => row.attempt_id === null);
  return {
    title: name, ownPage: true, empty: t('console.none'),
    lines: [
      t('console.pdf-counts', {
        expected: rows.length, started: count((row) => row.attempt_id !== null), handedIn: count((row) => row.handed_in_at !== null),
        own: count((row) => row.hand_in_cause === 'candidate'), deadline: count((row) => row.hand_in_cause === 'deadline'),
        invigilator: count((row) => row.hand_in_cause === 'invigilator'), voided: count((row) => row.state === 'void'),
      }),
      t('console.pdf-absent', { count: absent.length, names: absent.map((row) => `${row.name}（${row.ticket}）`).join('、') || '—' }),
    ],
    columns: [
      { title: t('console.seat'), width: 4 }, { title: t('console.candidate-ticket'), width: 11 }, { title: t('console.name'), width: 8 },
      { title: t('console.organisation'), width: 13 }, { title: t('console.candidate-identity'), width: 7 }, { title: t('console.candidate-started'), width: 7 },
      { title: t('exams.handed-in'), width: 7 }, { title: t('exams.receipt-cause'), width: 9 }, { title: t('exams.receipt-answered'), width: 6, align: 'right' },
      { title: t('console.pdf-minutes'), width: 8, align: 'right' }, { title: t('exams.receipt-number'), width: 12 }, { title: t('exams.receipt-hash'), width: 14 },
    ],
    rows: rows.map((row) => [
      row.seat === null ? '' : String(row.seat), row.ticket, row.name, row.organisation ?? '', t(`console.identity.${row.identity ?? 'none'}`), clockTime(row.started_at),
      clockTime(row.handed_in_at), causeOf(row), row.answered === null ? '' : `${row.answered}/${row.total ?? 0}`, minutesOf(row, given), row.number ?? '',
      row.hash === null ? '' : shortHash(row.hash),
    ]),
  };
}

function causeOf({ state, hand_in_cause: cause }: ReportRow): string {
  const { t, has } = paperText();
  if (state === null) return t('console.pdf-did-not-start');
  if (state === 'void') return t('exams.attempt-state.void');
  const key = `exams.receipt-cause.${cause ?? ''}`;
  return has(key) ? t(key) : t(state === 'in-progress' ? 'exams.attempt-state.in-progress' : 'exams.attempt-state.handed-in');
}

/** The minutes between start and deadline, and how many of them were given during the exam. */
function minutesOf(row: ReportRow, given: ReadonlyMap<string, number>): string {
  if (row.started_at === null || row.deadline_at === null) return '';
  const all = Math.round((row.deadline_at - row.started_at) / 60_000);
  const extra = Math.round((given.get(row.attempt_id ?? '') ?? 0) / 60_000);
  return extra > 0 ? `${all} (+${extra})` : String(all);
}

/** The most acts that one log holds. */
const ALL_ACTS = 10_000;

/** Incidents with their credits, every act with its reason, and what was observed how often. */
export async function incidentReport(sitting: Sitting): Promise<Report> {
  const { t, has } = paperText();
  const [incidents, acts, observed, rooms] = await Promise.all([
    incidentsOfSitting(reader(), sitting.id), actsOf(reader(), sitting.id, ALL_ACTS), observedKinds(reader(), sitting.id), roomsOf(reader(), sitting.id),
  ]);
  const names = await actorNames(reader(), [...acts.flatMap((act) => [act.doneBy, act.undoneBy ?? '']), ...incidents.flatMap((one) => [one.recorded_by, one.applied_by ?? '', one.undone_by ?? ''])]);
  const who = (by: string | null): string => (by === null ? '' : names.get(by) ?? by);
  const roomName = (id: string | null): string => rooms.find((room) => room.id === id)?.name ?? t('console.all-rooms');
  const worded = (prefix: string, kind: string): string => (has(`${prefix}.${kind}`) ? t(`${prefix}.${kind}` as Parameters<typeof t>[0]) : kind);
  return {
    kind: 'incidents', ...(await headOf(sitting, t('console.pdf-log'))),
    sections: [
      {
        title: t('console.incidents'), ownPage: false, lines: [], empty: t('console.pdf-no-incidents'),
        columns: [{ title: t('console.pdf-time'), width: 16 }, { title: t('console.room'), width: 10 }, { title: t('console.pdf-what'), width: 24 }, { title: t('console.pdf-credited'), width: 8, align: 'right' }, { title: t('console.pdf-who'), width: 14 }, { title: t('console.pdf-undone'), width: 24 }],
        rows: incidents.map((one) => [
          `${clockTime(one.from_at)}–${clockTime(one.to_at)}`, roomName(one.room_id), one.title, String(one.credited), who(one.applied_by ?? one.recorded_by),
          one.undone_at === null ? '' : `${clockTime(one.undone_at)} ${who(one.undone_by)} ${one.undo_reason ?? ''}`,
        ]),
      },
      {
        title: t('console.pdf-acts'), ownPage: false, lines: [], empty: t('console.acts-none'),
        columns: [{ title: t('console.pdf-time'), width: 9 }, { title: t('console.act'), width: 9 }, { title: t('console.sittings-people'), width: 6, align: 'right' }, { title: t('console.field.reason'), width: 36 }, { title: t('console.pdf-who'), width: 12 }, { title: t('console.pdf-undone'), width: 24 }],
        rows: [...acts].reverse().map((act) => [
          clockTime(act.doneAt), worded('console.act', act.kind), String((act.body.attempts ?? act.body.bookings ?? []).length || ''),
          act.body.minutes === undefined ? act.reason : `${act.reason}（${t('console.left-minutes', { n: act.body.minutes })}）`, who(act.doneBy),
          act.undoneAt === null ? '' : `${clockTime(act.undoneAt)} ${who(act.undoneBy)} ${act.undoReason ?? ''}`,
        ]),
      },
      {
        title: t('console.candidate-observations'), ownPage: false, lines: [t('console.pdf-observed-note')], empty: t('console.candidate-observations-none'),
        columns: [{ title: t('console.pdf-what'), width: 40 }, { title: t('console.pdf-times'), width: 12, align: 'right' }, { title: t('console.sittings-people'), width: 12, align: 'right' }],
        rows: observed.map((one) => [worded('console.observation', one.kind), String(one.n), String(one.people)]),
      },
    ],
    signatures: [t('console.pdf-sign-chief'), t('console.pdf-sign-date')],
  };
}
