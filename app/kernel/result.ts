import type { ErrorCode } from './errors';

/** What went wrong, for a person to read once `app/text` has worded it. `field` names the form field. */
export interface Problem {
  code: ErrorCode;
  params?: Record<string, string | number>;
  field?: string;
}

export type Ok<T> = { ok: true; value: T };
export type Err = { ok: false; error: Problem };
export type Result<T> = Ok<T> | Err;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** An expected failure: a value, not an exception. */
export const err = (code: ErrorCode, params?: Problem['params'], field?: string): Err => ({
  ok: false,
  error: { code, ...(params && { params }), ...(field && { field }) },
});

/** For failures that end the request whoever asked (no permission, not found): thrown, mapped at the boundary. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
    this.name = 'ProblemError';
  }
}

/** The value, or a thrown `ProblemError` that the boundary turns into a page or problem+json. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new ProblemError(result.error);
  return result.value;
}
