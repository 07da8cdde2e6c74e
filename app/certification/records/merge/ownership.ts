import type { Instant } from '~/kernel/clock';

/** A merge as far as it is known at some moment, with the rows that moved, and those that followed at the parting. */
export interface KnownMerge {
  survivorId: string;
  mergedId: string;
  /** Whether the two were parted again by then. */
  parted: boolean;
  /** Ids of rows; of evidence what it refers to. */
  rows: ReadonlySet<string>;
}

/** What an event is about, as far as it decides whose it is. */
export interface OwnedEvent {
  person_id: string;
  kind: string;
  subject_id: string;
  /** May name the assignment that it belongs to. */
  body: unknown;
}

function assignmentIn(body: unknown): string | null {
  return typeof body === 'object' && body !== null && 'assignmentId' in body && typeof body.assignmentId === 'string' ? body.assignmentId : null;
}

/**
 * Whose an event is. The ledger is never rewritten: what was told about a row while two records were merged carries the
 * surviving person for ever, and what was told before the merge the merged one. Who counts is whose the row is now.
 */
export function ownerOf(event: OwnedEvent, merges: readonly KnownMerge[]): string {
  const assignmentId = assignmentIn(event.body);
  const concerns = ({ rows }: KnownMerge): boolean => rows.has(event.subject_id) || (assignmentId !== null && rows.has(assignmentId));
  const gone = merges.find((one) => one.parted && one.survivorId === event.person_id && concerns(one));
  const owner = gone?.mergedId ?? event.person_id;
  const into = merges.find((one) => !one.parted && one.mergedId === owner);
  // Evidence that stayed behind, because the surviving record has its own, does not count for it twice.
  return into && (event.kind !== 'evidence.recorded' || concerns(into)) ? into.survivorId : owner;
}

/** A merge that listed a row. */
export interface MergeOfRow {
  survivorId: string;
  mergedId: string;
  decidedAt: Instant;
  partedAt: Instant | null;
}

/** Whose a row was as it was known before an instant; `owner` has it now. */
export function ownerBefore(before: Instant, owner: string, merges: readonly MergeOfRow[]): string {
  const inOrder = [...merges].sort((a, b) => a.decidedAt - b.decidedAt);
  const next = inOrder.find(({ decidedAt }) => decidedAt >= before);
  const last = inOrder.filter(({ decidedAt }) => decidedAt < before).at(-1);
  if (last && (last.partedAt === null || last.partedAt >= before)) return last.survivorId;
  return next?.mergedId ?? last?.mergedId ?? owner;
}
