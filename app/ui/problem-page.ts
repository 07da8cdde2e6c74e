import type { Problem } from '~/kernel/result';

interface ThrownResponse {
  status: number;
  data: unknown;
}

const isProblem = (value: unknown): value is { problem: Problem; requestId: string } =>
  typeof value === 'object' && value !== null && 'problem' in value;

/** What an error page says about a thrown response; anything unforeseen is an internal error. */
export function problemPage(thrown: ThrownResponse | null): { page: { problem: Problem; requestId: string }; status: number } {
  if (!thrown) return { page: { problem: { code: 'internal' }, requestId: '' }, status: 500 };
  if (isProblem(thrown.data)) return { page: thrown.data, status: thrown.status };
  const code = thrown.status === 404 ? 'not-found' : thrown.status === 405 || thrown.status === 400 ? 'request.invalid' : 'internal';
  return { page: { problem: { code }, requestId: '' }, status: thrown.status };
}
