/** Time: what a deadline is made of, accommodations, time given, pauses, sections. What other folders and rooms may use. */
export { deadlineOfBasis, TimeBasis, type AttemptTime } from './basis';
export { basisFor, type Start } from './basis.service';
export { recomputeDeadline, recomputeDeadlines } from './recompute.service';
export { accommodationsOf, type Accommodation } from './accommodation.repository';
export type { SectionState } from './sections';
export { enterSection, sectionsNow, settleSections, type SectionsNow, type ShownSection } from './sections.service';
export { giveTime, MOST_MINUTES, pause, resume, undoGrant, type TimeAct } from './acts.service';
export type { TimeTarget } from './target.service';
export { accommodationsOfPerson, endAccommodation, grantAccommodation } from './accommodation.service';
export { explainDeadline, type DeadlineExplained, type ExplainedPart } from './explain.service';
