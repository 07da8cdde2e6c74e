import type { ActionFunctionArgs } from '@remix-run/node';
import { ProblemError, type Problem } from '~/kernel/result';

/** What the server hands to a loader or action. */
export const routeArgs = (request: Request, params: Record<string, string> = {}): ActionFunctionArgs =>
  ({ request, params, context: { nonce: 'n' } });

export interface RouteAnswer {
  status: number;
  location: string | null;
  cookie: string | null;
  text: string;
  problem: Problem | null;
}

/** Runs a loader or action and tells what the browser would get; thrown problems and redirects are answers too. */
export async function answerOf(run: () => unknown): Promise<RouteAnswer> {
  try {
    return await told(await run());
  } catch (thrown) {
    if (thrown instanceof Response) return told(thrown);
    if (thrown instanceof ProblemError) return { status: 0, location: null, cookie: null, text: '', problem: thrown.problem };
    throw thrown;
  }
}

async function told(answer: unknown): Promise<RouteAnswer> {
  if (!(answer instanceof Response)) throw new Error('a route answered with something else than a response');
  return {
    status: answer.status, location: answer.headers.get('location'), cookie: answer.headers.get('set-cookie'), text: await answer.text(), problem: null,
  };
}
