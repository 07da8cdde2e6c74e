import { namesOf, type RecordedEvent } from '~/audit';
import type { Reader } from '~/db';
import type { ShownEvent } from './event-list';

/** Events as `EventList` shows them: who caused them by name, and the reason that was given. */
export async function shownEvents(from: Reader, events: readonly RecordedEvent[]): Promise<ShownEvent[]> {
  const names = await namesOf(from, events.map((event) => event.by));
  return events.map(({ id, kind, at, by, personal, body }) => {
    const reason = personal?.['reason'] ?? body['reason'];
    return { id, kind, at, by: names.get(by) ?? null, reason: typeof reason === 'string' ? reason : null };
  });
}
