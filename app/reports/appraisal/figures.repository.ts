import { z } from 'zod';
import { chunks, insert, maybeOne, one, places, rows, type By, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { within } from '~/people';
import type { Figure } from './rule';

export type SubjectKind = 'person' | 'unit';

export interface FrozenPerson {
  personId: string;
  appointmentId: string;
  organisationId: string;
  kind: string;
  post: string;
  rank: string | null;
  /** The organisations that the person led. */
  leads: string[];
  figures: Figure[];
}

/** Keeps people with their figures; whoever is kept already stays as they are. */
export async function insertPeople(tx: Tx, appraisalId: string, people: readonly FrozenPerson[]): Promise<void> {
  await insert(tx, 'appraisal_people', people.map((one) => ({
    appraisal_id: appraisalId, person_id: one.personId, appointment_id: one.appointmentId, organisation_id: one.organisationId, kind: one.kind, post: one.post, rank: one.rank,
    leads: one.leads.length > 0 ? JSON.stringify(one.leads) : null,
  })), 'ON CONFLICT (appraisal_id, person_id) DO NOTHING');
  await insertFigures(tx, appraisalId, 'person', people.map(({ personId, figures }) => ({ subjectId: personId, figures })));
}

export const insertFigures = (tx: Tx, appraisalId: string, kind: SubjectKind, subjects: readonly { subjectId: string; figures: readonly Figure[] }[]): Promise<number> =>
  insert(tx, 'appraisal_figures', subjects.flatMap(({ subjectId, figures }) => figures.map(({ code, part, whole }) => ({
    appraisal_id: appraisalId, subject_kind: kind, subject_id: subjectId, code, part, whole,
  }))), 'ON CONFLICT (appraisal_id, subject_kind, subject_id, code) DO NOTHING');

const PersonRow = z.object({
  person_id: z.string(), name: z.string(), appointment_id: z.string(), organisation_id: z.string(), organisation: z.string(), code: z.string(), kind: z.string(), post: z.string(),
  rank: z.string().nullable(), leads: z.string().nullable(), place: z.number(),
}).transform((row) => ({
  personId: row.person_id, name: row.name, organisationId: row.organisation_id, organisation: row.organisation, organisationCode: row.code, kind: row.kind, post: row.post, rank: row.rank,
  leads: row.leads === null ? [] : z.array(z.string()).parse(JSON.parse(row.leads)), place: row.place,
}));
/** Somebody of an appraisal, as they served then. */
export type AppraisalPerson = z.output<typeof PersonRow>;

const PEOPLE = `FROM appraisal_people w JOIN persons p ON p.id = w.person_id JOIN appraisal_units u ON u.appraisal_id = w.appraisal_id AND u.organisation_id = w.organisation_id`;

/** People of an appraisal who serve beneath one of its organisations, unit by unit, after one of them. */
export function peopleOf(from: Reader, appraisalId: string, path: string, after: { place: number; personId: string }, limit: number): Promise<AppraisalPerson[]> {
  const { sql, params } = within('u.path', [path]);
  return rows(from, PersonRow, `SELECT w.person_id, p.name, w.appointment_id, w.organisation_id, u.name AS organisation, u.code, w.kind, w.post, w.rank, w.leads, u.place ${PEOPLE}
    WHERE w.appraisal_id = $appraisalId AND ${sql} AND (u.place > $place OR (u.place = $place AND w.person_id > $personId)) ORDER BY u.place, w.person_id LIMIT $limit`,
  { appraisalId, ...params, place: after.place, personId: after.personId, limit });
}

const Count = z.object({ n: z.number() });

export async function countPeople(from: Reader, appraisalId: string, path: string): Promise<number> {
  const { sql, params } = within('u.path', [path]);
  return (await one(from, Count, `SELECT COUNT(*) AS n ${PEOPLE} WHERE w.appraisal_id = $appraisalId AND ${sql}`, { appraisalId, ...params })).n;
}

export const findPersonOf = (from: Reader, appraisalId: string, personId: string): Promise<AppraisalPerson | null> =>
  maybeOne(from, PersonRow, `SELECT w.person_id, p.name, w.appointment_id, w.organisation_id, u.name AS organisation, u.code, w.kind, w.post, w.rank, w.leads, u.place ${PEOPLE}
    WHERE w.appraisal_id = $appraisalId AND w.person_id = $personId`, { appraisalId, personId });

/** A figure as it was frozen, and as it counts since it was corrected. */
export interface KeptFigure extends Figure {
  subjectId: string;
  corrected: { part: number; whole: number | null; number: number } | null;
}

const FigureRow = z.object({
  subject_id: z.string(), code: z.string(), part: z.number(), whole: z.number().nullable(), number: z.number().nullable(), new_part: z.number().nullable(), new_whole: z.number().nullable(),
}).transform((row): KeptFigure => ({
  subjectId: row.subject_id, code: row.code, part: row.part, whole: row.whole,
  corrected: row.number === null || row.new_part === null ? null : { part: row.new_part, whole: row.new_whole, number: row.number },
}));

const LAST = `c.number = (SELECT MAX(n.number) FROM appraisal_corrections n WHERE n.appraisal_id = f.appraisal_id AND n.subject_kind = f.subject_kind AND n.subject_id = f.subject_id AND n.code = f.code)`;
const FIGURES = `SELECT f.subject_id, f.code, f.part, f.whole, c.number, c.part AS new_part, c.whole AS new_whole FROM appraisal_figures f
  LEFT JOIN appraisal_corrections c ON c.appraisal_id = f.appraisal_id AND c.subject_kind = f.subject_kind AND c.subject_id = f.subject_id AND c.code = f.code AND ${LAST}`;

/** The figures of these subjects. */
export async function figuresOf(from: Reader, appraisalId: string, kind: SubjectKind, ids: readonly string[]): Promise<Map<string, KeptFigure[]>> {
  const bySubject = new Map<string, KeptFigure[]>(ids.map((id) => [id, []]));
  for (const some of chunks(ids)) {
    const { list, params } = places(some);
    const found = await rows(from, FigureRow, `${FIGURES} WHERE f.appraisal_id = $appraisalId AND f.subject_kind = $kind AND f.subject_id IN (${list}) ORDER BY f.subject_id, f.code`, { ...params, appraisalId, kind });
    for (const figure of found) bySubject.get(figure.subjectId)?.push(figure);
  }
  return bySubject;
}

export const findFigure = (from: Reader, appraisalId: string, kind: SubjectKind, subjectId: string, code: string): Promise<KeptFigure | null> =>
  maybeOne(from, FigureRow, `${FIGURES} WHERE f.appraisal_id = $appraisalId AND f.subject_kind = $kind AND f.subject_id = $subjectId AND f.code = $code`, { appraisalId, kind, subjectId, code });

const RawRow = z.object({ subject_id: z.string(), organisation_id: z.string(), code: z.string(), part: z.number(), whole: z.number().nullable() });

/** People's frozen figures in the order of their ids, after one of them: for adding them up, and for the seal. */
export async function frozenAfter(from: Reader, appraisalId: string, after: string, people: number): Promise<{ personId: string; organisationId: string; figures: Figure[] }[]> {
  const found = await rows(from, RawRow, `SELECT f.subject_id, w.organisation_id, f.code, f.part, f.whole FROM appraisal_people w
      JOIN appraisal_figures f ON f.appraisal_id = w.appraisal_id AND f.subject_kind = 'person' AND f.subject_id = w.person_id
    WHERE w.appraisal_id = $appraisalId AND w.person_id IN (SELECT person_id FROM appraisal_people WHERE appraisal_id = $appraisalId AND person_id > $after ORDER BY person_id LIMIT $people)
    ORDER BY f.subject_id, f.code`, { appraisalId, after, people });
  const byPerson = new Map<string, { personId: string; organisationId: string; figures: Figure[] }>();
  for (const row of found) {
    const known = byPerson.get(row.subject_id) ?? { personId: row.subject_id, organisationId: row.organisation_id, figures: [] };
    known.figures.push({ code: row.code, part: row.part, whole: row.whole });
    byPerson.set(row.subject_id, known);
  }
  return [...byPerson.values()];
}

const CorrectionRow = z.object({
  subject_kind: z.enum(['person', 'unit']), subject_id: z.string(), code: z.string(), number: z.number(), old_part: z.number(), old_whole: z.number().nullable(), part: z.number(),
  whole: z.number().nullable(), reason: z.string(), corrected_at: z.number(), corrected_by: z.string(), subject: z.string(), path: z.string().nullable(),
}).transform((row) => ({
  subjectKind: row.subject_kind, subjectId: row.subject_id, subject: row.subject, path: row.path, code: row.code, number: row.number, before: { part: row.old_part, whole: row.old_whole },
  after: { part: row.part, whole: row.whole }, reason: row.reason, at: row.corrected_at, by: row.corrected_by,
}));
export type Correction = z.output<typeof CorrectionRow>;

/** Everything that was corrected in an appraisal, the latest first. */
export const correctionsOf = (from: Reader, appraisalId: string): Promise<Correction[]> =>
  rows(from, CorrectionRow, `SELECT c.subject_kind, c.subject_id, c.code, c.number, c.old_part, c.old_whole, c.part, c.whole, c.reason, c.corrected_at, c.corrected_by,
      COALESCE(u.name, p.name, c.subject_id) AS subject, COALESCE(u.path, v.path) AS path
    FROM appraisal_corrections c
    LEFT JOIN appraisal_units u ON c.subject_kind = 'unit' AND u.appraisal_id = c.appraisal_id AND u.organisation_id = c.subject_id
    LEFT JOIN persons p ON c.subject_kind = 'person' AND p.id = c.subject_id
    LEFT JOIN appraisal_people w ON c.subject_kind = 'person' AND w.appraisal_id = c.appraisal_id AND w.person_id = c.subject_id
    LEFT JOIN appraisal_units v ON v.appraisal_id = c.appraisal_id AND v.organisation_id = w.organisation_id
    WHERE c.appraisal_id = $appraisalId ORDER BY c.corrected_at DESC, c.id DESC LIMIT 500`, { appraisalId });

export interface NewCorrection {
  appraisalId: string;
  subjectKind: SubjectKind;
  subjectId: string;
  code: string;
  number: number;
  before: { part: number; whole: number | null };
  after: { part: number; whole: number | null };
  reason: string;
  by: By;
  at: Instant;
}

/** @returns 0 when somebody was faster */
export const insertCorrection = (tx: Tx, one: NewCorrection): Promise<number> =>
  insert(tx, 'appraisal_corrections', [{
    id: newId(), appraisal_id: one.appraisalId, subject_kind: one.subjectKind, subject_id: one.subjectId, code: one.code, number: one.number, old_part: one.before.part,
    old_whole: one.before.whole, part: one.after.part, whole: one.after.whole, reason: one.reason, corrected_at: one.at, corrected_by: one.by,
  }], 'ON CONFLICT (appraisal_id, subject_kind, subject_id, code, number) DO NOTHING');
