/** Planning: which day brings whom which reminder, and who is told beside them. */
export { ladder, Ladders, nameOfRung, RUNGS, type LaddersByKind, type Rung, type Step } from './ladder';
export { audienceOf, lookBack, stepOn, stepsBetween, type OpenAssignment } from './plan';
export { planDay, type PlanCounts } from './plan.service';
export { AHEAD_KINDS, type AheadKind } from './outlook';
export { LISTED, namesAhead, outlook, type Outlook } from './outlook.service';
export { weeklyDayOf } from './weekly';
export { Directory } from './directory';
