/** Watching over a sitting: what invigilators see and do. */
export { recordAct, undoAct, type NewAct } from './act.repository';
export { UNDO_WITHIN } from './act';
export { ACTS_ON_PEOPLE, type ActOnPeople, type ActPlan, type Omission, type Target } from './act-plan';
export { NEEDS, type Need } from './attention';
export type { ConsoleChanges, ConsoleRow, ConsoleState, ShownCode } from './state';
export { act, type ActDone, type ActRequest } from './acting.service';
export { planFor, type Whom } from './target.service';
export { undo } from './undo.service';
export { voidAttempt } from './void.service';
export { closeSitting } from './close.service';
export { actsShown, candidateOnConsole, consoleOf, sittingsToInvigilate, type ShownAct } from './console.service';
export { consoleStateEndpoint, consoleStream } from './console.http';
export { sittingReport } from './report.service';
