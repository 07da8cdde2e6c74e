/**
 * prepared → in progress → handed in → graded → released; void and abandoned end an attempt from outside. There is one
 * way back: an incident gives somebody time again whom the deadline handed in while they could not write. It ends with
 * the release: what was made known stays known.
 */
export const ATTEMPT_STATES = ['prepared', 'in-progress', 'handed-in', 'graded', 'released', 'void', 'abandoned'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** Who or what moved an attempt. */
export type Cause = 'candidate' | 'deadline' | 'invigilator' | 'adjudicator' | 'rule' | 'incident';

const TRANSITIONS: Record<AttemptState, readonly AttemptState[]> = {
  prepared: ['in-progress', 'void', 'abandoned'],
  'in-progress': ['handed-in', 'void', 'abandoned'],
  'handed-in': ['graded', 'in-progress', 'void'],
  graded: ['released', 'in-progress', 'void'],
  released: ['void'],
  void: [],
  abandoned: [],
};

/** Whether an attempt in state `from` may be moved to `to`. */
export const mayMove = (from: AttemptState, to: AttemptState): boolean => TRANSITIONS[from].includes(to);

/** Whether the attempt was handed in, whatever happened to it afterwards. */
export const isHandedIn = (state: AttemptState): boolean => state === 'handed-in' || state === 'graded' || state === 'released';

/** Whether it counts among the attempts that an exam allows: one that was voided is given back. */
export const countsAsTaken = (state: AttemptState): boolean => state !== 'void' && state !== 'prepared';
