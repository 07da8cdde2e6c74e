/** Who may start on their own day: what hiring lists and other systems ask. */
export { HIRING_STATUSES, MAY_START, unjudged, type HiringAnswer, type HiringStatus, type Resit } from './status';
export { hiringAnswers, type HiringAsked } from './hiring.service';
