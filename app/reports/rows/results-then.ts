import type { KnownResult, MarkingEvent, ResultRow } from './facts.repository';

/** A result as it stands: released, and of an attempt that counts. */
export function presentResult(row: ResultRow): KnownResult | null {
  return row.released_at === null || row.state === 'void' ? null : shape(row, { percent: row.percent, cutScore: row.cut_score, passed: row.passed, releasedAt: row.released_at });
}

const shape = (row: ResultRow, known: Pick<KnownResult, 'percent' | 'cutScore' | 'passed' | 'releasedAt'>): KnownResult => ({
  attemptId: row.attempt_id, personId: row.person_id, examId: row.exam_id, title: { zh: row.title_zh, en: row.title_en }, attempt: row.number, handedInAt: row.handed_in_at, ...known,
});

/** A result by what had happened to it up to then: marked, marked again, released, declared void. */
export function resultThen(row: ResultRow, events: readonly MarkingEvent[]): KnownResult | null {
  let known: Pick<KnownResult, 'percent' | 'cutScore' | 'passed'> | null = null;
  let releasedAt: number | null = null;
  for (const { kind, at, body } of events) {
    if (kind === 'attempt.voided') return null;
    if (kind === 'result.released') releasedAt = at;
    if (kind === 'attempt.graded') known = { percent: body.percent ?? 0, cutScore: body.cutScore ?? row.cut_score, passed: body.passed ?? false };
    if (kind === 'attempt.regraded' && body.after) known = { percent: body.after.percent, cutScore: body.cutScore ?? row.cut_score, passed: body.after.passed };
  }
  return known && releasedAt !== null ? shape(row, { ...known, releasedAt }) : null;
}
