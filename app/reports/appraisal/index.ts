/** Yearly figures of people and units for evaluations: frozen, corrected for everybody to see, handed on. */
export { askFreeze, goOnFreezing, sealed, sweepAppraisals, type FreezeWish } from './freeze.service';
export { correctFigure, openFigure, type CorrectionWish, type FigureOf, type FigureToCorrect } from './correct.service';
export {
  appraisalJson, counting, everybodyWithFigures, noteExport, openAppraisal, peopleWithFigures, seenAppraisals, type PersonFigures, type SeenAppraisal, type UnitFigures,
} from './feed.service';
export { findAppraisal, type Appraisal } from './appraisals.repository';
export { correctionsOf, figuresOf, type KeptFigure } from './figures.repository';
export { APPRAISAL_RULE, isShare, PERSON_CODES, TARGET_PREFIX, UNIT_CODES, type Figure } from './rule';
