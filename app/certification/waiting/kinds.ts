import type { Action } from '~/identity';

/** What can wait for somebody's decision, and the action of the policy table by which they may take it. */
export const WAITING = {
  'exception': 'decide on exceptions',
  'waiver': 'decide on waivers',
  'start': 'decide on starts',
  'credential': 'decide on a revocation',
  'evidence': 'decide on evidence',
  'extension': 'decide on extensions',
  'excuse': 'decide on excuses',
  'transfer': 'transfer people',
  'merge': 'merge people',
  'import': 'import the past',
  // Not to decide but to put right: rows with faults, or a job that gave up.
  'faulty-import': 'import the past',
} as const satisfies Record<string, Action>;

export type WaitingKind = keyof typeof WAITING;
export const WAITING_KINDS = Object.keys(WAITING) as WaitingKind[];

export const isWaitingKind = (text: string | null): text is WaitingKind => WAITING_KINDS.some((kind) => kind === text);
