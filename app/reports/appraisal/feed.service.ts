import { appendEvent, inTransaction, reader, type Reader } from '~/db';
import { authorise, covers, type Actor } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { reportReach } from '../reach';
import { numbersOfPeople } from '../rows/posts.repository';
import { SMALLEST_GROUP } from '../suppression';
import { appraisalsAbout, findAppraisal, unitsOf, type Appraisal, type AppraisalUnit } from './appraisals.repository';
import { correctionsOf, countPeople, figuresOf, peopleOf, type AppraisalPerson, type Correction, type KeptFigure } from './figures.repository';

/** A unit with its figures; where people may not be named, figures of few people are left out. */
export interface UnitFigures {
  unit: AppraisalUnit;
  figures: KeptFigure[];
  hidden: boolean;
}

export interface PersonFigures extends AppraisalPerson {
  numbers: { recruitment?: string; staff?: string };
  figures: KeptFigure[];
}

/** An appraisal as far as somebody may see it. */
export interface SeenAppraisal {
  appraisal: Appraisal;
  units: UnitFigures[];
  /** The subtree of which people may be seen, by its path then; null: of none. */
  peoplePath: string | null;
  people: number;
  corrections: Correction[];
}

/** The appraisals that concern what somebody looks after or leads. */
export async function seenAppraisals(actor: Actor): Promise<Appraisal[]> {
  authorise(actor, 'see appraisals');
  return appraisalsAbout(reader(), reportReach(actor).figures);
}

/**
 * One appraisal: every unit for whoever may see the people in it; for leaders what they lead, as a whole. @throws
 * ProblemError
 */
export async function openAppraisal(actor: Actor, id: string): Promise<SeenAppraisal> {
  authorise(actor, 'see appraisals');
  const appraisal = await findAppraisal(reader(), id);
  if (!appraisal) throw new ProblemError({ code: 'not-found' });
  const reach = reportReach(actor);
  const all = await unitsOf(reader(), id);
  const named = all.filter(({ pathNow }) => reach.people.some((path) => covers(path, pathNow)));
  const led = all.filter(({ pathNow }) => reach.figures.includes(pathNow) && !named.some((unit) => unit.pathNow === pathNow));
  const shown = all.filter((unit) => named.includes(unit) || led.includes(unit));
  if (shown.length === 0) throw new ProblemError({ code: 'access.denied' });
  const figures = await figuresOf(reader(), id, 'unit', shown.map((unit) => unit.id));
  const top = named[0];
  return {
    appraisal, units: shown.map((unit) => unitFigures(unit, figures.get(unit.id) ?? [], named.includes(unit))),
    peoplePath: top?.path ?? null, people: top ? await countPeople(reader(), id, top.path) : 0,
    corrections: (await correctionsOf(reader(), id)).filter((one) => named.some(({ path }) => one.path !== null && covers(path, one.path))),
  };
}

/** Few people could be recognised, and so could few of many. */
function unitFigures(unit: AppraisalUnit, figures: KeptFigure[], mayName: boolean): UnitFigures {
  if (mayName) return { unit, figures, hidden: false };
  const people = figures.find(({ code }) => code === 'people')?.part ?? 0;
  if (people < SMALLEST_GROUP) return { unit, figures: [], hidden: true };
  const isTold = ({ code, part, whole }: KeptFigure): boolean => code === 'people' || code === 'hours-mean' || whole === null || (isLarge(part) && isLarge(whole - part) && isLarge(whole));
  return { unit, figures: figures.filter(isTold), hidden: !figures.every(isTold) };
}

const isLarge = (n: number): boolean => n === 0 || n >= SMALLEST_GROUP;

/** A page of people with their figures, in the order of their units. */
export async function peopleWithFigures(from: Reader, id: string, path: string, after: { place: number; personId: string }, limit: number): Promise<PersonFigures[]> {
  const people = await peopleOf(from, id, path, after, limit);
  const ids = people.map(({ personId }) => personId);
  const [figures, numbers] = [await figuresOf(from, id, 'person', ids), await numbersOfPeople(from, ids)];
  return people.map((person) => ({ ...person, numbers: numbers.get(person.personId) ?? {}, figures: figures.get(person.personId) ?? [] }));
}

const STEP = 500;

/** Everybody with their figures, some at a time. */
export async function* everybodyWithFigures(from: Reader, id: string, path: string): AsyncGenerator<PersonFigures[]> {
  for (let after = { place: -1, personId: '' }; ;) {
    const found = await peopleWithFigures(from, id, path, after, STEP);
    if (found.length > 0) yield found;
    const last = found.at(-1);
    if (!last || found.length < STEP) return;
    after = { place: last.place, personId: last.personId };
  }
}

/** A figure as it counts: as it was corrected last, else as it was frozen. */
export const counting = ({ part, whole, corrected }: KeptFigure): { part: number; whole: number | null } => (corrected ? { part: corrected.part, whole: corrected.whole } : { part, whole });

/** That figures were taken as a file is an event in the ledger. */
export const noteExport = (actor: Actor, id: string, of: 'people' | 'units', format: string): Promise<void> =>
  inTransaction((tx) => appendEvent(tx, { kind: 'appraisal.exported', subject: { kind: 'appraisal', id }, by: actor.by, body: { of, format } }));

/**
 * The whole feed as JSON for the personnel system, piece by piece: what was frozen, and beside it what was corrected.
 */
export async function* appraisalJson({ appraisal, units, peoplePath }: SeenAppraisal): AsyncGenerator<string> {
  const { id, year, frozenOn, frozenAt, organisation, rule, hourRules, hash, state } = appraisal;
  const head = { id, year, asOf: frozenOn, state, frozenAt: frozenAt === null ? null : new Date(frozenAt).toISOString(), organisation, rule, hourRules, sha256: hash };
  yield `${JSON.stringify({ appraisal: head }).slice(0, -1)},"units":[`;
  yield units.map(({ unit, figures }) => JSON.stringify({ organisation: { code: unit.code, name: unit.name }, figures: jsonFigures(figures) })).join(',');
  yield '],"people":[';
  let first = true;
  if (peoplePath !== null) {
    for await (const some of everybodyWithFigures(reader(), id, peoplePath)) {
      yield `${first ? '' : ','}${some.map((person) => JSON.stringify(jsonPerson(person, units))).join(',')}`;
      first = false;
    }
  }
  yield ']}\n';
}

const jsonPerson = ({ name, numbers, organisation, organisationCode, kind, post, rank, leads, figures }: PersonFigures, units: readonly UnitFigures[]) => ({
  name, recruitmentNumber: numbers.recruitment ?? null, staffNumber: numbers.staff ?? null, organisation: { code: organisationCode, name: organisation }, kind, post, rank,
  figures: jsonFigures(figures),
  // A leader's evaluation holds the figures of what they lead.
  leads: leads.flatMap((id) => units.filter(({ unit }) => unit.id === id).map(({ unit, figures: own }) => ({ organisation: { code: unit.code, name: unit.name }, figures: jsonFigures(own) }))),
});

const jsonFigures = (figures: readonly KeptFigure[]) =>
  Object.fromEntries(figures.map((figure) => [figure.code, {
    ...counting(figure), ...(figure.corrected && { frozen: { part: figure.part, whole: figure.whole }, corrections: figure.corrected.number }),
  }]));
