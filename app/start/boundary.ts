import { json } from '@remix-run/node';
import type { ActionFunction, LoaderFunction, ServerBuild } from '@remix-run/node';
import { watchDecision } from '~/kernel/decision';
import { statusOf } from '~/kernel/errors';
import { log } from '~/kernel/log';
import { ProblemError, type Problem } from '~/kernel/result';
import { storageProblem } from '~/db';

/** What an error page gets: the problem, and the number under which the log has more. */
export interface ProblemPage {
  problem: Problem;
  requestId: string;
}

type Handler = LoaderFunction | ActionFunction;

/**
 * Every loader and action of the build, wrapped once: thrown problems become their HTTP status, anything
 * unforeseen becomes a page with a number, and an answer without a decision about access is refused.
 */
export function withBoundary(build: ServerBuild): ServerBuild {
  const routes = Object.fromEntries(
    Object.entries(build.routes).map(([id, route]) => {
      const { loader, action, ...rest } = route.module;
      return [id, {
        ...route,
        module: {
          ...rest,
          ...(loader && { loader: guarded(id, loader) }),
          ...(action && { action: guarded(id, action) }),
        },
      }];
    }),
  );
  return { ...build, routes };
}

function guarded(routeId: string, handler: Handler): LoaderFunction & ActionFunction {
  return async (args) => {
    try {
      const { value, decided } = await watchDecision(() => handler(args));
      if (!decided && routeId !== 'root' && !isRedirect(value)) {
        throw new Error(`${routeId} answered without deciding about access`);
      }
      return value;
    } catch (thrown) {
      if (thrown instanceof Response) throw thrown;
      throw problemResponse(routeId, thrown, args.request);
    }
  };
}

const isRedirect = (value: unknown): boolean => value instanceof Response && value.status >= 300 && value.status < 400;

function problemResponse(routeId: string, thrown: unknown, request: Request): Response {
  const requestId = request.headers.get('x-request-id') ?? '';
  const problem = problemOf(thrown);
  if (problem.code === 'internal' || problem.code.startsWith('storage.')) {
    log().error({ err: thrown, route: routeId, requestId }, 'a request failed');
  }
  const page: ProblemPage = { problem, requestId };
  return json(page, { status: statusOf(problem.code) });
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return storageProblem(thrown) ?? { code: 'internal' };
}
