import type { Readable } from 'node:stream';
import { appendEvent, inTransaction, reader, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { rendererAside } from '~/pdf';
import { pathsOfPerson, personCard } from '~/people';
import { assignmentsAsKnown } from '../as-known.service';
import { judgeAll } from '../known';
import { assignmentsKnown } from '../known.repository';
import { externalBefore, externalOf } from './external.repository';
import { LifeRecord, RECORD_SCHEMA, type SignedRecord } from './record';
import { signRecord } from './record-key.service';
import { recordSheets } from './record-pdf/sheets';
import { drawRecord } from './record-pdf/render';
import {
  assignmentsHad, coursesLearned, credentialsEarned, declarationsSigned, eventsAttended, examsTaken, hoursByYear, issuerName, lessonsRead, pastTakenOver, startsHad, waiversHad,
} from './record.repository';
import { recordUntil } from './record-until';
import { pastEntry } from './past/rows';
import { sightOf } from './sight.service';

const render = rendererAside('record-thread.js', drawRecord);

/** A record, and up to which day it tells: null for all of it; else the last day of a former office. */
export interface OpenedRecord {
  record: LifeRecord;
  until: PlainDate | null;
}

/**
 * A person's record for life; a former office sees it as it was by the last day of service there. Reading that of somebody
 * else is an event in the ledger. Null when there is no such person.
 * @throws ProblemError when the actor may not see it
 */
export async function openRecord(actor: Actor, personId: string): Promise<OpenedRecord | null> {
  const { until } = await sightOf(reader(), actor, 'see a record', personId);
  const record = await recordOf(reader(), personId, clock.now(), until);
  if (record && actor.personId !== personId) {
    await inTransaction((tx) => appendEvent(tx, {
      kind: 'person.read', subject: { kind: 'person', id: personId }, personId, by: actor.by, ...(until !== null && { body: { until } }),
    }));
  }
  return record && { record, until };
}

/** The whole record: what is signed, or printed as a paper, is never a part of it. @throws ProblemError for a former office too */
async function openWhole(actor: Actor, personId: string): Promise<LifeRecord | null> {
  authorise(actor, 'see a record', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  return (await openRecord(actor, personId))?.record ?? null;
}

/** The record with the deployment's signature, for keeping; that it was taken is an event. @throws ProblemError */
export async function takeSignedRecord(actor: Actor, personId: string): Promise<SignedRecord | null> {
  const record = await openWhole(actor, personId);
  return record && await signRecord(await taken(actor, record, 'json'));
}

/** The record as PDF, rendered beside the event loop and sent on while it is drawn. An official paper: Chinese. @throws ProblemError */
export async function takeRecordPdf(actor: Actor, personId: string): Promise<Readable | null> {
  const record = await openWhole(actor, personId);
  return record && render(recordSheets(await taken(actor, record, 'pdf')));
}

async function taken(actor: Actor, record: LifeRecord, form: 'json' | 'pdf'): Promise<LifeRecord> {
  const { id } = record.person;
  await inTransaction((tx) => appendEvent(tx, { kind: 'record.taken', subject: { kind: 'person', id }, personId: id, by: actor.by, body: { form } }));
  return record;
}

const byStart = (a: { startOfDuty: string; id: string }, b: { startOfDuty: string; id: string }): number =>
  (a.startOfDuty === b.startOfDuty ? a.id < b.id : a.startOfDuty < b.startOfDuty) ? -1 : 1;
const iso = (at: Instant): string => new Date(at).toISOString();
const maybe = (at: Instant | null): string | null => (at === null ? null : iso(at));
const words = ({ title_zh: zh, title_en: en }: { title_zh: string; title_en: string }) => ({ zh, en });

/** Everything on record about a person, as it is now; or what was by the end of a day. */
export async function recordOf(from: Reader, personId: string, now: Instant, until: PlainDate | null = null): Promise<LifeRecord | null> {
  const card = await personCard(from, personId);
  if (!card) return null;
  const before = until === null ? Number.MAX_SAFE_INTEGER : startOfDate(addDays(until, 1), config().TIME_ZONE);
  const past = (await pastTakenOver(from, personId, before)).map(({ cells }) => pastEntry(cells));
  const record = LifeRecord.parse({
    schema: RECORD_SCHEMA, issuer: { name: await issuerName(from), url: publicUrl() }, madeAt: iso(now), zone: config().TIME_ZONE,
    person: { id: card.id, name: card.name, numbers: card.numbers },
    appointments: [...card.appointments].sort(byStart).map((one) => ({
      organisation: one.organisationName, kind: one.kind, post: one.post, rank: one.rank, from: one.startOfDuty, until: one.endedOn,
    })),
    courses: await courses(from, personId),
    exams: (await examsTaken(from, personId)).map((row) => ({ title: words(row), attempt: row.number, startedAt: maybe(row.started_at), state: row.state, result: resultIn(row) })),
    credentials: (await credentialsEarned(from, personId)).map((row) => ({
      number: row.number, programme: words(row), state: row.state, issuedAt: iso(row.issued_at), validUntil: row.valid_until, stateAt: iso(row.state_at), stateReason: row.state_reason,
    })),
    hours: await hoursByYear(from, personId, until === null ? null : { lastDay: until, before }),
    clearances: until === null ? await clearances(from, personId, dateAt(now, config().TIME_ZONE)) : await clearances(from, personId, until, until),
    waivers: (await waiversHad(from, personId)).map((row) => ({
      programme: words(row), state: row.state, from: row.valid_from, until: row.valid_until, reason: row.reason, conditions: row.conditions, decidedAt: maybe(row.decided_at),
    })),
    starts: (await startsHad(from, personId)).map((row) => ({ organisation: row.organisation, on: row.started_on, basis: row.basis, state: row.state })),
    external: [
      ...(await externalOf(from, personId)).reverse().filter((one) => one.askedAt < before)
        .map((one) => ({ title: one.title, issuer: one.issuer, code: one.code, issuedOn: one.issuedOn, validUntil: one.validUntil, state: externalBefore(one, before).state })),
      ...past.flatMap((one) => (one.kind === 'external' ? [{ title: one.title, issuer: one.issuer, code: one.code, issuedOn: one.on, validUntil: one.validUntil, state: 'approved' }] : [])),
    ],
    declarations: (await declarationsSigned(from, personId)).map((row) => ({ title: words(row), textHash: row.text_hash, signedName: row.signed_name, signedAt: iso(row.signed_at) })),
    events: [
      ...past.flatMap((one) => (one.kind === 'event' ? [{ title: one.title, place: one.issuer, from: one.on, until: one.on, hundredths: one.hundredths ?? 0, leaveHundredths: 0, state: 'attended' }] : [])),
      ...(await eventsAttended(from, personId)).map((row) => ({
        title: row.title, place: row.place, from: row.from_on, until: row.until_on, hundredths: row.hundredths, leaveHundredths: row.leave_hundredths, state: row.state,
      })),
    ],
  });
  return until === null ? record : recordUntil(record, until);
}

/** The periods in which each assignment gave permission; one that ended gives none after that day. */
async function clearances(from: Reader, personId: string, on: PlainDate, knownOn?: PlainDate): Promise<LifeRecord['clearances']> {
  const zone = config().TIME_ZONE;
  const known = knownOn === undefined ? (await assignmentsKnown(from, [personId])).get(personId) ?? [] : await assignmentsAsKnown(from, personId, knownOn);
  const judged = judgeAll(known, on, zone);
  return (await assignmentsHad(from, personId)).filter((row) => knownOn === undefined || judged.has(row.id)).map((row) => {
    const one = judged.get(row.id);
    const end = one?.assignment.endedAt ?? null;
    const last = end === null ? null : dateAt(end, zone);
    return {
      programme: words(row), gate: row.gate, cycle: row.cycle, status: last === null ? one?.clearance.status ?? 'not-cleared' : 'ended', dueOn: row.due_on,
      periods: (one?.clearance.periods ?? []).filter((period) => last === null || period.from <= last)
        .map(({ from: begins, until, basis }) => ({ from: begins, until: last !== null && (until === null || until > last) ? last : until, basis })),
    };
  });
}

async function courses(from: Reader, personId: string): Promise<LifeRecord['courses']> {
  const lessons = await lessonsRead(from, personId);
  return (await coursesLearned(from, personId)).map((row) => ({
    title: words(row), enrolledAt: iso(row.enrolled_at), completedAt: maybe(row.completed_at),
    lessons: lessons.filter((lesson) => lesson.enrolment_id === row.id).map((lesson) => ({ lesson: lesson.title_zh ?? lesson.lesson_slug, readAt: iso(lesson.read_at) })),
  }));
}

function resultIn(row: Awaited<ReturnType<typeof examsTaken>>[number]): LifeRecord['exams'][number]['result'] {
  const { percent, cut_score: cutScore, passed, released_at: releasedAt } = row;
  if (percent === null || cutScore === null || passed === null || releasedAt === null) return null;
  return { percent, cutScore, passed, releasedAt: iso(releasedAt) };
}
