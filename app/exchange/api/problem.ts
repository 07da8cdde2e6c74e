import { publicUrl } from '~/kernel/config';
import { statusOf } from '~/kernel/errors';
import type { Problem } from '~/kernel/result';
import type { Text } from '~/text';

/** What is wrong with one field or parameter. */
export interface FieldProblem {
  detail: string;
  /** The field of the body, as a JSON pointer (RFC 6901). */
  pointer?: string;
  parameter?: string;
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  instance: string;
  errors?: FieldProblem[];
}

/** A problem as RFC 9457 has it: the type leads to where it is told what to do about it. */
export function problemBody(text: Text, problem: Problem, requestId: string, errors: readonly FieldProblem[] = []): ProblemBody {
  const status = statusOf(problem.code);
  const title = `api.status.${status}`;
  return {
    type: `${publicUrl()}/developers#problem-${status}`, title: text.t(text.has(title) ? title : 'api.status.500'), status,
    detail: text.problem(problem), code: problem.code, instance: `urn:uuid:${requestId}`, ...(errors.length > 0 && { errors: [...errors] }),
  };
}

/** `#/people/3/name` */
export const pointerTo = (path: readonly PropertyKey[]): string => `#${path.map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')}`;
