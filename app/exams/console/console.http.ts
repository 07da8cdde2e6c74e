import { Router, type Request, type Response } from 'express';
import { reader } from '~/db';
import { clock } from '~/kernel/clock';
import { ProblemError } from '~/kernel/result';
import { openStream } from '../live/event-stream.http';
import { guarded, type LiveOptions } from '../live/live.http';
import { callerOf, sendJson, sendProblem, type Caller } from '../live/problem.http';
import { enter } from '../live/streams.service';
import { findSitting } from '../sittings/sitting.repository';
import type { Sitting } from '../sittings/sitting';
import { mayWatch } from './access.service';
import { watch } from './console-hub.service';
import { consoleState } from './state.service';

/**
 * `GET /invigilate/sittings/{id}/live`: the console as server-sent events. `state` holds a `ConsoleState`, at once;
 * `changes` holds `ConsoleChanges`, every two seconds when something moved and now and then when nothing did; `end`
 * as for candidates. Refusals are problem+json.
 */
export function consoleStream(options: LiveOptions): Router {
  const router = Router();
  router.get('/invigilate/sittings/:id/live', guarded((request, response) => live(request, response, options)));
  return router;
}

/** `GET /invigilate/sittings/{id}/state`: a `ConsoleState` once, for when no stream is to be had. */
export function consoleStateEndpoint(): Router {
  const router = Router();
  router.get('/invigilate/sittings/:id/state', guarded(async (request, response) => {
    const { sitting } = await watched(request);
    sendJson(response, await consoleState(sitting, clock.now()));
  }));
  return router;
}

async function watched(request: Request): Promise<Caller & { sitting: Sitting }> {
  const caller = await callerOf(request);
  const sitting = await findSitting(reader(), request.params['id'] ?? '');
  if (!sitting || !(await mayWatch(reader(), caller.actor, sitting.id))) throw new ProblemError({ code: 'not-found' });
  return { ...caller, sitting };
}

/** Asked again while a stream is open: roles end, and invigilators are taken off a sitting. */
const stillWatched = (request: Request): Promise<boolean> =>
  watched(request).then(() => true, (thrown: unknown) => !(thrown instanceof ProblemError));

async function live(request: Request, response: Response, { stopping }: LiveOptions): Promise<void> {
  const { actor, tokenHash, sitting } = await watched(request);
  if (stopping() || response.destroyed) return sendProblem(request, response, { code: 'storage.unavailable' });
  const leave: (() => void)[] = [];
  const stream = openStream(response, () => leave.forEach((one) => one()));
  leave.push(
    enter({ accountId: actor.accountId, tokenHash, stream, allowed: () => stillWatched(request) }),
    watch(sitting.id, {
      whole: (state) => stream.send('state', JSON.stringify(state)),
      changed: (changes) => stream.send('changes', JSON.stringify(changes)),
    }),
  );
}
