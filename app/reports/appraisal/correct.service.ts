import { appendEvent, commitIfOk, reader } from '~/db';
import { authorise, covers, type Actor } from '~/identity';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { findAppraisal, unitsOf, type Appraisal, type AppraisalUnit } from './appraisals.repository';
import { findFigure, findPersonOf, insertCorrection, type AppraisalPerson, type KeptFigure, type SubjectKind } from './figures.repository';
import { isShare } from './rule';

/** Which figure of whom. */
export interface FigureOf {
  appraisalId: string;
  subjectKind: SubjectKind;
  subjectId: string;
  code: string;
}

export interface FigureToCorrect {
  appraisal: Appraisal;
  figure: KeptFigure;
  unit: AppraisalUnit;
  person: AppraisalPerson | null;
}

/** A figure with whom it is about, for whoever may correct it. @throws ProblemError */
export async function openFigure(actor: Actor, { appraisalId, subjectKind, subjectId, code }: FigureOf): Promise<FigureToCorrect> {
  authorise(actor, 'see appraisals');
  const appraisal = await findAppraisal(reader(), appraisalId);
  const figure = appraisal && await findFigure(reader(), appraisalId, subjectKind, subjectId, code);
  const person = subjectKind === 'person' ? await findPersonOf(reader(), appraisalId, subjectId) : null;
  const unit = (await unitsOf(reader(), appraisalId)).find(({ id }) => id === (person?.organisationId ?? subjectId));
  if (!appraisal || !figure || !unit || (subjectKind === 'person' && !person)) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'correct appraisals', { organisationPath: unit.pathNow });
  return { appraisal, figure, unit, person };
}

export interface CorrectionWish extends FigureOf {
  /** The figure as whoever corrects it saw it. */
  seen: { part: number; whole: number | null };
  part: number;
  whole: number | null;
  reason: string;
}

/**
 * Corrects a frozen figure for everybody to see: who, why, what it was and what it is. What was frozen stays. Nobody
 * corrects a figure about themselves, nor about what they lead.
 */
export async function correctFigure(actor: Actor, wish: CorrectionWish): Promise<Result<null>> {
  const { appraisal, figure, unit } = await openFigure(actor, wish);
  if (appraisal.state !== 'frozen') return err('appraisal.running');
  if (isOwn(actor, wish, unit)) return err('appraisal.own');
  const now = figure.corrected ?? { part: figure.part, whole: figure.whole, number: 0 };
  if (now.part !== wish.seen.part || now.whole !== wish.seen.whole) return err('appraisal.changed');
  const after = { part: wish.part, whole: figure.whole === null ? null : wish.whole };
  if (after.part === now.part && after.whole === now.whole) return err('appraisal.same', undefined, 'part');
  if (after.whole !== null && isShare(wish.code) && after.part > after.whole) return err('appraisal.part-over', undefined, 'part');
  return commitIfOk(async (tx) => {
    const { appraisalId, subjectKind, subjectId, code, reason } = wish;
    const before = { part: now.part, whole: now.whole };
    const made = await insertCorrection(tx, { appraisalId, subjectKind, subjectId, code, number: now.number + 1, before, after, reason, by: actor.by, at: tx.now });
    if (made === 0) return err('appraisal.changed');
    await appendEvent(tx, {
      kind: 'appraisal.corrected', subject: { kind: 'appraisal', id: appraisalId }, personId: subjectKind === 'person' ? subjectId : null, by: actor.by, cause: 'decision',
      body: { subjectKind, ...(subjectKind === 'unit' && { organisationId: subjectId, reason }), code, number: now.number + 1, before, after },
      ...(subjectKind === 'person' && { personal: { reason } }),
    });
    return ok(null);
  });
}

const isOwn = (actor: Actor, { subjectKind, subjectId }: FigureOf, unit: AppraisalUnit): boolean =>
  (subjectKind === 'person' && subjectId === actor.personId)
  || (subjectKind === 'unit' && actor.roles.some(({ role, organisationPath }) => role === 'leader' && covers(organisationPath, unit.pathNow)));
