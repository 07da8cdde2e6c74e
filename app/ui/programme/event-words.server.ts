import { namesOf } from '~/audit';
import type { historyOfProgramme } from '~/certification';
import { reader } from '~/db';
import type { Text } from '~/text';

type Event = Awaited<ReturnType<typeof historyOfProgramme>>[number];

/** What happened to a programme, in words: what, when, by whom. */
export async function eventWords(events: readonly Event[], { t, has }: Text): Promise<{ at: number; who: string; what: string }[]> {
  const names = await namesOf(reader(), events.map(({ by }) => by));
  return events.flatMap(({ kind, at, by, body }) => {
    const key = `programme.event.${kind}`;
    if (!has(key)) return [];
    const params = Object.fromEntries(Object.entries({ number: 1, ...body }).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [])));
    return [{ at, who: names.get(by) ?? t('programme.system'), what: t(key, params) }];
  });
}
