import { Router } from 'express';
import { guarded } from '../live/live.http';
import { callerOf, sendJson } from '../live/problem.http';
import { inLine, untilCalled } from './turn.service';

/**
 * `GET /exams/{slug}/line`: for a page that shows the place in line. Held for some time; then
 * `{"called": true}`: press start now, or `{"called": false, "place": 12}`: ask again. 401 `access.sign-in`.
 */
export function lineEndpoint(): Router {
  const router = Router();
  router.get('/exams/:slug/line', guarded(async (request, response) => {
    const { actor } = await callerOf(request);
    const call = await untilCalled(inLine(request.params['slug'] ?? '', actor.personId));
    sendJson(response, call.kind === 'called' ? { called: true } : { called: false, place: call.place });
  }));
  return router;
}
